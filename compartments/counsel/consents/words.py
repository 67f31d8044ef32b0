"""What consents are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

STEPS: Mapping[str, LazyString] = {
    "referral": _("Referral to a service"),
    "passing-on": _("Passing something on"),
    "colleague": _("Letting a colleague read the case"),
    "statistics": _("Counting it in the annual report"),
}
DECISIONS: Mapping[str, LazyString] = {
    "asked": _("not decided yet"),
    "given": _("in force"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}
CONSENT_FORMS: Mapping[str, LazyString] = {
    "online": _("on this page"),
    "spoken": _("spoken"),
    "written": _("on paper"),
}
