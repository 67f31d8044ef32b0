"""kill -9 at each write of what people and counsellors do, to whichever database: all of it has happened or nothing, every case opens for its
readers, and it can be done again (promise P9).
"""

from contextlib import suppress
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.envelopes.package import File
from app.shared import assignments, cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.models import Account, Envelope, EnvelopePiece
from app.vault.models import Alarm, Outgoing, RefusedEnvelope
from compartments.counsel.cases import readers, work
from compartments.counsel.cases.models import CLOSED, Case, CaseEntry, CaseLetter, CaseLetterPiece, CaseSlot
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.retention import service as retention
from compartments.counsel.retention.models import ErasureReceipt
from keys.randomness import new_id
from tests.compartments.counsel.children import killed_at_each_write
from tests.compartments.counsel.conftest import DAY, SAID

pytestmark = pytest.mark.slow

NOW = utc_now()
BACKUPS = timedelta(days=14)
PHOTO = File("Foto.jpg", "image/jpeg", bytes(range(256)) * 700)


def rows(*tables):
    return tuple(table.select().count() for table in tables)


def real(model):
    return sum(cover.is_real(row.id) for row in model.select(model.id))


def reads(office, name, case_id):
    """Whether that counsellor reads the case, whole, with the person's file."""
    with office.vault(name):
        try:
            case = office.desk(name).open(case_id, now=NOW)
        except NoCase:
            return False
        (received,) = case.entries(Kind.RECEIVED)
        assert received.data["text"] == SAID["text"]
        assert [file.content for file in received.files] == [PHOTO.content]
        return True


def readers_of(office, case_id):
    return {name for name in office.members if reads(office, name, case_id)}


@pytest.fixture
def written(office, seeker):
    """The id of a case that Conny and Ravi read, with a large file in it."""
    upkeep.keep_covered(DAY)
    seeker.write_in("conny", "ravi", files=[PHOTO])
    assert readers_of(office, seeker.visit.case) == {"conny", "ravi"}
    return seeker.visit.case


def acts_on(office, name, case_id, act):
    """What a counsellor's request does: take in, open the case, act, deliver. Nothing to do where they don't read it any more."""

    def request():
        with office.vault(name):
            desk = office.desk(name)
            with suppress(NoCase):
                act(desk, desk.open(case_id, now=NOW))
            office.take_in()

    return request


# --- what people do --------------------------------------------------------------------------------------------------------


def test_first_words_with_a_large_file_are_sent_whole_or_not_at_all(office, seeker):
    upkeep.keep_covered(DAY)
    for _kill in killed_at_each_write(office, lambda: seeker.write_in("conny", files=[PHOTO])):
        assert (real(Envelope), real(Drop)) == (0, 0)
        assert rows(Envelope, Drop, EnvelopePiece) == (cover.AT_ONCE, cover.AT_ONCE, 0)
    assert not seeker.write_in("conny", files=[PHOTO])
    assert (real(Envelope), real(Drop)) == (1, 1)
    assert readers_of(office, seeker.visit.case) == {"conny"}


def test_a_letter_with_a_large_file_is_sent_whole_or_not_at_all(office, seeker):
    upkeep.keep_covered(DAY)
    seeker.write_in("conny")
    letter, message = new_id(), {"kind": "message", "text": "Hier ist das Foto."}
    for _kill in killed_at_each_write(office, lambda: seeker.write(letter, message, files=[PHOTO])):
        assert (real(Envelope), real(Drop), EnvelopePiece.select().count()) == (1, 1, 0)
        assert len(seeker.look().sent) == 1
    assert not seeker.write(letter, message, files=[PHOTO])
    assert (real(Envelope), real(Drop)) == (2, 2)
    with office.vault("conny"):
        received = office.desk("conny").open(seeker.visit.case, now=NOW).entries(Kind.RECEIVED)
        assert [[file.content for file in one.files] for one in received] == [[], [PHOTO.content]]


# --- what counsellors do ---------------------------------------------------------------------------------------------------


def test_what_comes_in_is_taken_in_once(office, seeker):
    upkeep.keep_covered(DAY)
    seeker.write_in("conny", "ravi", files=[PHOTO])
    for _kill in killed_at_each_write(office, acts_on(office, "ravi", seeker.visit.case, lambda *_: None)):
        with office.vault("conny"):
            kept = Case.select().count()
            assert real(Envelope) or kept, "neither on its way nor taken in"
            assert rows(CaseSlot, Alarm, RefusedEnvelope) == (8 * kept, 0, 0)
    assert readers_of(office, seeker.visit.case) == {"conny", "ravi"}
    with office.vault("conny"):
        assert rows(CaseLetter, CaseLetterPiece, Outgoing) == (0, 0, 0)
    assert (real(Envelope), *rows(Envelope, EnvelopePiece)) == (0, cover.AT_ONCE, 0)


def test_a_colleague_is_let_in_or_not(office, written):
    tove = office["tove"].account_id

    def admit(desk, case):
        if tove not in case.head.readers:
            readers.admit(case, desk.ring, tove, desk.others, now=NOW)

    for _kill in killed_at_each_write(office, acts_on(office, "ravi", written, admit)):
        with office.vault("conny"):
            let_in = Case.get().epoch == 2
        assert readers_of(office, written) == {"conny", "ravi", *(["tove"] if let_in else [])}
    assert readers_of(office, written) == {"conny", "ravi", "tove"}


def test_who_steps_out_has_left_or_not(office, written):
    def step_out(desk, case):
        readers.step_out(case, desk.ring, desk.others, reason="Ich kenne ihn.", now=NOW)

    for _kill in killed_at_each_write(office, acts_on(office, "ravi", written, step_out)):
        with office.vault("conny"):
            out = Case.get().epoch == 2
        assert readers_of(office, written) == {"conny", *([] if out else ["ravi"])}
    assert readers_of(office, written) == {"conny"}


def test_a_key_that_is_changed_for_one_who_has_left_is_changed_or_not(office, seeker, written):
    assignments.end(Account.get_by_id(office["ravi"].account_id).assignment_id, day=DAY)
    epochs = set()
    for _kill in killed_at_each_write(office, acts_on(office, "conny", written, lambda *_: None)):
        with office.vault("conny"):
            # Looked at through the rows: opening it here would change the key.
            epochs.add(Case.get().epoch)
            assert CaseSlot.select().count() == 8
    del office.members["ravi"]
    assert epochs == {1, 2}
    assert readers_of(office, written) == {"conny"}
    assert seeker.look().standing["counsellors"] == ["Conny Vertrauen"]


def test_a_case_is_closed_or_not_and_the_person_is_told_once(office, seeker, written):
    def close(_desk, case):
        if case.row.state != CLOSED:
            work.close(case, text="Alles gut.", now=NOW)

    for _kill in killed_at_each_write(office, acts_on(office, "ravi", written, close)):
        with office.vault("conny"):
            closed = Case.get().state == CLOSED
            assert bool(Case.get().erase_on) == closed
        assert readers_of(office, written) == {"conny", "ravi"}
    with office.vault("conny"):
        events = office.desk("conny").open(written, now=NOW).entries(Kind.EVENT)
        assert [one.data["what"] for one in events] == ["closed"]
    told = [one["standing"]["state"] for one in seeker.look().answers]
    assert told == [CLOSED]


def test_a_case_is_erased_whole_or_not_at_all(office, seeker, written):
    def erase(_desk, case):
        retention.erase(case, retention.BY_HAND, backups_kept=BACKUPS, now=NOW)

    with office.vault("conny"):
        work.reply(office.desk("conny").open(written, now=NOW), "Ja.", entry_id=new_id(), now=NOW)
        office.take_in()
    for _kill in killed_at_each_write(office, acts_on(office, "ravi", written, erase)):
        with office.vault("conny"):
            gone = not Case.select().exists()
            assert ErasureReceipt.select().count() == gone
            left = rows(CaseEntry, CaseSlot, CaseLetter, CaseLetterPiece)
            assert (left == (0, 0, 0, 0)) == gone
    with office.vault("conny"):
        assert rows(Case, ErasureReceipt, Outgoing, Alarm) == (0, 1, 0, 0)
    assert [one["kind"] for one in seeker.look().answers] == ["erased"]
    assert Drop.select().count() == cover.AT_ONCE
