"""Finds where an erased person is mentioned in texts that are about something else, and blackens their name there.

Looked for are both orders of the name, the e-mail address and the telephone number, as they stand in the record; a nickname, or a last
name alone, isn't found. Whoever has the same name is found too: so the officers see each place and choose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from operator import or_
from typing import Any

from peewee import Field, Model

from compartments.membership.admissions.models import Admission, AdmissionLetter
from compartments.membership.duplicates.models import MergedChange, MergedPerson
from compartments.membership.reconciliation.models import Message, Reply
from compartments.membership.rights.decisions import BY_PERSON, FREE_TEXTS
from compartments.membership.tables import Person

BLACK = "\u2588" * 4
AT_MOST = 200
AROUND = 60
SHORTEST = 5


@dataclass(frozen=True)
class Mention:
    """A text that names the person. ``key`` stands for place and text, so that a changed text is another mention."""

    key: str
    table: str
    excerpt: str


def names(person: Person) -> list[str]:
    """Return what is looked for."""
    first, last = person.first_name, person.last_name
    whole = [f"{first} {last}", f"{last}, {first}", f"{last} {first}"] if first and last else [last]
    return [text for text in (*whole, person.email, person.phone) if len(text) >= SHORTEST]


def find(person: Person) -> list[Mention]:
    """Return the texts that name a person, but for those that go anyway; no more than :data:`AT_MOST`."""
    wanted = names(person)
    found = [
        Mention(_key(field, text), field.model._meta.table_name, _excerpt(text, wanted))  # noqa: SLF001
        for model, field in FREE_TEXTS
        for text in _texts(model, field, person, wanted)
    ]
    return list({one.key: one for one in found}.values())[:AT_MOST]


def blacken(person: Person, chosen: frozenset[str]) -> int:
    """Blacken the name in the chosen mentions; return how many texts. Call it when the person's own rows are gone."""
    wanted = names(person)
    pattern = re.compile("|".join(re.escape(text) for text in wanted), re.IGNORECASE)
    count = 0
    for model, field in FREE_TEXTS:
        for text in _texts(model, field, person, wanted):
            if _key(field, text) in chosen:
                model.update({field: pattern.sub(BLACK, text)}).where(field == text).execute()
                count += 1
    return count


def _texts(model: type[Model], field: Field, person: Person, wanted: list[str]) -> list[str]:
    if not wanted:
        return []
    others = [column.is_null() | (column != person.id) for of, column in BY_PERSON if of is model]
    others += [column.not_in(mine) for of, column, mine in _below(person) if of is model]
    query: Any = model.select(field).where(reduce(or_, (field.contains(text) for text in wanted)), *others)
    return sorted({text for (text,) in query.tuples() if any(one.lower() in text.lower() for one in wanted)})


def _below(person: Person) -> list[tuple[type[Model], Field, Any]]:
    """Rows that go with the person although they don't point to them: below what does."""
    merged = MergedPerson.select(MergedPerson.id).where(MergedPerson.survivor == person.id)
    messages = Message.select(Message.id).where(Message.person == person.id)
    admissions = Admission.select(Admission.id).where(Admission.person == person.id)
    return [
        (Person, Person.id, [person.id]),
        (MergedPerson, MergedPerson.id, merged),
        (MergedChange, MergedChange.merged, merged),
        (Reply, Reply.message, messages),
        (AdmissionLetter, AdmissionLetter.admission, admissions),
    ]


def _key(field: Field, text: str) -> str:
    place = f"{field.model._meta.table_name}.{field.name}\0{text}"  # noqa: SLF001
    return blake2b(place.encode(), digest_size=16).hexdigest()


def _excerpt(text: str, wanted: list[str]) -> str:
    at = min(at for one in wanted if (at := text.lower().find(one.lower())) >= 0)
    begin, end = max(0, at - AROUND), at + 2 * AROUND
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
