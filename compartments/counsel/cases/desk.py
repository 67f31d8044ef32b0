"""A counsellor at work: their keyring, their colleagues, and the way to a case. Made for one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.office.authors import Author
from app.paging import Page, nearest
from app.shared.sessions import OfficerSession
from compartments.counsel.cases import readers
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.models import CLOSED, OPEN, Case
from compartments.counsel.cases.opened import NoCase, OpenCase, in_one_piece, open_case, open_several
from compartments.counsel.cases.unfolding import unfold, waits
from compartments.counsel.colleagues import Colleague, colleagues
from compartments.counsel.incidents import service as incidents

PER_PAGE = 50
MOST_FOUND = 200
LAST = "9999"
"""Behind every day in ISO form: where nothing is due."""


@dataclass(frozen=True)
class Desk:
    """``ring`` holds the case keys of ``author``; ``others`` are all active counsellors by account, ``author`` among them."""

    author: Author
    ring: Ring = field(repr=False)
    others: Mapping[str, Colleague] = field(repr=False)

    @classmethod
    def of(cls, session: OfficerSession) -> Desk:
        """Return the desk of the officer whose request this is. The vault must be open."""
        account = session.account
        author = Author(account.id, account.display_name)
        return cls(author, Ring.of(account.id, session.keys), colleagues())

    @property
    def names(self) -> Mapping[str, str]:
        """The counsellors' names by account."""
        return {account: one.name for account, one in self.others.items()}

    def open(self, case_id: str, *, now: datetime, again: str = "") -> OpenCase:
        """Open a case: take in what has come for it, and change its key where a reader has left. Raises :class:`~.opened.NoCase`.

        ``again`` is a letter that was put aside and is tried once more.
        """
        try:
            return self._open(case_id, now, again)
        except NoCase:
            # A colleague may have changed the key between two steps: once more, with what is there now.
            return self._open(case_id, now, again)

    def _open(self, case_id: str, now: datetime, again: str) -> OpenCase:
        case = open_case(self.ring, case_id, self.author)
        while waits(case_id, again):
            # In one transaction: a withdrawal that is taken in takes the case out of the counts, whatever happens in between.
            with in_one_piece():
                if unfold(case, self.names, now=now, again=again):
                    incidents.settle(case)
            again = ""
        if (
            readers.renew_if_left(case, self.ring, self.others, now=now)
            and self.author.id not in case.head.readers
        ):
            raise NoCase(case_id)
        return case


@dataclass(frozen=True)
class Listed:
    """A case in the list."""

    row: Case
    head: Head = field(repr=False)

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.row.id)


def page(desk: Desk, number: int, state: str = OPEN, *, now: datetime) -> Page[Listed]:
    """Return a page of the officer's cases in ``state``, last moved first; only the page's own heads are opened."""
    mine = set(desk.ring.cases)
    newest = Case.select(Case.id).where(Case.state == state).order_by(Case.changed_on.desc(), Case.id)
    rows: Any = newest.tuples()
    ids = [case for (case,) in rows if case in mine]
    number = nearest(number, len(ids), PER_PAGE)
    shown = ids[(number - 1) * PER_PAGE : number * PER_PAGE]
    listed = [_listed(desk, case, now) for case in shown]
    return Page([one for one in listed if one], number, len(ids), PER_PAGE)


def search(desk: Desk, words: str, *, mine: bool, by_date: bool, state: str = OPEN) -> Page[Listed]:
    """Return those of the officer's cases whose name, person or number has all ``words``; ``mine``: where they are in charge; ``by_date``: the
    next date first. Opens the first sheet of each. The :data:`MOST_FOUND` first come along.
    """
    rows = Case.select().where(Case.state == state).order_by(Case.changed_on.desc(), Case.id)
    wanted = words.casefold().split()
    found = [
        Listed(case.row, head)
        for case, head in open_several(desk.ring, rows, desk.author)
        if head is not None
        and (not mine or head.in_charge == desk.author.id)
        and all(word in f"{head.title} {head.name} {case.row.number}".casefold() for word in wanted)
    ]
    if by_date:
        found.sort(key=lambda one: one.head.due_on or LAST)
    return Page(found[:MOST_FOUND], 1, len(found), MOST_FOUND)


def counts(desk: Desk) -> Mapping[str, int]:
    """Return how many of the officer's cases are open and closed."""
    mine = set(desk.ring.cases)
    rows: Any = Case.select(Case.id, Case.state).tuples()
    states = [state for case, state in rows if case in mine]
    return {state: states.count(state) for state in (OPEN, CLOSED)}


def _listed(desk: Desk, case_id: str, now: datetime) -> Listed | None:
    """Take in what has come. None for a case whose intake didn't open: it must not bar the way to the others."""
    try:
        case = desk.open(case_id, now=now) if waits(case_id) else open_case(desk.ring, case_id, desk.author)
        return Listed(case.row, case.head)
    except NoCase:
        return None
