"""The numbers of the reconciliation that decide when a second officer is needed: proposed by one officer, confirmed by another."""

from __future__ import annotations

from flask_babel import lazy_gettext

from compartments.membership.agreeing import Numbers
from compartments.membership.reconciliation import rules

NAMES = {
    rules.THRESHOLD: lazy_gettext(
        "A second officer is needed where more leave the list than this many percent"
    ),
    rules.FLOOR: lazy_gettext("A second officer is needed where fewer change than"),
}
NUMBERS = Numbers(
    "reconciliation-rules", NAMES, rules.numbers, rules.save, "membership.reconciliation.change_rules"
)
KIND = NUMBERS.proposal_kind(lazy_gettext("Rules of the reconciliation"))
