"""A board with postings, and what its members do, at the level of the rules."""

from datetime import timedelta

import pytest

from app.clock import today, utc_now
from app.envelopes.receiving import receive
from app.shared import posting_changes
from app.shared.posting_changes import PostingDraft
from compartments.board.applications import service
from compartments.board.applications.history import Actor, Seen
from compartments.board.appointments import orders
from compartments.board.appointments import service as appointments
from compartments.board.appointments.service import Terms
from compartments.board.models import Application, Wish
from compartments.board.service import INCOMING
from keys.randomness import new_id
from tests.compartments.board.applicant import Applicant

BERTA = Actor("b" * 32, "Berta Vorstand")
HALF_A_YEAR = timedelta(days=183)


def draft(title="Mitgliederverwaltung", compartment="membership", **more) -> PostingDraft:
    texts = {
        "de": {"title": title, "summary": "Kurz."},
        "en": {"title": f"{title} (en)", "summary": "Short."},
    }
    return PostingDraft(compartment=compartment, **{"min_seats": 2, "max_seats": 2, "texts": texts, **more})


def published(slug, *arguments, **more) -> str:
    posting = posting_changes.create(slug, draft(*arguments, **more))
    posting_changes.publish(slug, revision=posting.revision, day=today(), actor=BERTA.id)
    return slug


class Board:
    """Berta at work. Everything needs the vault open (the `vault` fixture)."""

    def __init__(self, cast):
        self.cast = cast

    def applicant(self, *postings, **who) -> Applicant:
        applicant = Applicant(self.cast, **who)
        applicant.apply(*postings)
        self.take_in()
        return applicant

    def take_in(self) -> int:
        taken = receive(INCOMING)
        orders.deliver()
        return taken

    def application(self, applicant) -> Application:
        return Application.get(Application.mailbox == applicant.keys.id)

    def wish(self, applicant, place=0) -> Wish:
        application = self.application(applicant)
        return Wish.get(Wish.application == application, Wish.place == place)

    def seen(self, applicant) -> Seen:
        return Seen(self.application(applicant).revision, new_id())

    def write(self, applicant, text, seen=None) -> None:
        application = self.application(applicant)
        now = utc_now()
        service.write(application.id, seen or self.seen(applicant), text, actor=BERTA, now=now, day=today())
        orders.deliver()

    def move(self, applicant, stage, seen=None) -> None:
        application, wish = self.application(applicant), self.wish(applicant)
        seen = seen or self.seen(applicant)
        service.move(application.id, seen, wish.id, stage, reason="", actor=BERTA, now=utc_now())

    def reject(self, applicant, *wishes, day=None) -> None:
        application = self.application(applicant)
        service.reject(
            application.id,
            self.seen(applicant),
            [wish.id for wish in wishes or [self.wish(applicant)]],
            "Leider nein.",
            reason="intern",
            retention=HALF_A_YEAR,
            actor=BERTA,
            now=utc_now(),
            day=day or today(),
        )
        orders.deliver()

    def decide_offer(self, applicant, *, place=0, seen=None, person=None) -> str:
        """Decide an offer; what is ordered stays ordered."""
        terms = Terms(
            wish=self.wish(applicant, place).id,
            person=person,
            starts_on=today(),
            ends_on=None,
            answer_by=today() + timedelta(days=14),
            text="Wir freuen uns.",
        )
        return appointments.offer(
            self.application(applicant).id,
            seen or self.seen(applicant),
            terms,
            actor=BERTA,
            now=utc_now(),
            day=today(),
            cooling_off=HALF_A_YEAR,
        )

    def offer(self, applicant, **more) -> str:
        assignment = self.decide_offer(applicant, **more)
        orders.deliver()
        return assignment

    def withdraw(self, applicant, assignment) -> None:
        appointments.withdraw(
            self.application(applicant).id,
            self.seen(applicant),
            assignment,
            "Wir ziehen zurück.",
            actor=BERTA,
            now=utc_now(),
            day=today(),
        )
        orders.deliver()


@pytest.fixture
def postings(cast):
    """Three postings: two of strict offices, and one of a post without a compartment."""
    with cast.shared():
        return [
            published("mitglieder"),
            published("clearing", "Clearingstelle", "clearing", min_seats=3, max_seats=3),
            published("projekt", "Projektleitung", None, min_seats=1, max_seats=1, employed=True),
        ]


@pytest.fixture
def vault(cast, postings):
    with cast.vault("board") as vault:
        yield vault


@pytest.fixture
def board(cast, vault) -> Board:
    return Board(cast)


@pytest.fixture
def closed_board(cast, postings) -> Board:
    """A board whose vault nobody has open: for tests of pages and processes."""
    return Board(cast)
