"""How long what is kept although somebody asked for erasure (Art. 17(3)(b) and (e) GDPR), and by which law. The law as of 2026.

Vouchers of payments: a party keeps them for ten years (section 24(2) PartG), everybody else for eight, since the Fourth Act on the
reduction of bureaucracy (BEG IV, BGBl. 2024 I Nr. 323) took effect on 1 January 2025 (section 147(3) with (1) no. 4 AO, section 257(4) with (1)
no. 4 HGB). Both count from the end of the year. Which one holds is the office's to say. Proof that a request was answered: three years (sections
195, 199 BGB), as long as somebody can claim that it wasn't.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from compartments.membership import settings
from compartments.membership.tables import OFFICE

KIND = "retention"
PARTY, OTHER = "party", "other"
ORGANISATIONS = (PARTY, OTHER)


@dataclass(frozen=True)
class Rule:
    """So many years after the year's end, by this law. ``what`` names it."""

    what: str
    years: int
    law: str

    def until(self, day: date) -> date:
        """Return the last day on which something of ``day`` is kept."""
        return date(day.year + self.years, 12, 31)


VOUCHERS = {
    PARTY: Rule("vouchers", 10, "§ 24 Abs. 2 PartG"),
    OTHER: Rule("vouchers", 8, "§ 147 Abs. 3 AO, § 257 Abs. 4 HGB"),
}
PROOF = Rule("proof", 3, "Art. 5 Abs. 2, 17 Abs. 3 lit. e DSGVO, §§ 195, 199 BGB")


def organisation() -> str:
    """Return what the organisation is, which decides on the law of its vouchers."""
    found = settings.kept(OFFICE, KIND)
    return found if found in ORGANISATIONS else PARTY


def set_organisation(kind: str) -> None:
    """Say what the organisation is. Raises ``ValueError``. What is kept already keeps its day."""
    if kind not in ORGANISATIONS:
        raise ValueError(kind)
    settings.keep(OFFICE, KIND, "", kind)


def vouchers() -> Rule:
    """Return the rule for vouchers."""
    return VOUCHERS[organisation()]


def rules() -> tuple[Rule, ...]:
    """Return every rule by which something is kept."""
    return (vouchers(), PROOF)
