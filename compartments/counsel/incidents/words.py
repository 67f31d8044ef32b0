"""What the codes of an incident are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

FIELDS: Mapping[str, LazyString] = {
    "kind": _("Kind"),
    "manner": _("What it was"),
    "setting": _("Where"),
    "level": _("Level of the organisation"),
    "relation": _("Who it was, seen from the person"),
    "reported_before": _("Reported before"),
    "outcome": _("What came of it"),
}
MISSING: Mapping[str, LazyString] = {
    "half": _("Choose when it was."),
    "kind": _("Choose the kind."),
    "manner": _("Choose what it was."),
    "setting": _("Choose where it was."),
    "level": _("Choose the level of the organisation."),
    "relation": _("Choose who it was, seen from the person."),
    "reported_before": _("Choose whether it was reported before."),
    "outcome": _("Choose what came of it."),
}
CODES: Mapping[str, Mapping[str, LazyString]] = {
    "kind": {
        "verbal": _("verbal"),
        "non-verbal": _("non-verbal"),
        "digital": _("digital"),
        "physical": _("physical"),
    },
    "manner": {
        "harassment": _("harassment"),
        "coercion": _("coercion"),
        "assault": _("assault"),
        "discrimination": _("discrimination"),
        "other": _("something else"),
    },
    "setting": {
        "meeting": _("meeting"),
        "online": _("online"),
        "event": _("event"),
        "office": _("office"),
        "private": _("in private"),
        "unknown": _("not known"),
    },
    "level": {
        "local": _("local"),
        "district": _("district"),
        "state": _("federal state"),
        "federal": _("national"),
        "unknown": _("not known"),
    },
    "relation": {
        "same-level": _("member among members"),
        "office-holder": _("holds an office"),
        "employee": _("employed here"),
        "member-to-guest": _("member towards a guest"),
        "outside": _("somebody from outside"),
        "unknown": _("not known"),
    },
    "reported_before": {"no": _("no"), "yes": _("yes"), "unknown": _("not known")},
    "outcome": {
        "open": _("not settled yet"),
        "listened": _("listened to"),
        "talk": _("talk with those involved"),
        "referred": _("referred to a service"),
        "measures": _("measures of the organisation"),
        "reported": _("reported to the authorities"),
        "no-wish": _("no further step wished"),
    },
}
