"""Tables of the board vault: applications and what was done with them, persons by name, appointments, letters.

Here, and only here, a person of the shared layer has a name. No table says what somebody does inside another compartment.
The pipeline of a posting is a list of stages on the posting; a wish (one application to one posting) stands at one of them. Interviews,
scorecards and a talent pool hang on a wish or an application; nothing here has to change for them.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from app.shared.fields import JSONText
from app.vault.context import vault_database
from app.vault.schema import Schema

database = vault_database("board")

RECEIVED, SCREENING, INTERVIEW, DECISION = "received", "screening", "interview", "decision"
OFFERED, APPOINTED, REJECTED, WITHDRAWN = "offered", "appointed", "rejected", "withdrawn"
DEFAULT_STAGES = (RECEIVED, SCREENING, INTERVIEW, DECISION)
"""Where a wish may stand before it is decided, unless its posting says otherwise."""
DECIDED = (APPOINTED, REJECTED, WITHDRAWN)
"""Where nothing more is to be done. OFFERED stands between: the applicant is to answer."""


class BoardModel(Model):
    """Base of the tables that only a board vault has."""

    class Meta:
        database = database
        legacy_table_names = False


class Application(BoardModel):
    """What one applicant sent. ``words`` is what a search looks through; ``changed_at`` is when something last came from outside.

    ``revision`` rises with everything done to it, so that nobody acts on a page that is out of date. On ``retain_until`` it is erased, whatever
    became of it: first the day that the applicant was told, later the one that a rejection names.
    """

    id = CharField(primary_key=True, max_length=32)
    mailbox = CharField(unique=True, max_length=32)
    sealing_key = BlobField()
    signing_key = BlobField()
    language = CharField(max_length=2)
    received_on = DateField(index=True)
    name = TextField()
    email = TextField()
    phone = TextField(default="")
    pronouns = TextField(default="")
    motivation = TextField()
    experience = TextField(default="")
    availability = TextField(default="")
    separation_confirmed = BooleanField(default=False)
    anonymised = BooleanField(default=False)
    words = TextField()
    changed_at = DateTimeField(index=True)
    retain_until = DateField(index=True)
    consent = TextField(default="")
    revision = IntegerField(default=1)


class Wish(BoardModel):
    """One application to one posting (its slug). ``answers`` and ``evidence`` carry the words that the applicant was shown."""

    id = AutoField()
    application = ForeignKeyField(Application, backref="wishes", on_delete="CASCADE")
    application_id: str
    posting = CharField(index=True)
    place = IntegerField()
    stage = CharField(default=RECEIVED, index=True)
    stage_since = DateField()
    answers = JSONText(default=list)
    evidence = JSONText(default=list)

    class Meta:
        indexes = ((("application", "posting"), True),)


class ApplicationMessage(BoardModel):
    """One text between the board and an applicant. ``author`` is an account's id; None where the applicant wrote.

    ``sent_on`` is the day it was written, ``at`` when it came into this vault.
    """

    id = CharField(primary_key=True, max_length=32)
    application = ForeignKeyField(Application, backref="messages", on_delete="CASCADE")
    direction = CharField(constraints=[Check("direction in ('in', 'out')")])
    kind = CharField(default="message", constraints=[Check("kind in ('message', 'offer', 'decision')")])
    text = TextField()
    author = CharField(null=True)
    author_name = TextField(default="")
    sent_on = DateField()
    at = DateTimeField()


class ApplicationFile(BoardModel):
    """A file from the applicant; its content is in pieces. ``evidence_for`` is the requirement it proves, in the words shown."""

    id = CharField(primary_key=True, max_length=32)
    application = ForeignKeyField(Application, backref="files", on_delete="CASCADE")
    application_id: str
    message = ForeignKeyField(ApplicationMessage, null=True, backref="files", on_delete="CASCADE")
    message_id: str | None
    name = TextField()
    media_type = CharField()
    size = IntegerField()
    evidence_for = TextField(default="")


class ApplicationFilePiece(BoardModel):
    """Some of a file's bytes (:mod:`app.pieces`); nobody has to hold a large one to take it in."""

    owner = ForeignKeyField(ApplicationFile, on_delete="CASCADE")
    number = IntegerField()
    content = BlobField()

    class Meta:
        primary_key = CompositeKey("owner", "number")


class StageEvent(BoardModel):
    """One line of an application's history. Its id is that of the form that caused it, so a form sent twice acts once."""

    id = CharField(primary_key=True, max_length=32)
    application = ForeignKeyField(Application, backref="events", on_delete="CASCADE")
    wish = ForeignKeyField(Wish, null=True, backref="events", on_delete="CASCADE")
    wish_id: int | None
    kind = CharField()
    from_stage = CharField(null=True)
    to_stage = CharField(null=True)
    actor = CharField(null=True)
    actor_name = TextField(default="")
    reason = TextField(default="")
    at = DateTimeField()
    revision = IntegerField()


class Reading(BoardModel):
    """Which officer last read which application, and when: for the unread marks, and to answer who has read it."""

    application = ForeignKeyField(Application, backref="readings", on_delete="CASCADE")
    officer = CharField()
    read_at = DateTimeField()

    class Meta:
        primary_key = CompositeKey("application", "officer")


class ErasedApplication(BoardModel):
    """The anonymous trace of an application that has been erased: which posting, when, why. Tells no person."""

    posting = CharField()
    received_on = DateField()
    erased_on = DateField()
    why = CharField(constraints=[Check("why in ('withdrawn', 'retention', 'board')")])
    stage = CharField()


class Person(BoardModel):
    """The name of a person of the shared layer, who has the same id there."""

    id = CharField(primary_key=True, max_length=32)
    name = TextField()
    email = TextField(default="")


class Appointment(BoardModel):
    """One offer, and the office that came of it. Its id is the assignment's in the shared layer, where the term is kept.

    ``ordered`` until the shared layer has taken it; ``refused`` names the rule that stood against it there.
    """

    id = CharField(primary_key=True, max_length=32)
    person = ForeignKeyField(Person, backref="appointments")
    person_id: str
    wish = ForeignKeyField(Wish, null=True, backref="appointments", on_delete="SET NULL")
    wish_id: int | None
    posting = CharField()
    compartment = CharField(null=True)
    role = CharField()
    state = CharField(
        default="ordered",
        constraints=[
            Check("state in ('ordered', 'offered', 'accepted', 'declined', 'withdrawn', 'refused', 'ended')")
        ],
    )
    starts_on = DateField()
    ends_on = DateField(null=True)
    answer_by = DateField()
    refusal = CharField(default="")
    decided_by = CharField()
    decided_by_name = TextField()
    decided_at = DateTimeField()
    settled_on = DateField(null=True)


class LetterTemplate(BoardModel):
    """The board's own wording of a letter, in one language, in place of the one that comes with the program."""

    kind = CharField()
    language = CharField(max_length=2)
    text = TextField()

    class Meta:
        primary_key = CompositeKey("kind", "language")


class SentNotice(BoardModel):
    """A notice that the board sent to another compartment; the envelope's id."""

    id = CharField(primary_key=True, max_length=32)
    recipient = CharField()
    subject = TextField()
    text = TextField()
    author_name = TextField()
    sent_at = DateTimeField(index=True)


class ReleasedFigures(BoardModel):
    """The numbers that an office has released for one period ("2026-11"): sums, never a key, a code or a person. They stay as they came."""

    id = CharField(primary_key=True, max_length=32)
    office = CharField()
    period = CharField(index=True, max_length=7)
    figures = JSONText(default=dict)
    released_by = JSONText(default=list)
    received_on = DateField()

    class Meta:
        indexes = ((("office", "period"), True),)


class CounselReport(BoardModel):
    """The counsellors' report of one year, as they released it. ``report`` is texts, words, and tables under disclosure control."""

    year = CharField(primary_key=True, max_length=4)
    report = JSONText(default=dict)
    released_by = JSONText(default=list)
    received_on = DateField()


class CounselReportFile(BoardModel):
    """The same as a PDF, one per language."""

    report = ForeignKeyField(CounselReport, backref="files")
    name = CharField()
    content = BlobField()


SCHEMA = Schema(
    "board",
    models=(
        Application,
        Wish,
        ApplicationMessage,
        ApplicationFile,
        ApplicationFilePiece,
        StageEvent,
        Reading,
        ErasedApplication,
        Person,
        Appointment,
        LetterTemplate,
        SentNotice,
        ReleasedFigures,
        CounselReport,
        CounselReportFile,
    ),
)
