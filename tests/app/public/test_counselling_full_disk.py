"""The disk is full while somebody writes to the counsellors: they are told so, keep every word, and what they send later arrives once."""

import random
import resource
from contextlib import contextmanager
from io import BytesIO

import pytest

from app.clock import utc_now
from app.shared import cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.draft_models import DraftFile
from app.shared.models import Envelope, EnvelopePiece
from compartments.counsel.cases.opened import Kind
from keys.randomness import new_id
from keys.visits import VisitKeys
from tests.app.public.counselled import TEXT, come_back, walk
from tests.app.public.files import odt
from tests.compartments.counsel.conftest import DAY, SAID

LARGE = odt(random.Random(7).randbytes(200_000).hex().encode())
BUSY = "This could not be stored just now"


@contextmanager
def no_page_left(_office):
    """The file may not grow by a page."""
    (used,) = shared_database.execute_sql("pragma page_count").fetchone()
    (before,) = shared_database.execute_sql("pragma max_page_count").fetchone()
    shared_database.execute_sql(f"pragma max_page_count = {used}")
    yield
    shared_database.execute_sql(f"pragma max_page_count = {before}")


@contextmanager
def no_byte_left(office):
    """No file may grow: the operating system refuses to write on."""
    log = office.cast.organisation.instance.shared_file.with_name("shared.db-wal")
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.fixture(params=[no_page_left, no_byte_left], ids=lambda one: one.__name__)
def full(request, office):
    shared_database.execute_sql("pragma wal_checkpoint(truncate)")
    return lambda: request.param(office)


def real(model):
    return sum(cover.is_real(row.id) for row in model.select(model.id))


def use_up_cover():
    """Let no place be left of today's, so that whatever comes needs room."""
    for kind in (cover.DROPS, cover.envelopes("counsel")):
        while not all(cover.is_real(row.id) for row in kind.of_day(DAY)):
            with write_transaction(shared_database):
                cover.put(kind, new_id(), kind.blank(), DAY)


def received(office, code):
    with office.vault("conny"):
        case = office.desk("conny").open(VisitKeys.from_receipt(code).case, now=utc_now())
        return [(one.data["text"], len(one.files)) for one in case.entries(Kind.RECEIVED)]


def test_first_words_are_kept_on_the_page_and_sent_later(office, person, full):
    walk(person, office, "conny", files=[(BytesIO(odt()), "Brief.odt")])
    with full():
        for _press in range(2):
            person.press("send")
            assert (person.status, person.heading) == (503, "Check before you send")
            assert BUSY in person.page
            assert TEXT in person.page
            assert "Brief.odt" in person.page
    assert (real(Envelope), real(Drop), EnvelopePiece.select().count()) == (0, 0, 0)
    person.press("send")
    assert person.heading == "It is sent"
    assert (real(Envelope), DraftFile.select().count()) == (1, 0)
    assert received(office, person.code) == [(TEXT, 1)]


def test_where_there_is_cover_first_words_need_no_room(office, person):
    """They take the place of what lies there. The files of the form stay behind, and go by themselves."""
    upkeep.keep_covered(DAY)
    walk(person, office, "conny", files=[(BytesIO(odt()), "Brief.odt")])
    with no_page_left(office):
        person.press("send")
        assert person.heading == "It is sent"
    assert received(office, person.code) == [(TEXT, 1)]


def test_a_letter_is_kept_on_the_page_and_sent_later(office, person, seeker, full):
    seeker.write_in("conny")
    use_up_cover()
    come_back(person, seeker.code).fill({"text": "Ich bin wieder da."})
    with full():
        person.press("upload", files={"files": [(BytesIO(LARGE), "Brief.odt")]})
        assert "The file could not be stored just now." in person.page
        for _press in range(2):
            person.press("send")
            assert (person.status, person.heading) == (503, "Our conversation")
            assert BUSY in person.page
            assert "Ich bin wieder da.</textarea>" in person.page
        assert len(seeker.look().sent) == 1
    person.press("send")
    assert "Your message is sealed and sent." in person.page
    assert [text for text, _files in received(office, seeker.code)] == [SAID["text"], "Ich bin wieder da."]


def test_a_decision_that_could_not_be_stored_can_be_made_again(person, seeker, full):
    seeker.write_in("conny")
    use_up_cover()
    come_back(person, seeker.code).press("end")
    with full():
        person.press("end-meant")
        assert (person.status, BUSY in person.page) == (503, True)
        assert len(seeker.look().sent) == 1
    person.press("end").press("end-meant")
    assert [one["kind"] for one in seeker.look().sent] == ["opened", "end"]
