"""Large files lie in pieces beside what they belong to: they arrive whole or not at all, for those who may read them, and go with it."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest

from app import pieces
from app.clock import utc_now
from app.crossings import COVERED_BYTES
from app.envelopes.package import File
from app.envelopes.posting import post_from_public
from app.office import inbox
from app.public.basket import Basket
from app.shared import cover, drafts, mailboxes, upkeep
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.draft_models import DraftFile, DraftPiece
from app.shared.models import Envelope, EnvelopePiece, Mailbox
from app.vault.models import Alarm, RefusedEnvelope, RefusedPiece
from compartments.board.applications import reading
from compartments.board.models import Application, ApplicationFile
from compartments.counsel.cases.models import CaseLetter, CaseLetterPiece
from compartments.counsel.cases.opened import Kind, NoCase
from tests.app.public import counselled, sender
from tests.app.public.files import odt
from tests.app.public.sender import CONTENT, keys_of
from tests.compartments.counsel.conftest import DAY, Seeker
from tests.memory import peak

PHOTO = File("Foto.jpg", "image/jpeg", bytes(range(256)) * 1000)
SEED = "5e" * 32


def rows(*tables):
    return tuple(table.select().count() for table in tables)


def files_received(office, name, seeker):
    """The files of each letter, read."""
    with office.vault(name):
        entries = office.desk(name).open(seeker.visit.case, now=utc_now()).entries(Kind.RECEIVED)
        return [[File(one.name, one.media_type, one.content) for one in entry.files] for entry in entries]


# --- in counsel ------------------------------------------------------------------------------------------------------------


def test_a_large_file_is_read_by_the_chosen_and_then_lies_nowhere_else(office, seeker):
    upkeep.keep_covered(DAY)
    assert seeker.write_in("conny", "ravi", files=[PHOTO])
    (envelope,) = [row for row in Envelope.select() if cover.is_real(row.id)]
    assert len(envelope.ciphertext) == COVERED_BYTES
    assert EnvelopePiece.select().where(EnvelopePiece.owner == envelope.id).count() == 4
    with office.vault("tove"):
        with pytest.raises(NoCase):
            office.desk("tove").open(seeker.visit.case, now=utc_now())
        assert rows(EnvelopePiece, CaseLetterPiece) == (0, 4)
    for name in ("conny", "ravi"):
        assert files_received(office, name, seeker) == [[PHOTO]]
    with office.vault("conny"):
        assert rows(CaseLetter, CaseLetterPiece, Alarm, RefusedEnvelope) == (0, 0, 0, 0)


def test_a_later_letter_carries_a_large_file_too(office, seeker):
    seeker.write_in("conny")
    assert seeker.write("ab" * 16, {"kind": "message", "text": "Anbei"}, files=[PHOTO])
    assert not seeker.write("ab" * 16, {"kind": "message", "text": "Anbei"}, files=[PHOTO])
    assert rows(EnvelopePiece) == (4,)
    assert files_received(office, "conny", seeker) == [[], [PHOTO]]


def test_a_file_that_goes_while_it_is_sent_is_asked_for_again(office, person):
    letter = odt(more=[("Pictures/1.png", random.Random(1).randbytes(200_000))])
    counselled.walk(person, office, "conny", files=(BytesIO(letter), "Brief.odt"))
    DraftPiece.delete().where(DraftPiece.number > 0).execute()
    person.press("send")
    assert "“Brief.odt” isn't there any more" in person.text
    assert person.heading.startswith("Files")
    assert rows(Envelope, EnvelopePiece) == (0, 0)


@pytest.mark.parametrize("size", [1, 20_000, 32_000])
def test_a_small_file_doesnt_show(office, seeker, size):
    upkeep.keep_covered(DAY)
    seeker.write_in("conny", files=[File("Notiz.odt", "", bytes(size))])
    assert {len(row.ciphertext) for row in Envelope.select()} == {COVERED_BYTES}
    assert rows(EnvelopePiece) == (0,)


@pytest.mark.parametrize("text", ["", "ä" * 10_000])
@pytest.mark.parametrize("names", [["conny"], ["conny", "ravi", "tove"]])
def test_no_file_makes_the_envelope_itself_longer(office, text, names):
    upkeep.keep_covered(DAY)
    sizes = range(0, 60_001, 7_500)
    for size in sizes:
        Seeker(office).write_in(*names, text=text, files=[File("Notiz", "", bytes(size))])
    assert {len(row.ciphertext) for row in Envelope.select()} == {COVERED_BYTES}
    assert 0 < EnvelopePiece.select(EnvelopePiece.owner).distinct().count() < len(sizes)


@pytest.mark.parametrize("change", ["flip", "drop", "swap", "cut"])
def test_a_file_that_was_tampered_with_is_put_aside_and_nothing_of_it_is_shown(office, seeker, change):
    seeker.write_in("conny", files=[PHOTO])
    tamper(change)
    with office.vault("conny"):
        with pytest.raises(NoCase):
            office.desk("conny").open(seeker.visit.case, now=utc_now())
        assert Alarm.get().kind == "refused-letter"


def tamper(change):
    piece = EnvelopePiece.select().where(EnvelopePiece.number == 1)
    if change == "flip":
        content = bytearray(piece.get().ciphertext)
        content[100] ^= 1
        EnvelopePiece.update(ciphertext=bytes(content)).where(EnvelopePiece.number == 1).execute()
    if change == "drop":
        EnvelopePiece.delete().where(EnvelopePiece.number == 3).execute()
    if change == "swap":
        for old, new in ((1, 9), (2, 1), (9, 2)):
            EnvelopePiece.update(number=new).where(EnvelopePiece.number == old).execute()
    if change == "cut":
        EnvelopePiece.update(ciphertext=piece.get().ciphertext[:-1]).where(
            EnvelopePiece.number == 1
        ).execute()


# --- to the board ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(cast):
    """A form with a large file in it, and the receipt's keys."""
    basket = Basket(SEED)
    with cast.shared():
        sender.add(basket)
        yield basket, keys_of(basket)


def send(cast, form):
    sender.send(*form, cast.app.extensions["schotten"].pinned("board"))


def board_has(cast):
    cast["board"].client().get("/board/")
    with cast.vault("board"):
        files = [b"".join(reading.parts(one)) for one in ApplicationFile.select()]
        return files, rows(RefusedEnvelope, Alarm)


def test_a_large_file_arrives_with_an_application(cast, form):
    assert rows(DraftFile, DraftPiece) == (1, 5)
    send(cast, form)
    assert rows(DraftFile, DraftPiece, Envelope, EnvelopePiece) == (0, 0, 1, 5)
    assert len(Envelope.get().ciphertext) < 10_000
    assert board_has(cast) == ([CONTENT], (0, 0))
    assert rows(Envelope, EnvelopePiece) == (0, 0)


def test_what_is_taken_back_before_it_is_read_takes_its_files_along(cast, form):
    send(cast, form)
    with write_transaction(shared_database):
        mailboxes.close(form[1])
    assert rows(Envelope, EnvelopePiece) == (0, 0)


def test_files_go_with_their_envelope_whoever_deletes_it(cast, form):
    send(cast, form)
    Envelope.delete().execute()
    assert rows(EnvelopePiece) == (0,)


@pytest.mark.parametrize("change", ["flip", "drop", "swap", "cut"])
def test_an_application_with_a_changed_file_is_refused_and_kept_whole(cast, form, change):
    send(cast, form)
    tamper(change)
    whole = len(Envelope.get().ciphertext) + sum(len(row.ciphertext) for row in EnvelopePiece.select())
    cast["board"].client().get("/board/")
    with cast.vault("board"):
        assert (Application.select().count(), RefusedEnvelope.get().reason) == (0, "CannotOpen")
        kept = len(RefusedEnvelope.get().ciphertext) + pieces.size(RefusedPiece, RefusedEnvelope.get().id)
        assert [one.size for one in inbox.refused()] == [kept] == [whole]
        inbox.discard(RefusedEnvelope.get().id)
        assert rows(RefusedEnvelope, RefusedPiece) == (0, 0)
    assert rows(Envelope, EnvelopePiece) == (0, 0)


def test_a_file_of_one_envelope_is_no_file_of_another(cast, form):
    send(cast, form)
    other = Basket("6f" * 32)
    sender.add(other)
    send(cast, (other, keys_of(other)))
    first, second = EnvelopePiece.select().where(EnvelopePiece.number == 1)
    for one, another in ((first, second.ciphertext), (second, first.ciphertext)):
        place = (EnvelopePiece.owner == one.owner_id) & (EnvelopePiece.number == 1)
        EnvelopePiece.update(ciphertext=another).where(place).execute()
    assert board_has(cast) == ([], (2, 2))


def test_a_type_that_carries_no_files_carries_no_large_ones(cast):
    board, body = cast.app.extensions["schotten"].pinned("board"), {"mailbox": "", "day": "", "signature": ""}
    with cast.shared():
        with pytest.raises(ValueError):
            post_from_public("application-withdrawal", board, "0" * 32, body, [PHOTO], day=DAY)
        assert rows(Envelope, EnvelopePiece) == (0, 0)


# --- killed, and how much is held -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("what", ["add", "send"])
def test_killed_at_the_last_step_nothing_of_it_is_there(cast, what):
    folder, basket = str(cast.organisation.settings.instance), Basket(SEED)
    with cast.shared():
        if what == "send":
            sender.add(basket)
        before = rows(DraftFile, DraftPiece)
        point = {"add": "draft.before-commit", "send": "application.before-commit"}[what]
        command = [sys.executable, "-m", "tests.app.public.sender", folder, SEED, what, *basket.carried()]
        ended = subprocess.run(
            command, env={**os.environ, "SCHOTTEN_FAULT_POINT": point}, check=False, timeout=60
        )
        assert ended.returncode == -signal.SIGKILL
        assert rows(DraftFile, DraftPiece) == before
        assert rows(Envelope, EnvelopePiece, Mailbox) == (0, 0, 0)
        if what == "send":
            send(cast, (basket, keys_of(basket)))
            assert board_has(cast) == ([CONTENT], (0, 0))


def test_neither_putting_aside_nor_sending_holds_the_file(cast):
    basket, content = Basket(SEED), bytes(5_000_000)
    with cast.shared():
        sender.add(Basket("00" * 32))  # so that all code is loaded
        held = peak(
            lambda: basket.drafts.append(
                drafts.add(
                    [memoryview(content)],
                    name="a.pdf",
                    media_type="application/pdf",
                    purpose="",
                    key=basket.key,
                    now=utc_now(),
                    valid_for=timedelta(hours=1),
                )
            )
        )
        sent = peak(lambda: send(cast, (basket, keys_of(basket))))
        assert EnvelopePiece.select().count() > 70
        assert sum(map(len, pieces.read(EnvelopePiece, keys_of(basket).envelope_id))) > len(content)
    assert held < 1_000_000
    assert sent < 1_000_000
