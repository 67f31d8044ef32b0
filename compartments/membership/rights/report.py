"""The access report of one person (Art. 15 GDPR): everything the vault ties to them, from every table, as plain values.

Left out are who of the office did something (rights of others, Art. 15(4)), and reference keys: whoever reads one could claim it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from compartments.membership import persons
from compartments.membership.models import Person, SearchWord

DERIVED = frozenset({"search_word", "block_key", "blocked_person", "pair", "address_hold"})
"""Tables that hold nothing but what was worked out from the others."""
WITHHELD = frozenset(
    {"key", "token", "entry_id", "mailbox", "sealing_key", "signing_key", "person", "id", "name_key"}
)
OTHERS = ("officer", "_by", "by_name")


def report(person_id: int, *, organisation: str, day: date, statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report; JSON can hold it. ``statements`` are what Art. 15(1) wants said besides. Raises ``persons.NoPerson``."""
    person = persons.find(person_id)
    held: dict[str, list[dict[str, Any]]] = {"person": [_row(person)]}
    for field, model in Person._meta.backrefs.items():  # noqa: SLF001  (peewee's way to ask)
        name = model._meta.table_name  # noqa: SLF001
        if model is SearchWord or name in DERIVED:
            continue
        if rows := [_row(row) for row in model.select().where(field == person.id)]:
            held[name] = held.get(name, []) + rows
    return {
        "controller": organisation,
        "made_on": day.isoformat(),
        **statements,
        "held": held,
    }


def _row(row: Any) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in row.__data__.items()
        if name not in WITHHELD and not name.startswith(OTHERS[0]) and not name.endswith(OTHERS[1:])
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)
