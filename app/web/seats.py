"""A posting's seats in the reader's words: "2", "1+", "at least 2"; how many are filled, how many are open."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.shared.postings import Seats


def seats_wanted(seats: Seats) -> str:
    """How many the call looks for."""
    return str(_("at least %(figure)s", figure=seats.figure)) if seats.says_at_least else seats.figure


def seats_open(seats: Seats) -> str:
    """How many can still be filled, as far as there is a number."""
    if seats.open == 0:
        return str(_("none, all are filled"))
    if seats.open is not None:
        return str(seats.open)
    if seats.missing:
        return str(_("at least %(figure)s", figure=seats.missing))
    return str(_("more people are welcome"))


def term_in_words(months: int | None) -> str | None:
    """A term of office: "2 years", "18 months"; None where there is no end."""
    if not months:
        return None
    if months % 12 == 0:
        return str(ngettext("%(num)s year", "%(num)s years", months // 12))
    return str(ngettext("%(num)s month", "%(num)s months", months))
