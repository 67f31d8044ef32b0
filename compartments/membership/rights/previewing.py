"""What an erasure would do, looked at beforehand: what goes, what a law keeps and until when, and what stands in the way. Knows no Flask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from compartments.membership import persons
from compartments.membership.admissions.models import REFUSED, Admission
from compartments.membership.dues.models import PAYMENT, Payment
from compartments.membership.duplicates.models import MergedChange, MergedPerson
from compartments.membership.exports.models import DELETED, Download, Export
from compartments.membership.imports.models import NEW, READING, Import
from compartments.membership.invitations.models import ASSIGNED, DATA, SENDING, Invitation, ReferenceKey
from compartments.membership.reconciliation.models import Message, RelayMail
from compartments.membership.rights import mentions, retention, staged
from compartments.membership.rights.decisions import BY_PERSON, WITHOUT_THE_PERSON
from compartments.membership.tables import Person, ReadEvent


@dataclass(frozen=True)
class Year:
    """Vouchers of one year, and until when they are kept; ``until`` in the past: they go."""

    year: int
    rows: int
    until: date


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: table -> rows that go, or that stay without the person; and what is kept."""

    erased: dict[str, int]
    untied: dict[str, int]
    kept: list[Year]
    law: str
    mentions: list[mentions.Mention]
    exports: list[int]
    has_key: bool
    obstacles: list[str] = field(default_factory=list)


def preview(person_id: int, day: date) -> Preview:
    """Say what an erasure would do now. Raises ``persons.NoPerson``."""
    person = persons.find(person_id)
    read = files_with(person)
    exports = Download.select().where(Download.at.in_(read), Download.export.in_(_open_exports()))
    return Preview(
        erased=count_erased(person),
        untied=count_untied(person),
        kept=[year for year in years(person) if year.until >= day],
        law=retention.vouchers().law,
        mentions=mentions.find(person),
        exports=sorted({one.export.number for one in exports}),
        has_key=bool(assigned(person)),
        obstacles=obstacles(person, day),
    )


def obstacles(person: Person, day: date) -> list[str]:
    """Return why the person can't be erased on ``day``; nothing where they can."""
    found = []
    if person.left_on is None or person.left_on > day:
        found.append("member")
    if _is_being_mailed(person):
        found.append("mail")
    if Import.select().where(Import.state.in_([NEW, READING])).exists():
        found.append("import")
    return found


def _is_being_mailed(person: Person) -> bool:
    """Whether a mail is on its way: what comes of it has to be noted somewhere."""
    on_its_way = [SENDING, DATA]
    invited = Invitation.select().where(Invitation.person == person.id, Invitation.state.in_(on_its_way))
    told = RelayMail.select().join(Message)
    return (
        invited.exists() or told.where(Message.person == person.id, RelayMail.state.in_(on_its_way)).exists()
    )


def count_erased(person: Person) -> dict[str, int]:
    """Return table -> rows that an erasure takes out."""
    merged = MergedPerson.select(MergedPerson.id).where(MergedPerson.survivor == person.id)
    found: dict[str, int] = {"person": 1, "staged_row": len(staged.of(person))}
    for model, column in BY_PERSON:
        name = model._meta.table_name  # noqa: SLF001
        found[name] = found.get(name, 0) + model.select().where(column == person.id).count()
    found["admission"] = len(admissions(person))
    found["payment"] = Payment.select().where(Payment.person == person.id).count()
    found["merged_person"] = merged.count()
    found["merged_change"] = MergedChange.select().where(MergedChange.merged.in_(merged)).count()
    return {name: count for name, count in found.items() if count}


def count_untied(person: Person) -> dict[str, int]:
    """Return table -> rows that stay without the person."""
    counted = {
        model._meta.table_name: model.select().where(column == person.id).count()  # noqa: SLF001
        for model, column in WITHOUT_THE_PERSON
    }
    return {name: count for name, count in counted.items() if count}


def assigned(person: Person) -> list[ReferenceKey]:
    """Return the reference keys of a person that are good: one, or none."""
    return list(ReferenceKey.select().where(ReferenceKey.person == person.id, ReferenceKey.state == ASSIGNED))


def vouchers(person: Person) -> list[Payment]:
    """Return the payments of a person, which are vouchers; waivers and what was carried over are none."""
    return list(Payment.select().where(Payment.person == person.id, Payment.kind == PAYMENT))


def years(person: Person) -> list[Year]:
    """Return the vouchers of a person by year, and until when the law keeps them."""
    rule = retention.vouchers()
    counted: dict[int, int] = {}
    for row in vouchers(person):
        counted[row.received_on.year] = counted.get(row.received_on.year, 0) + 1
    return [Year(year, rows, rule.until(date(year, 1, 1))) for year, rows in sorted(counted.items())]


def admissions(person: Person) -> list[Admission]:
    """The application that made the person a member, and refused ones of somebody with their names and birth date."""
    same = (
        (Admission.last_name == person.last_name)
        & (Admission.first_name == person.first_name)
        & (Admission.birth_date == person.birth_date)
        & (Admission.state == REFUSED)
    )
    return list(Admission.select().where((Admission.person == person.id) | same))


def files_with(person: Person) -> list[Any]:
    """Return when files were made that the person is in: each left its note among the readings, of the same moment."""
    read = ReadEvent.select(ReadEvent.at).where(ReadEvent.person == person.id)
    return [row.at for row in Download.select(Download.at).where(Download.at.in_(read))]


def _open_exports() -> Any:
    return Export.select(Export.id).where(Export.state != DELETED)
