"""Exports in the reader's language. Words only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from compartments.membership.exports.columns import COLUMNS, Words
from compartments.membership.exports.models import ASKED, DELETED, Export
from compartments.membership.filters import LEFT, Filter
from compartments.membership.forms import REASON_NAMES
from compartments.membership.wording import FIELD_NAMES

PAID_UNTIL = lazy_gettext("Paid until")
WHY_NOT = {
    "state": lazy_gettext("This export isn't confirmed, or its files are deleted."),
    "expired": lazy_gettext("This export has expired."),
    "other": lazy_gettext("Only whoever has asked for an export can download it."),
}


def names() -> dict[str, str]:
    """What each column is called."""
    return {name: str(FIELD_NAMES.get(name, PAID_UNTIL)) for name in COLUMNS}


def columns(chosen: Iterable[str]) -> list[str]:
    """What the chosen columns are called."""
    called = names()
    return [called[name] for name in chosen]


def of_file(divisions: Mapping[int, str]) -> Words:
    """The words of a file in the reader's language."""
    reasons = {code: str(name) for code, name in REASON_NAMES.items()}
    return Words(names(), divisions, reasons, _("Yes"), _("No"), _("Origin"))


def whom(asked: Filter, divisions: Mapping[int, str]) -> str:
    """Say whom a filter lets through."""
    parts = []
    if asked.division is not None:
        name = divisions.get(asked.division, str(asked.division))
        parts.append(_("division %(name)s with those below it", name=name))
    if asked.status:
        parts.append(_("former members") if asked.status == LEFT else _("members"))
    if asked.voting:
        parts.append(_("entitled to vote") if asked.voting == "yes" else _("not entitled to vote"))
    if asked.arrears is not None:
        parts.append(_("in arrears for at least so many months: %(count)s", count=asked.arrears))
    if asked.entered_from:
        parts.append(_("entry from %(day)s", day=_day(asked.entered_from)))
    if asked.entered_to:
        parts.append(_("entry until %(day)s", day=_day(asked.entered_to)))
    if asked.left_from:
        parts.append(_("exit from %(day)s", day=_day(asked.left_from)))
    if asked.left_to:
        parts.append(_("exit until %(day)s", day=_day(asked.left_to)))
    return "; ".join(parts) or _("everybody in the register, former members too")


def _day(day: date) -> str:
    return str(format_date(day, "medium"))


def state_of(one: Export, *, is_open: bool, day: date) -> str:
    """Say how an export stands on ``day``: one of "waiting", "refused", "deleted", "expired", "ready"."""
    if one.state == DELETED:
        return "deleted"
    if one.state == ASKED:
        return "waiting" if is_open else "refused"
    return "expired" if day > one.expires_on else "ready"
