"""Rules of erasing a person (Art. 17 GDPR): what goes, what a law keeps, proposed by one officer and carried out by another. Knows no Flask.

Everything happens in one transaction, that of the confirmation. The file is opened with ``secure_delete``: what is deleted is overwritten in
the file's pages, so that no VACUUM is needed. What it can't reach are copies of the file; docs/decisions/0020 says what that means.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from peewee import fn

from app.envelopes import outbox
from app.faultpoints import reached
from app.office.authors import Author
from app.vault import proposals
from app.vault.models import Proposal
from compartments.membership import persons
from compartments.membership.admissions.admitting import ERASE_MAILBOX
from compartments.membership.dues.models import Payment
from compartments.membership.duplicates.models import MergedChange, MergedPerson, Search
from compartments.membership.exports import exporting
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import SKIPPED, WAITING, Invitation
from compartments.membership.rights import mentions, previewing, retention, staged
from compartments.membership.rights.decisions import BY_PERSON
from compartments.membership.rights.models import ERASURE, Erasure, Retained, RightsRequest
from compartments.membership.tables import Person, database
from keys.randomness import new_id

KIND = "erasure"


class NotNow(Exception):
    """Nobody can be erased just now. ``why`` is "member", "mail", "import" or "changed"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def propose(
    person_id: int, chosen: list[str], summary: str, *, by: Author, now: datetime, day: date, ticket: str = ""
) -> Proposal:
    """Propose an erasure; ``chosen`` are the mentions to be blackened. Raises :class:`NotNow`, ``persons.NoPerson``, ``proposals.AlreadyProposed``."""
    with database.atomic("IMMEDIATE"):
        person = persons.find(person_id)
        if stops := previewing.obstacles(person, day):
            raise NotNow(stops[0])
        subject = {
            "person": person.id,
            "revision": person.revision,
            "mentions": sorted(chosen),
            "ticket": ticket,
        }
        return proposals.propose(KIND, subject, summary, about=str(person.id), by=by, now=now)


def carry_out(proposal: Proposal, *, by: Author, day: date) -> Erasure:
    """Erase whom a confirmed proposal is about; in the transaction of the confirmation. Raises :class:`NotNow`."""
    subject = proposals.subject_of(proposal)
    with database.atomic("IMMEDIATE"):
        person: Person | None = Person.get_or_none(Person.id == subject["person"])
        if person is None or person.revision != subject["revision"]:
            raise NotNow("changed")
        if stops := previewing.obstacles(person, day):
            raise NotNow(stops[0])
        number = int(Erasure.select(fn.MAX(Erasure.number)).scalar() or 0) + 1
        told = exporting.recall(previewing.files_with(person), day=day)
        receipt = Erasure.create(
            id=proposal.id,
            number=number,
            erased_on=day,
            proposed_by_name=proposal.proposed_by_name,
            confirmed_by_name=by.name,
            ticket=subject["ticket"],
            erased=json.dumps(previewing.count_erased(person)),
            untied=json.dumps(previewing.count_untied(person)),
            told=json.dumps([one.number for one in told]),
            key_was_good=int(bool(previewing.assigned(person))),
        )
        _keep_vouchers(person, receipt, day)
        reached("erasure.half-way")
        _erase(person, by=by, day=day)
        receipt.blackened = mentions.blacken(person, frozenset(subject["mentions"]))
        receipt.save()
        _forget_proposals(person, number)
        reached("erasure.before-commit")
    return receipt


def _erase(person: Person, *, by: Author, day: date) -> None:
    waiting = (Invitation.person == person.id) & (Invitation.state == WAITING)
    Invitation.update(state=SKIPPED, next_try=None, settled_on=day).where(waiting).execute()
    for key in previewing.assigned(person):
        keys.give_back(key, "exit", day=day)
    RightsRequest.update(answered_on=day, answered_by_name=by.name).where(
        RightsRequest.person == person.id,
        RightsRequest.kind == ERASURE,
        RightsRequest.answered_on.is_null(),
    ).execute()
    Search.delete().where(Search.after.in_(staged.keys(person.id))).execute()
    staged.erase(person)
    for admission in previewing.admissions(person):
        outbox.order(ERASE_MAILBOX, {"mailbox": admission.mailbox, "day": day.isoformat()})
        admission.delete_instance()
    _blank_merged(person)
    for model, column in BY_PERSON:
        model.delete().where(column == person.id).execute()
    Payment.delete().where(Payment.person == person.id).execute()
    persons.remove(person)
    # Nobody gets the number again, and no import brings the person back.
    _spend(person.member_number)


def _keep_vouchers(person: Person, receipt: Erasure, day: date) -> None:
    rule = retention.vouchers()
    payer = {
        "member_number": person.member_number,
        "last_name": person.last_name,
        "first_name": person.first_name,
    }
    for one in previewing.years(person):
        if one.until < day:
            continue
        booked = [
            {
                "cents": row.cents,
                "received_on": row.received_on.isoformat(),
                "reference": row.reference,
                "taken_back_on": row.taken_back_at and row.taken_back_at.date().isoformat(),
            }
            for row in previewing.vouchers(person)
            if row.received_on.year == one.year
        ]
        Retained.create(
            id=new_id(),
            erasure=receipt,
            year=one.year,
            rows=len(booked),
            law=rule.law,
            until=one.until,
            content=json.dumps({**payer, "payments": booked}, ensure_ascii=False),
        )


def _blank_merged(person: Person) -> None:
    """Records that were merged into the person go whole; their bare numbers stay taken."""
    mine = [row.id for row in MergedPerson.select(MergedPerson.id).where(MergedPerson.survivor == person.id)]
    MergedChange.delete().where(MergedChange.merged.in_(mine)).execute()
    MergedPerson.update(survivor=None, record="{}", merged_by="", merged_by_name="", ticket="").where(
        MergedPerson.id.in_(mine)
    ).execute()


def _spend(number: int) -> None:
    """Keep a bare number taken. Neither day nor officer: these would lead from the receipt to it."""
    MergedPerson.create(
        id=new_id(),
        survivor=None,
        member_number=number,
        record="{}",
        merged_by="",
        merged_by_name="",
        merged_at=datetime(1970, 1, 1),  # noqa: DTZ001  (a time that says nothing)
    )


def _forget_proposals(person: Person, number: int) -> None:
    """Proposals of this erasure, and earlier ones that came to nothing, no longer say whom they were about."""
    for one in Proposal.select().where(Proposal.kind == KIND):
        if proposals.subject_of(one).get("person") == person.id:
            Proposal.update(subject="{}", summary=f"№ {number}").where(Proposal.id == one.id).execute()
