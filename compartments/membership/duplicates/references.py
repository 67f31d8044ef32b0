"""What else in the vault points to a person, and how it follows when two records become one.

Every foreign key to a person is moved, of whichever part: whoever adds a table needs to do nothing. Where the database objects, because
the survivor may have only one (a valid reference key), nothing is merged, and the officer is told what to settle first.
"""

from __future__ import annotations

from peewee import ForeignKeyField, IntegrityError, Model

from compartments.membership.duplicates.models import BlockedPerson, Pair
from compartments.membership.tables import FieldChange, Person, SearchWord, database

OWN: frozenset[type[Model]] = frozenset({SearchWord, FieldChange, BlockedPerson, Pair})
"""Tables that the merge itself takes care of."""
STAYS = frozenset({"address_hold"})
"""Tables in which the survivor's row counts, where both have one: what is held is the survivor's address."""


class Conflict(Exception):
    """Both persons have what only one may have. ``tables`` are the names of where."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(", ".join(tables))
        self.tables = tables


def referring() -> list[tuple[type[Model], ForeignKeyField]]:
    """Return every table and column that points to a person, but for those the merge takes care of."""
    found = [
        (model, field)
        for field, model in Person._meta.backrefs.items()  # noqa: SLF001 - peewee's way to ask
        if model not in OWN
    ]
    return sorted(found, key=lambda pair: (pair[0]._meta.table_name, pair[1].name))  # noqa: SLF001


def move(gone: Person, kept: Person) -> None:
    """Let everything that points to ``gone`` point to ``kept``. In the caller's transaction. Raises :class:`Conflict`."""
    conflicts = []
    for model, field in referring():
        name = model._meta.table_name  # noqa: SLF001
        try:
            with database.atomic():
                model.update({field: kept.id}).where(field == gone.id).execute()
        except IntegrityError:
            if name not in STAYS:
                conflicts.append(name)
    if conflicts:
        raise Conflict(sorted(set(conflicts)))
