"""Somebody of whom every table of the vault has something, and the words that must be nowhere once they are erased."""

import json
from datetime import date

import pytest

from app.office.authors import Author
from app.vault import proposals
from app.vault.context import any_vault
from app.vault.models import Note, Notice
from compartments.membership import persons
from compartments.membership.admissions.models import (
    Admission,
    AdmissionEvent,
    AdmissionFile,
    AdmissionLetter,
)
from compartments.membership.dues.models import CARRIED, Payment
from compartments.membership.duplicates.models import MergedChange, MergedPerson, Pair, Search
from compartments.membership.imports.models import COMMITTED, STAGED, Import, KeptField, SparedExit, StagedRow
from compartments.membership.invitations.models import (
    ASSIGNED,
    SENT,
    WAITING,
    AddressHold,
    Invitation,
    InvitationRun,
    ReferenceKey,
)
from compartments.membership.reconciliation.models import Message, RelayMail, Reply, TakenBack
from compartments.membership.rights import erasing, mentions, staged
from compartments.membership.rights.models import ERASURE, RightsRequest
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW, details

DAY = NOW.date()
WORDS = (
    "Quintenzirkel",
    "Zacharias",
    "zq@kanarie.example",
    "0049 30 5550199",
    "Kanarienweg",
    "Vogelbauer",
    "Notizkanarie",
    "Altname",
    "Grundkanarie",
    "Textkanarie",
    "Antwortkanarie",
    "Antragskanarie",
    "Importkanarie",
    "Merkkanarie",
    "Buchkanarie",
)
KEPT = ("Quintenzirkel", "Zacharias", "Buchkanarie")
"""What a voucher of a payment holds."""


def fill(*, left: bool = True) -> Person:
    """Put somebody into every table that can hold something of a person. Inside the open vault."""
    other = _add("Beispiel", "Bea", member_number=2, notes="Wohnt bei Zacharias Quintenzirkel, siehe dort.")
    canary = {
        "email": WORDS[2],
        "phone": WORDS[3],
        "street": f"{WORDS[4]} 7",
        "city": WORDS[5],
        "postcode": "99999",
        "notes": WORDS[6],
        "reduction_reason": WORDS[8],
        "birth_date": date(1961, 2, 3),
    }
    one = _add(WORDS[7], WORDS[1], member_number=7001, **canary)
    persons.edit(one.id, _but(one, last_name=WORDS[0], member_number=7000), revision=1, by=MIKA, now=NOW)
    persons.read(one.id, by=MIKA, now=NOW)
    if left:
        persons.leave(one.id, day=DAY, reason="resigned", by=MIKA, now=NOW)
    one = persons.find(one.id)
    _dues(one)
    _elsewhere(one, other)
    _imports(one)
    _keys(one)
    _notes()
    return persons.find(one.id)


def _add(last, first, **more):
    return persons.add(details(last, first, **more), entry_id=new_id(), by=MIKA, now=NOW)


def _but(one, **changed):
    return persons.Details.of({**persons.details_of(one).as_dict(), **changed})


def _dues(one):
    who = {"officer": MIKA.id, "officer_name": MIKA.name, "at": NOW, "person": one.id}
    for year in (2015, 2016, 2025):
        Payment.create(
            entry_id=new_id(),
            cents=4800,
            received_on=date(year, 3, 1),
            reference=f"{WORDS[14]} {year}",
            **who,
        )
    Payment.create(entry_id=new_id(), kind=CARRIED, received_on=DAY, reference=WORDS[7], **who)


def _elsewhere(one, other):
    first, second = sorted((one.id, other.id))
    Pair.create(first=first, second=second, score=50, reasons="[]", found_at=NOW, remark=WORDS[13])
    Search.create(job=new_id(), after=staged.keys(one.id)[0], started_at=NOW)
    merged = MergedPerson.create(
        id=new_id(), survivor=one, member_number=6999, record=json.dumps({"last_name": WORDS[7]}),
        merged_by=MIKA.id, merged_by_name=MIKA.name, merged_at=NOW,
    )  # fmt: skip
    MergedChange.create(
        merged=merged, revision=1, field="notes", before=WORDS[6], officer=MIKA.id, officer_name="M", at=NOW
    )
    for person in (one, None):
        application = _application(one, person)
        AdmissionEvent.create(
            admission=application, state="received", officer=MIKA.id, officer_name="M", at=NOW
        )
        letter = AdmissionLetter.create(
            id=new_id(), admission=application, came_in=True, text=WORDS[11], day=DAY, at=NOW
        )
        AdmissionFile.create(
            letter=letter, name=f"{WORDS[8]}.pdf", media_type="application/pdf", size=1, content=b"x"
        )
    TakenBack.create(
        id=new_id(), person=one, reason=WORDS[9], taken_back_on=DAY, taken_back_by_name=MIKA.name
    )
    message = Message.create(id=new_id(), key="k", person=one, text=WORDS[9], arrived_on=DAY)
    Reply.create(id=new_id(), message=message, text=WORDS[10], sent_on=DAY, sent_by_name="M")
    RelayMail.create(
        id=new_id(), message=message, token=new_id(), state=SENT, decided_on=DAY, decided_by_name="M"
    )
    RightsRequest.create(
        id=new_id(), person=one, kind=ERASURE, received_on=DAY, due_on=DAY, noted_by_name="M", ticket="T1"
    )


def _application(one, person):
    texts = dict.fromkeys(
        ("citizenship", "division_wish", "other_party", "earlier_refusal", "guardian_name", "consent"), ""
    )
    return Admission.create(
        id=new_id(), mailbox=new_id(), sealing_key=b"s", signing_key=b"s", language="de", received_on=DAY,
        retain_until=DAY, state="member" if person else "refused", last_name=one.last_name, first_name=one.first_name,
        birth_date=one.birth_date, street=one.street, postcode="1", city=one.city, country="DE", email=one.email,
        phone=one.phone, dues_monthly=1, dues_reduction=True, dues_reason=WORDS[8], guardian_consent=False, consent_on=DAY,
        remarks=WORDS[11], person=person, **texts,
    )  # fmt: skip


def _imports(one):
    for state in (COMMITTED, STAGED):
        made = Import.create(
            entry=new_id(), file_name="liste.csv", size=1, encoding="utf-8", delimiter=";", columns="[]", state=state,
            uploaded_by=MIKA.id, uploaded_by_name="M", uploaded_at=NOW,
        )  # fmt: skip
        given = json.dumps({"last_name": one.last_name, "city": WORDS[12]}, ensure_ascii=False)
        rows = ({"person": one.id, "number": 1}, {"number": 7001}, {"number": 6999})
        for place, row in enumerate(rows):
            StagedRow.create(import_id=made.id, place=place, line=1, kind="change", given=given, **row)
        bad = json.dumps({"last_name": one.last_name, "first_name": one.first_name, "city": WORDS[12]})
        StagedRow.create(import_id=made.id, place=9, line=9, kind="bad", given=bad)
        KeptField.create(import_id=made.id, place=1, field="city", number=7000, person=one.id)
        SparedExit.create(
            import_id=made.id, person=one.id, number=7000, reason=WORDS[12], by_name="M", at=NOW
        )


def _keys(one):
    AddressHold.create(person=one, email=one.email, reason="5.1.1", since=DAY)
    run = InvitationRun.create(
        id=new_id(),
        number=1,
        contingent=1,
        per_minute=1,
        prepared_on=DAY,
        prepared_by_name="M",
    )
    living = ReferenceKey.create(
        key="living-key", key_set="s", state=ASSIGNED, person=one, exposed=True, assigned_on=DAY
    )
    ReferenceKey.create(key="old-key", key_set="s", state="deactivated", person=one, reason="lost")
    for state, key in ((SENT, living), (WAITING, None)):
        Invitation.create(run=run, person=one, key=key, token=new_id(), state=state)


def _notes():
    said = "Rückruf bei Zacharias Quintenzirkel (zq@kanarie.example), er wirkt verärgert."
    Note.create(entry_id=new_id(), author=MIKA.id, author_name="M", text=said, written_at=NOW)
    Note.create(entry_id=new_id(), author=MIKA.id, author_name="M", text="Milch kaufen", written_at=NOW)
    Notice.create(
        id=new_id(), sender="desk", subject="QUINTENZIRKEL, Zacharias", text="Bitte melden.", author_name="D",
        sent_on=DAY,
    )  # fmt: skip


def erase(one, *, chosen=None, by: Author = LEA, day=DAY):
    """Propose, confirm and carry out, as two officers do it."""
    everything = [found.key for found in mentions.find(one)]
    made = erasing.propose(
        one.id, everything if chosen is None else chosen, "x", by=MIKA, now=NOW, day=day, ticket="T1"
    )
    return confirm(made.id, by=by, day=day)


def confirm(proposal_id, *, by=LEA, day=DAY):
    """As the page of proposals does it: in one transaction."""
    with any_vault.atomic("IMMEDIATE"):
        return erasing.carry_out(proposals.confirm(proposal_id, by=by, now=NOW), by=by, day=day)


def found_in_tables(words) -> dict[str, list[str]]:
    """Return word -> "table.column" of every table of the open vault in which it stands, in whatever case."""
    tables = [
        name for (name,) in any_vault.execute_sql("select name from sqlite_master where type = 'table'")
    ]
    found: dict[str, list[str]] = {}
    for table in tables:
        cursor = any_vault.execute_sql(f'select * from "{table}"')
        columns = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            for column, value in zip(columns, row, strict=True):
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                for word in words:
                    if word.lower() in text.lower():
                        found.setdefault(word, []).append(f"{table}.{column}")
    return found


@pytest.fixture
def somebody(office) -> Person:
    return fill()
