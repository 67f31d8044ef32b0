"""The access report of one person (Art. 15 GDPR): everything the vault ties to them, from every table, as plain values.

Left out are who of the office did something (rights of others, Art. 15(4)), and reference keys: whoever reads one could claim it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from compartments.membership import persons
from compartments.membership.admissions.models import Admission, AdmissionFile, AdmissionLetter
from compartments.membership.duplicates.models import MergedChange, MergedPerson
from compartments.membership.exports.models import Download, Export
from compartments.membership.models import Person, SearchWord
from compartments.membership.reconciliation.models import Message, Reply
from compartments.membership.rights import staged
from compartments.membership.rights.previewing import files_with

DERIVED = frozenset({"search_word", "block_key", "blocked_person"})
"""Tables that hold nothing but what was worked out from the others."""
WITHHELD = frozenset(
    {
        "key",
        "token",
        "entry_id",
        "mailbox",
        "sealing_key",
        "signing_key",
        "person",
        "id",
        "name_key",
        "admission",
        "letter",
        "content",
    }
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
    for below in (staged.of(person), *_below(person)):
        if below:
            held[below[0]._meta.table_name] = [_row(row) for row in below]  # noqa: SLF001
    return {
        "controller": organisation,
        "made_on": day.isoformat(),
        **statements,
        "recipients": [*statements["recipients"], *_given_to(person)],
        "held": held,
    }


def _below(person: Person) -> list[list[Any]]:
    """What hangs on rows of the person: answers to messages, the history of records merged into theirs, letters about their application."""
    replies = Reply.select().join(Message).where(Message.person == person.id)
    changes = MergedChange.select().join(MergedPerson).where(MergedPerson.survivor == person.id)
    letters = AdmissionLetter.select().join(Admission).where(Admission.person == person.id)
    files = AdmissionFile.select().where(AdmissionFile.letter.in_([one.id for one in letters]))
    return [list(replies), list(changes), list(letters), list(files)]


def _given_to(person: Person) -> list[str]:
    """Who was given a list with the person, for what and when: named one by one (Art. 15(1)(c) GDPR; ECJ, C-154/21)."""
    files = Download.select(Download, Export).join(Export).where(Download.at.in_(files_with(person)))
    return [
        f"{one.export.recipient}: {one.export.purpose} ({one.at.date().isoformat()})"
        for one in files.order_by(Download.at)
    ]


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
