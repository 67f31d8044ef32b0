"""What SQLite looks up for each row that is written, looked up once for a whole import instead. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from peewee import IntegrityError, fn

from compartments.membership.duplicates.models import NOT_ADDED_AGAIN
from compartments.membership.tables import COUNT_ADDED, IS_PERSONS, Person, database

_FOR_EACH = {"person_is_added": COUNT_ADDED, "number_was_merged": NOT_ADDED_AGAIN}
_MERGED = (
    "select 1 from person p join merged_person m on m.member_number = p.member_number where p.id > ? limit 1"
)
_NO_DIVISION = "select 1 from person where division_id is not null and division_id not in (select id from division) limit 1"


@contextmanager
def without_foreign_keys() -> Iterator[None]:
    """Write and take out persons without a search for each of them; call it outside of a transaction, and :func:`check_divisions` inside.

    For each word SQLite looks for its person, written just before; and for each person who goes it looks through every word, which have no
    index for that. :mod:`bulk` writes and takes out all of it together, and divisions are the one thing that it only points to.
    """
    database.execute_sql("pragma foreign_keys = off")
    if database.execute_sql("pragma foreign_keys").fetchone()[0]:
        raise RuntimeError("inside a transaction the setting has no effect")
    try:
        yield
    finally:
        database.execute_sql("pragma foreign_keys = on")


def check_divisions() -> None:
    """Raise ``IntegrityError`` where somebody belongs to a division that isn't there."""
    if database.execute_sql(_NO_DIVISION).fetchone():
        raise IntegrityError("a division is not there")


@contextmanager
def adding() -> Iterator[None]:
    """Add persons, and do at the end what two triggers do for each: count them, and refuse numbers that were merged. Inside a transaction.

    The triggers are gone meanwhile for this transaction alone: nobody else sees that, and whatever ends it early brings them back.
    """
    last = int(Person.select(fn.MAX(Person.id)).scalar() or 0)
    for name in _FOR_EACH:
        database.execute_sql(f"drop trigger {name}")
    yield
    for statement in _FOR_EACH.values():
        database.execute_sql(statement)
    if database.execute_sql(_MERGED, (last,)).fetchone():
        raise IntegrityError("a member number was merged into another")
    added = Person.select().where(Person.id > last).count()
    database.execute_sql(f"update setting set value = value + ? where {IS_PERSONS}", (added,))
