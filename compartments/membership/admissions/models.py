"""Applications for membership, and what was done with each. Refused ones are erased on their day; of those who came in, the register keeps the rest."""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import Division, MembershipModel, Person

RECEIVED, CONFIRMED, ACCEPTED, REFUSED, MEMBER = "received", "confirmed", "accepted", "refused", "member"
STATES = (RECEIVED, CONFIRMED, ACCEPTED, REFUSED, MEMBER)
OPEN = (RECEIVED, CONFIRMED, ACCEPTED)


class Admission(MembershipModel):
    """An application. ``id`` is the envelope's; the keys say where answers go, and whose signature a withdrawal carries. Dues are cents a month."""

    id = CharField(primary_key=True, max_length=32)
    mailbox = CharField(max_length=32, unique=True)
    sealing_key = BlobField()
    signing_key = BlobField()
    language = CharField(max_length=2)
    received_on = DateField()
    retain_until = DateField(index=True)
    state = CharField(default=RECEIVED, index=True, constraints=[Check(f"state in {STATES!r}")])
    last_name = CharField()
    first_name = CharField()
    birth_date = DateField()
    street = CharField()
    postcode = CharField()
    city = CharField()
    country = CharField()
    email = CharField()
    phone = CharField()
    citizenship = CharField()
    division_wish = CharField()
    dues_monthly = IntegerField(constraints=[Check("dues_monthly >= 0")])
    dues_reduction = BooleanField()
    dues_reason = TextField()
    other_party = TextField()
    earlier_refusal = TextField()
    guardian_name = CharField()
    guardian_consent = BooleanField()
    consent = TextField()
    consent_on = DateField()
    remarks = TextField()
    division_id: int | None
    division = ForeignKeyField(Division, null=True, on_delete="SET NULL")
    decided_by = CharField(default="")
    reason = TextField(default="")
    person_id: int | None
    person = ForeignKeyField(Person, null=True, backref="admissions", on_delete="SET NULL")


class AdmissionEvent(MembershipModel):
    """What an officer did with an application, and when."""

    id = AutoField()
    admission = ForeignKeyField(Admission, backref="events", on_delete="CASCADE")
    state = CharField(constraints=[Check(f"state in {STATES!r}")])
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()


class AdmissionLetter(MembershipModel):
    """What passed between office and applicant. ``id`` is the envelope's, or that of the form which an officer sent.

    ``waits``: it came in, and nobody has answered it, or said that no answer is needed.
    """

    id = CharField(primary_key=True, max_length=32)
    admission_id: str
    admission = ForeignKeyField(Admission, backref="letters", on_delete="CASCADE")
    came_in = BooleanField()
    waits = BooleanField(default=False, index=True)
    text = TextField()
    day = DateField()
    at = DateTimeField()
    officer = CharField(default="")
    officer_name = CharField(default="")


class AdmissionFile(MembershipModel):
    """A file that came with a letter; its content is never shown in a page, only saved."""

    id = AutoField()
    letter_id: str
    letter = ForeignKeyField(AdmissionLetter, backref="files", on_delete="CASCADE")
    name = CharField(max_length=200)
    media_type = CharField(max_length=100)
    size = IntegerField()
    content = BlobField()


MODELS: tuple[type[Model], ...] = (Admission, AdmissionEvent, AdmissionLetter, AdmissionFile)
STATEMENTS: tuple[str, ...] = ()
