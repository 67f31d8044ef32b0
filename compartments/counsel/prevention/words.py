"""What prevention's codes are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

EVENT_KINDS: Mapping[str, LazyString] = {
    "talk": _("talk"),
    "workshop": _("workshop"),
    "stand": _("stand at an event"),
    "training": _("training"),
    "online": _("online"),
}
AUDIENCES: Mapping[str, LazyString] = {
    "members": _("members"),
    "officers": _("office holders"),
    "youth": _("youth"),
    "employees": _("employees"),
    "public": _("the public"),
}
LOG_KINDS: Mapping[str, LazyString] = {"training": _("Training"), "supervision": _("Supervision")}
