"""The register as pages: sorted, from one person on, and searched by name, number and e-mail. Reads few pages of the file.

The register is turned by keys, not by offsets: the next page begins after the last person shown, which costs the same on the
first page and on the last one, of 9,000 and of a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from peewee import JOIN, Expression, Field, Select, Tuple, Value, fn

from app.paging import Page, nearest
from compartments.membership.folding import address_word, fold, words_of
from compartments.membership.models import PERSONS, Division, Person, SearchWord, Setting, database
from compartments.membership.sounds import typed_sounds

PER_PAGE = 50
SEARCH_SHOWS = 200
"""A search lists so many at most: whoever sees more than that types another letter."""
SHORT = 200
MOST_WORDS = 6
LONGEST_QUERY = 200
AFTER_EVERY_WORD = "\U0010ffff"

SOUNDING = 2000
"""So many who share the rarest sound are looked through at most."""
COUNTED = 10_000

MORE: dict[str, Field] = {
    "city": Person.city,
    "postcode": Person.postcode,
    "email": Person.email,
    "phone": Person.phone,
    "language": Person.language,
    "birth_date": Person.birth_date,
    "citizenship": Person.citizenship,
    "may_vote": Person.may_vote,
    "paid_until": Person.paid_until,
    "dues_cents": Person.dues_cents,
    "exit_reason": Person.exit_reason,
}
"""Columns that an officer can choose besides those that a line always has."""

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
    more: tuple[Any, ...] = ()


FIXED = len(fields(Row)) - 1


@dataclass(frozen=True)
class Stretch:
    """One page of the register, turned by keys. ``before`` and ``after`` are ids to turn from, None at the ends."""

    rows: list[Row]
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Found(Page[Row]):
    """One page of a search. ``capped``: there are more than ``total``. The last ``alike`` of them only sound like it."""

    capped: bool = False
    alike: int = 0


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
    where: Sequence[Any] = (),
    columns: Sequence[str] = (),
) -> Stretch:
    """Return the page after or before a person, from a letter on (order by name only), at the end, or the first one.

    ``where`` are conditions of a filter, ``columns`` names of :data:`MORE`; both cost least where they are in the index of the list.
    """
    column, descending = SORTS[sort]
    anchor = _place(column, after if before is None else before)
    backwards = at_end or (before is not None and anchor is not None)
    query, is_inside = _listed(column, columns), anchor is not None
    query = query.where(*where) if where else query
    if anchor is not None:
        query = query.where(_beyond(column, anchor, ascending=backwards == descending))
    elif letter and sort == "name" and not at_end:
        query, is_inside = query.where(Person.name_key >= fold(letter[:1])), True
    ordered = query.order_by(*_order(column, backwards != descending)).limit(PER_PAGE + 1)
    rows = [_row(row) for row in _tuples(ordered)]
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if not rows:
        return Stretch([], None, None)
    # One look beyond the page tells whether it goes on; on the other side somebody stands only if the page began inside.
    behind = is_inside and _is_something(column, rows[0], where, ascending=descending != backwards)
    if backwards:
        rows.reverse()
    before_it, after_it = (more, behind) if backwards else (behind, more)
    return Stretch(rows, rows[0].id if before_it else None, rows[-1].id if after_it else None)


def search(text: str, *, page: int = 1, columns: Sequence[str] = ()) -> Found:
    """Find persons by the beginnings of words: names, member number, e-mail address; then by sound. All words must fit."""
    words = words_of(text[:LONGEST_QUERY])
    hits = _hits(words) if words else []
    if len(words) == 1 and len(hits) <= SEARCH_SHOWS:
        # A single word may be the beginning of an address, too; who has the name comes first.
        hits = list(dict.fromkeys(hits + _hits([address_word(text[:LONGEST_QUERY])])))
    spelled = len(hits)
    if spelled <= SEARCH_SHOWS and (sounds := typed_sounds(text[:LONGEST_QUERY])):
        hits = list(dict.fromkeys(hits + _sounding(sounds)))
    shown = hits[:SEARCH_SHOWS]
    page = nearest(page, len(shown), PER_PAGE)
    rows = _rows_of(shown[(page - 1) * PER_PAGE : page * PER_PAGE], columns)
    return Found(
        rows,
        page,
        len(shown),
        PER_PAGE,
        capped=len(hits) > len(shown),
        alike=max(0, len(shown) - spelled),
    )


def _listed(column: Field, columns: Sequence[str] = ()) -> Any:
    """Select the columns of a :class:`Row`; but for ``columns``, all of them are in the index that the list is read from."""
    return Person.select(
        Person.id,
        column,
        Person.member_number,
        Person.last_name,
        Person.first_name,
        Division.name,
        Person.entered_on,
        Person.left_on,
        *(MORE[name] for name in columns),
    ).join(Division, JOIN.LEFT_OUTER)


def _row(values: Any) -> Row:
    return Row(*[*values[:FIXED], values[FIXED:]])


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


def _is_something(column: Field, row: Row, where: Sequence[Any], *, ascending: bool) -> bool:
    """Whether anybody stands beyond ``row``."""
    beyond = _beyond(column, (row.sort_key, row.id), ascending=ascending)
    return bool(Person.select(Person.id).where(beyond, *where).exists())


def count(where: Sequence[Any]) -> int:
    """Count whom a filter lets through, no further than :data:`COUNTED`."""
    return int(Person.select(Person.id).where(*where).limit(COUNTED + 1).count())


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


def _sounding(sounds: list[str]) -> list[tuple[str, int]]:
    """Return (name key, id) of whom all sounds fit, in the order of names, one more than are shown; of common sounds the first."""
    rarest, *others = sorted(sounds[:MOST_WORDS], key=_frequency)
    stretch = SearchWord.select(SearchWord.name_key, SearchWord.person).where(SearchWord.word == rarest)
    candidates = stretch.order_by(SearchWord.name_key, SearchWord.person).limit(SOUNDING).alias("candidates")
    same = (SearchWord.name_key == candidates.c.name_key, SearchWord.person == candidates.c.person_id)
    fits = [
        fn.EXISTS(SearchWord.select(SearchWord.word).where(SearchWord.word == one, *same)) for one in others
    ]
    query = Select([candidates], [candidates.c.name_key, candidates.c.person_id])
    query = query.where(*fits) if fits else query
    return list(query.limit(SEARCH_SHOWS + 1).bind(database).tuples())


def _begins(word: str) -> Expression:
    return (SearchWord.word >= word) & (SearchWord.word < word + AFTER_EVERY_WORD)


def _persons_with(word: str) -> list[int]:
    return [row[0] for row in _tuples(SearchWord.select(SearchWord.person).where(_begins(word)))]


def _frequency(word: str) -> int:
    """How often a word occurs, counted no further than it matters."""
    return int(SearchWord.select(SearchWord.person).where(_begins(word)).limit(SHORT + 1).count())


def _rows_of(hits: list[tuple[str, int]], columns: Sequence[str]) -> list[Row]:
    """Read the lines of ``hits``. By name key and not by id: namesakes lie side by side in the index, not in the table."""
    if not hits:
        return []
    keys, ids = {key for key, _ in hits}, [person for _, person in hits]
    query = _listed(Person.name_key, columns).where(Person.name_key.in_(keys), (Person.id + 0).in_(ids))
    rows = {row[0]: _row(row) for row in _tuples(query)}
    return [rows[person] for person in ids]


def _tuples(query: Any) -> list[tuple[Any, ...]]:
    return list(query.tuples())
