"""What a counsellor sends for and looks at is held a piece at a time, however large the files of a case are; a file that is saved is held once."""

import re

import pytest

from app.clock import utc_now
from app.envelopes.package import File
from app.shared.models import EnvelopePiece
from app.vault.models import RefusedEnvelope, RefusedPiece
from compartments.board.models import Application
from compartments.counsel.cases import readers
from compartments.counsel.cases.models import CaseEntryPiece, CaseLetterPiece
from compartments.counsel.cases.opened import Kind
from tests.app.envelopes.post import take_in
from tests.compartments.board.applicant import Applicant
from tests.compartments.counsel.conftest import Seeker
from tests.memory import peak

NOW = utc_now()
SIZE = 4_000_000
LARGE = [
    File("Foto.jpg", "image/jpeg", bytes(range(256)) * (SIZE // 512)),
    File("leer.odt", "text/plain", b""),
    File("Brief.pdf", "application/pdf", b"Brief " * (SIZE // 12)),
]
SMALL = [File("Notiz.odt", "text/plain", bytes(40_000))]
"""Lies beside its letter, too."""
A_LITTLE = 1_000_000


def consumed(client, path):
    """Get something as a server does: part by part, each let go."""
    response = client.get(path, buffered=False)
    assert response.status_code == 200
    length = sum(map(len, response.iter_encoded()))
    assert length == response.content_length
    return length


def links(client, seeker):
    page = client.get(f"/counsel/cases/{seeker.visit.case}").text
    return re.findall(rf'href="(/counsel/cases/{seeker.visit.case}/files/[^"]+)"', page)


@pytest.fixture
def conny(office):
    """Somebody who has worked with large files before, so that all code is loaded."""
    client, before = office["conny"].client(), Seeker(office)
    before.write_in("conny", files=SMALL)
    (link,) = links(client, before)
    consumed(client, link)
    return client


def test_looking_at_a_case_holds_none_of_its_files_and_saving_one_holds_it_once(office, seeker, conny):
    seeker.write_in("conny", files=LARGE)
    case = f"/counsel/cases/{seeker.visit.case}"
    taking_in = peak(lambda: conny.get(case))
    looking = peak(lambda: conny.get(case))
    photo, _empty, letter = links(conny, seeker)
    saving = peak(lambda: consumed(conny, photo))
    assert taking_in < A_LITTLE
    assert looking < A_LITTLE
    assert SIZE / 2 < saving < SIZE / 2 + A_LITTLE
    assert conny.get(letter).data == LARGE[2].content
    assert [conny.get(link).data for link in links(conny, seeker)] == [one.content for one in LARGE]


def test_files_stay_when_their_entry_is_written_anew_and_the_key_changes_and_go_with_it(office, seeker):
    seeker.write_in("conny", "ravi", files=LARGE)
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(seeker.visit.case, now=NOW)
        (intake,) = case.entries(Kind.RECEIVED)
        case.change(intake.id, {**intake.data, "text": "anders"}, version=1, now=NOW, by=None)
        readers.step_out(case, desk.ring, desk.others, reason="", now=NOW)
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        (intake,) = case.entries(Kind.RECEIVED)
        assert (intake.version, intake.data["text"], case.row.epoch) == (2, "anders", 2)
        assert [one.content for one in intake.files] == [one.content for one in LARGE]
        assert CaseEntryPiece.select().count() > CaseLetterPiece.select().count() == 0
        case.strike_out(intake.id, now=NOW)
        assert CaseEntryPiece.select().count() == 0


def test_a_piece_that_was_changed_in_the_vault_is_not_given_out(office, seeker, conny):
    seeker.write_in("conny", files=LARGE)
    photo = links(conny, seeker)[0]
    with office.vault("conny"):
        piece = CaseEntryPiece.get(CaseEntryPiece.number == 3, CaseEntryPiece.owner == photo.split("/")[-2])
        changed = bytes(piece.ciphertext[:-1]) + bytes([piece.ciphertext[-1] ^ 1])
        CaseEntryPiece.update(ciphertext=changed).where(
            CaseEntryPiece.number == 3, CaseEntryPiece.owner == piece.owner_id
        ).execute()
    conny.application.testing = False
    assert conny.get(photo).status_code == 500


# --- the board -------------------------------------------------------------------------------------------------------------


def page_of(cast, applicant):
    with cast.vault("board"):
        return f"/board/applications/{Application.get(Application.mailbox == applicant.keys.id).id}"


def test_the_board_holds_none_of_an_applications_files_and_one_of_those_it_saves(cast):
    client = cast["board"].client()
    with cast.shared():
        before, applicant = Applicant(cast), Applicant(cast)
        before.apply("mitglieder", files=SMALL)
        client.get("/board/applications/")
        applicant.apply("mitglieder", files=LARGE)
    client.get(page_of(cast, before))  # so that all code is loaded
    taking_in = peak(lambda: client.get("/board/applications/"))
    page = page_of(cast, applicant)
    looking = peak(lambda: client.get(page))
    sizes = {
        consumed(client, link): link for link in re.findall(rf"{page}/files/[0-9a-f]+", client.get(page).text)
    }
    saving = peak(lambda: consumed(client, sizes[len(LARGE[0].content)]))
    assert sorted(sizes) == sorted(len(one.content) for one in LARGE)
    assert client.get(sizes[len(LARGE[2].content)]).data == LARGE[2].content
    assert max(taking_in, looking) < A_LITTLE
    assert SIZE / 2 < saving < SIZE / 2 + A_LITTLE


def test_what_is_refused_is_kept_without_being_held(cast):
    with cast.shared():
        Applicant(cast).apply("mitglieder", files=SMALL)
        take_in(cast, "board")
        Applicant(cast).apply("mitglieder", files=LARGE)
        EnvelopePiece.delete().where(EnvelopePiece.number == 20).execute()
        left = EnvelopePiece.select().count()
    assert peak(lambda: take_in(cast, "board")) < A_LITTLE
    with cast.vault("board"):
        assert RefusedEnvelope.get().reason == "CannotOpen"
        assert RefusedPiece.select().count() == left > 50
