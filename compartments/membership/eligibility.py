"""Who may take part: the rule by which keys are given out and accounts are kept open. One place, so that both always agree."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from compartments.membership import months, settings
from compartments.membership.tables import OFFICE, Person

KIND = "eligibility"
MOST_MONTHS = 120


@dataclass(frozen=True)
class Rule:
    """What it takes besides being a member: voting entitlement, a first payment, and not too many months in arrears (None: any)."""

    entitled: bool = True
    has_paid: bool = True
    most_arrears: int | None = 3


def rule() -> Rule:
    """Return the rule in force."""
    set_ = settings.kept(OFFICE, KIND)
    return Rule(**set_) if set_ else Rule()


def set_rule(new: Rule) -> None:
    """Put another rule in force. Raises ``ValueError`` for arrears that make no sense."""
    if new.most_arrears is not None and not 0 <= new.most_arrears <= MOST_MONTHS:
        raise ValueError(f"between 0 and {MOST_MONTHS} months")
    settings.keep(OFFICE, KIND, "", asdict(new))


def eligible(day: date) -> Any:
    """Return the query of the persons who may take part on ``day``; callers add conditions and choose the columns.

    All conditions are on columns of the index ``person_standing``: ids and counts are read without touching the table.
    """
    return Person.select().where(*conditions(day, rule()))


def conditions(day: date, by: Rule) -> list[Any]:
    """Return what must hold of a person who may take part. An exit counts from its day on, for whoever owes no dues arrears can't arise."""
    found: list[Any] = is_member(day)
    if by.entitled:
        found.append(Person.may_vote == True)  # noqa: E712
    if by.has_paid:
        found.append(Person.first_paid_on <= day)
    if by.most_arrears is not None:
        enough = Person.paid_until >= months.latest_paid(day, by.most_arrears)
        found.append(enough | (Person.dues_cents == 0))
    return found


def is_member(day: date) -> list[Any]:
    """Return what must hold of somebody who is a member on ``day``."""
    # With a sign too much: the index by entry would find nearly everybody, and then read each row from the table.
    entered = Person.entered_on.concat("") <= day.isoformat()
    return [entered, Person.left_on.is_null() | (Person.left_on > day)]
