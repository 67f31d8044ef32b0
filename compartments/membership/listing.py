"""The register as pages: sorted, from one person on, and searched by name, number and e-mail. Reads few pages of the file.

The register is turned by keys, not by offsets: the next page begins after the last person shown, which costs the same on the
first page and on the last one, of 9,000 and of a million.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Expression, Field, Tuple, Value, fn

from compartments.membership.folding import address_word, fold, words_of
from compartments.membership.models import PERSONS, Division, Person, SearchWord, Setting

PER_PAGE = 50
SEARCH_SHOWS = 200
"""A search lists so many at most: whoever sees more than that types another letter."""
SHORT = 200
MOST_WORDS = 6
LONGEST_QUERY = 200
AFTER_EVERY_WORD = "\U0010ffff"

SORTS: dict[str, tuple[Field, bool]] = {
    "name": (Person.name_key, False),
    "number": (Person.member_number, False),
    "entry": (Person.entered_on, True),
}
"""Name of an order -> the column, and whether the newest come first."""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: int
    sort_key: Any
    member_number: int
    last_name: str
    first_name: str
    division: str | None
    entered_on: date
    left_on: date | None


@dataclass(frozen=True)
class Stretch:
    """One page of the register, turned by keys. ``before`` and ``after`` are ids to turn from, None at the ends."""

    rows: list[Row]
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Found:
    """One page of a search. ``capped``: there are more than ``total``."""

    rows: list[Row]
    total: int
    capped: bool
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.page < self.pages


def total() -> int:
    """Return how many persons are in the register."""
    return int(Setting.get_by_id(PERSONS).value)


def turn(
    *,
    sort: str = "name",
    after: int | None = None,
    before: int | None = None,
    letter: str = "",
    at_end: bool = False,
) -> Stretch:
    """Return the page after or before a person, from a letter on (order by name only), at the end, or the first one."""
    column, descending = SORTS[sort]
    anchor = _place(column, after if before is None else before)
    backwards = at_end or (before is not None and anchor is not None)
    query, is_inside = _listed(column), anchor is not None
    if anchor is not None:
        query = query.where(_beyond(column, anchor, ascending=backwards == descending))
    elif letter and sort == "name" and not at_end:
        query, is_inside = query.where(Person.name_key >= fold(letter[:1])), True
    ordered = query.order_by(*_order(column, backwards != descending)).limit(PER_PAGE + 1)
    rows = [Row(*row) for row in _tuples(ordered)]
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if not rows:
        return Stretch([], None, None)
    # One look beyond the page tells whether it goes on; on the other side somebody stands only if the page began inside.
    behind = is_inside and _is_something(column, rows[0], ascending=descending != backwards)
    if backwards:
        rows.reverse()
    before_it, after_it = (more, behind) if backwards else (behind, more)
    return Stretch(rows, rows[0].id if before_it else None, rows[-1].id if after_it else None)


def search(text: str, *, page: int = 1) -> Found:
    """Find persons by the beginnings of words: names, member number, e-mail address. All words must fit."""
    words = words_of(text[:LONGEST_QUERY])
    hits = _hits(words) if words else []
    if len(words) == 1 and len(hits) <= SEARCH_SHOWS:
        # A single word may be the beginning of an address, too; who has the name comes first.
        hits = list(dict.fromkeys(hits + _hits([address_word(text[:LONGEST_QUERY])])))
    shown = hits[:SEARCH_SHOWS]
    page = min(max(page, 1), max(1, -(-len(shown) // PER_PAGE)))
    rows = _rows_of(shown[(page - 1) * PER_PAGE : page * PER_PAGE])
    return Found(rows, len(shown), len(hits) > len(shown), page)


def _listed(column: Field) -> Any:
    """Select the columns of a :class:`Row`, all of which are in the index that the list is read from."""
    return Person.select(
        Person.id,
        column,
        Person.member_number,
        Person.last_name,
        Person.first_name,
        Division.name,
        Person.entered_on,
        Person.left_on,
    ).join(Division, JOIN.LEFT_OUTER)


def _order(column: Field, downwards: bool) -> tuple[Any, ...]:  # noqa: FBT001
    return (column.desc(), Person.id.desc()) if downwards else (column.asc(), Person.id.asc())


def _place(column: Field, person_id: int | None) -> tuple[Any, int] | None:
    """Where a person stands in the order; None where there is no such person (any more)."""
    if person_id is None:
        return None
    found: tuple[Any, int] | None = (
        Person.select(column, Person.id).where(Person.id == person_id).tuples().first()
    )
    return found


def _beyond(column: Field, place: tuple[Any, int], *, ascending: bool) -> Expression:
    here, there = Tuple(column, Person.id), Tuple(Value(place[0], converter=column.db_value), Value(place[1]))
    beyond: Expression = here > there if ascending else here < there
    return beyond


def _is_something(column: Field, row: Row, *, ascending: bool) -> bool:
    """Whether anybody stands beyond ``row``."""
    query = Person.select(Person.id).where(_beyond(column, (row.sort_key, row.id), ascending=ascending))
    return bool(query.exists())


def _hits(words: list[str]) -> list[tuple[str, int]]:
    """Return (name key, id) of whom all words fit, in the order of the rarest word, then of names; one more than are shown.

    The stretch of the rarest word is walked through. Another word is looked up in its own stretch where that is short; where it is
    long, the word is a name, or too common to search by, and is looked for in the name's key.
    """
    words = sorted(set(words), key=len, reverse=True)[:MOST_WORDS]
    often = {word: _frequency(word) for word in words} if len(words) > 1 else {}
    rarest, *others = sorted(words, key=lambda word: often.get(word, 0))
    conditions = [_begins(rarest)]
    for word in others:
        if often[word] <= SHORT:
            conditions.append(SearchWord.person.in_(_persons_with(word)))
        else:
            conditions.append(fn.instr(Value(" ").concat(SearchWord.name_key), f" {word}") > 0)
    query = (
        SearchWord.select(SearchWord.name_key, SearchWord.person)
        .where(*conditions)
        .order_by(SearchWord.word, SearchWord.name_key, SearchWord.person)
        # A person whom two words find is there twice.
        .limit(2 * SEARCH_SHOWS)
    )
    return list(dict.fromkeys(_tuples(query)))[: SEARCH_SHOWS + 1]


def _begins(word: str) -> Expression:
    return (SearchWord.word >= word) & (SearchWord.word < word + AFTER_EVERY_WORD)


def _persons_with(word: str) -> list[int]:
    return [row[0] for row in _tuples(SearchWord.select(SearchWord.person).where(_begins(word)))]


def _frequency(word: str) -> int:
    """How often a word occurs, counted no further than it matters."""
    return int(SearchWord.select(SearchWord.person).where(_begins(word)).limit(SHORT + 1).count())


def _rows_of(hits: list[tuple[str, int]]) -> list[Row]:
    """Read the lines of ``hits``. By name key and not by id: namesakes lie side by side in the index, not in the table."""
    if not hits:
        return []
    keys, ids = {key for key, _ in hits}, [person for _, person in hits]
    query = _listed(Person.name_key).where(Person.name_key.in_(keys), (Person.id + 0).in_(ids))
    rows = {row[0]: Row(*row) for row in _tuples(query)}
    return [rows[person] for person in ids]


def _tuples(query: Any) -> list[tuple[Any, ...]]:
    return list(query.tuples())
