"""What consents are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from compartments.counsel.cases.unfolding import STATISTICS

STEPS: Mapping[str, LazyString] = {
    "referral": _("Referral to a service"),
    "passing-on": _("Passing something on"),
    "colleague": _("Letting a colleague read the case"),
    "statistics": _("Counting it in the annual report"),
}
DECISIONS: Mapping[str, LazyString] = {
    "asked": _("The person hasn't decided yet"),
    "given": _("Agreed, in force"),
    "refused": _("The person said no"),
    "withdrawn": _("Withdrawn: no longer in force"),
}
COUNTED: Mapping[str, LazyString] = {
    "asked": _("The person hasn't decided yet"),
    "given": _("May be counted"),
    "refused": _("May not be counted"),
    "withdrawn": _("May no longer be counted"),
}
"""Of the yearly figures: without a tick they may not be counted, and that is no refusal."""
DECIDED: Mapping[str, LazyString] = {
    "given": _("The person agreed"),
    "refused": _("The person said no"),
    "withdrawn": _("The person has withdrawn a consent"),
}
"""What a letter of the person decides."""
CONSENT_FORMS: Mapping[str, LazyString] = {
    "online": _("on this page"),
    "spoken": _("spoken"),
    "written": _("on paper"),
}


def decision(consent: Mapping[str, Any]) -> LazyString:
    """How a consent stands, in words."""
    words = COUNTED if consent["step"] == STATISTICS else DECISIONS
    return words[consent["decision"]]
