"""The register's values and histories in the reader's language. Words only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from app.web.countries import country_name
from compartments.membership.details import Value, from_text
from compartments.membership.fields import euros
from compartments.membership.forms import LANGUAGE_NAMES, PERIODS, REASON_NAMES
from compartments.membership.models import FieldChange
from compartments.membership.persons import ADDED

FIELD_NAMES = {
    "member_number": lazy_gettext("Member number"),
    "last_name": lazy_gettext("Last name"),
    "first_name": lazy_gettext("First names"),
    "birth_date": lazy_gettext("Date of birth"),
    "street": lazy_gettext("Street and number"),
    "postcode": lazy_gettext("Postcode"),
    "city": lazy_gettext("Town or city"),
    "country": lazy_gettext("Country"),
    "email": lazy_gettext("E-mail"),
    "phone": lazy_gettext("Phone"),
    "language": lazy_gettext("Language of mails"),
    "citizenship": lazy_gettext("Citizenship"),
    "division": lazy_gettext("Division"),
    "entered_on": lazy_gettext("Date of entry"),
    "left_on": lazy_gettext("Date of exit"),
    "exit_reason": lazy_gettext("Reason for the exit"),
    "may_vote": lazy_gettext("Entitled to vote"),
    "voting_by": lazy_gettext("Determined by"),
    "voting_on": lazy_gettext("Determined on"),
    "dues_cents": lazy_gettext("Dues per year"),
    "dues_every": lazy_gettext("Pays"),
    "reduced_cents": lazy_gettext("Reduced dues per year"),
    "reduced_until": lazy_gettext("Reduced until"),
    "reduction_reason": lazy_gettext("Reason for the reduction"),
    "consent_news_on": lazy_gettext("Agreed to news by e-mail on"),
    "consent_phone_on": lazy_gettext("Agreed to be phoned on"),
    "reminders": lazy_gettext("Reminders of dues"),
    "notes": lazy_gettext("Notes"),
    "merged": lazy_gettext("Merged with the record of number"),
}


def in_words(field: str, value: Value, divisions: dict[int, str]) -> str:
    """Write a field's value for a reader; empty where there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return str(format_date(value, "medium"))
    written: dict[str, Callable[[], str]] = {
        "country": lambda: country_name(str(value)),
        "citizenship": lambda: country_name(str(value)),
        "language": lambda: str(LANGUAGE_NAMES[str(value)]),
        "exit_reason": lambda: str(REASON_NAMES.get(str(value), value)),
        "dues_cents": lambda: f"{euros(int(str(value)))} €",
        "reduced_cents": lambda: f"{euros(int(str(value)))} €",
        "dues_every": lambda: str(PERIODS.get(int(str(value)), value)),
        "may_vote": lambda: _("Yes") if value else _("No"),
        "division": lambda: divisions.get(int(str(value)), str(value)),
    }
    return written[field]() if field in written else str(value)


@dataclass(frozen=True)
class Change:
    """One field's change in words."""

    field: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Edit:
    """What one officer changed at one time."""

    title: str
    who: str
    at: datetime
    ticket: str
    changes: list[Change]


def change_in_words(change: FieldChange, divisions: dict[int, str]) -> Change:
    """Write a change for a reader."""
    before, after = (from_text(change.field, text) for text in (change.before, change.after))
    name = str(FIELD_NAMES.get(change.field, change.field))
    return Change(
        change.field,
        name,
        in_words(change.field, before, divisions),
        in_words(change.field, after, divisions),
    )


def edits(changes: Iterable[FieldChange], divisions: dict[int, str]) -> list[Edit]:
    """Group changes (newest first) by the edit that made them."""
    found: dict[int, Edit] = {}
    for change in changes:
        title = _("Added to the register") if change.revision == 1 else _("Changed")
        edit = found.setdefault(
            change.revision, Edit(title, change.officer_name, change.at, change.ticket, [])
        )
        if change.field != ADDED:
            edit.changes.insert(0, change_in_words(change, divisions))
    return list(found.values())


def age(born: date | None, day: date) -> int | None:
    """Return how old somebody is on ``day``, in years; None where nobody knows."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
