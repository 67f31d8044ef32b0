"""What the office does about arrears: after how many months it reminds, how often, and when somebody may be struck off. Knows no Flask."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from app.office.authors import Author
from compartments.membership import rule_changes, settings
from compartments.membership.rule_changes import Past
from compartments.membership.tables import OFFICE, database

KIND = "dues"
BOUNDS = {
    "remind_after": (0, 60),
    "reminders": (1, 9),
    "days_apart": (7, 365),
    "strike_off_after": (1, 120),
    "days_of_grace": (7, 730),
}


@dataclass(frozen=True)
class Rules:
    """Reminded with more than ``remind_after`` months in arrears, ``reminders`` times at most, ``days_apart`` days between two.

    Where ``strikes_off``, somebody may be struck off with at least ``strike_off_after`` months, ``days_of_grace`` days after the last reminder.
    """

    remind_after: int = 3
    reminders: int = 2
    days_apart: int = 30
    strikes_off: bool = True
    strike_off_after: int = 12
    days_of_grace: int = 30

    @property
    def seen(self) -> str:
        """Stands in a form for the rules that it was made from."""
        return "-".join(str(int(value)) for value in asdict(self).values())

    @property
    def apart(self) -> timedelta:
        """Between two reminders."""
        return timedelta(days=self.days_apart)

    @property
    def grace(self) -> timedelta:
        """Between the last reminder and a striking-off."""
        return timedelta(days=self.days_of_grace)


class Changed(Exception):
    """Other rules are in force than those that were to be changed."""


def rules() -> Rules:
    """Return what is in force."""
    return Rules(**(settings.kept(OFFICE, KIND) or {}))


def check(new: Rules) -> None:
    """Raise ``ValueError`` with a field's name where its number makes no sense."""
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(new, name) <= most:
            raise ValueError(name)
    if new.strikes_off and new.strike_off_after <= new.remind_after:
        # Nobody is struck off who wasn't due for a reminder before.
        raise ValueError("strike_off_after")


def save(new: Rules, *, instead_of: str, by: Author, now: datetime) -> bool:
    """Put other rules in force and note who did; False where they are in force already.

    Raises :class:`Changed` where the rules in force are not ``instead_of`` (:attr:`Rules.seen`), and as :func:`check`.
    """
    check(new)
    with database.atomic("IMMEDIATE"):
        present = rules()
        if new == present:
            return False
        if present.seen != instead_of:
            raise Changed
        settings.keep(OFFICE, KIND, "", asdict(new))
        rule_changes.note(KIND, asdict(present), asdict(new), by=by, now=now)
    return True


def history() -> list[Past]:
    """Return the changes, newest first."""
    return rule_changes.past(KIND)
