"""Office and applicant write to each other: sealed, signed, taken in once, answered, and gone with the application."""

from io import BytesIO

import pytest

from app.envelopes.mailbox_letters import letter_id, sign
from app.envelopes.posting import post_from_public
from app.vault.models import RefusedEnvelope
from compartments.membership.admissions import admitting
from compartments.membership.admissions.models import Admission, AdmissionFile, AdmissionLetter
from keys.mailbox import MailboxKeys
from tests.app.public.applicant import Applicant
from tests.app.public.files import PDF
from tests.app.public.test_canary import CANARY, everything_logged, found_in, temporary_files
from tests.app.public.test_membership_application import walk
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.killing import officer
from tests.pages import fill, words

__all__ = ["everything_logged", "temporary_files"]
PATH = "/membership/admissions/"


@pytest.fixture
def at(cast, client, applicant):
    """The application's page, taken in."""
    client.get(PATH)
    with cast.vault("membership"):
        return PATH + Admission.get().id


@pytest.fixture
def pdf():
    """A new upload each time it is called."""
    return lambda name="Nachweis.pdf": (BytesIO(PDF), name)


def open_mailbox(applicant):
    return applicant.see("/mailbox").fill({"code": applicant.receipt}).press()


def write(applicant, text, **more):
    open_mailbox(applicant)
    applicant.fill({"text": text}).press("send", **more)
    assert "sealed and sent to the membership office" in applicant.page
    return applicant


def kept(cast):
    with cast.vault("membership"):
        assert not RefusedEnvelope.select().exists()
        return [(one.text, one.waits) for one in AdmissionLetter.select().where(AdmissionLetter.came_in)]


def test_the_office_asks_back_and_the_applicant_answers_with_a_file(cast, client, applicant, at, pdf):
    asked = fill(client, client.get(at), "/letters", text="Uns fehlt ein Nachweis über die Ermäßigung.")
    assert asked.status_code == 303
    assert "Uns fehlt ein Nachweis" in open_mailbox(applicant).page
    write(applicant, "Hier ist er.", files={"files": pdf("Bescheid.pdf")})
    page = client.get(at)
    assert "Hier ist er." in words(page)
    assert "Uns fehlt ein Nachweis" in words(page)
    with cast.vault("membership"):
        file = AdmissionFile.get()
    answer = client.get(f"{at}/files/{file.id}")
    assert (answer.data, answer.mimetype) == (bytes(file.content), "application/pdf")
    assert answer.data.startswith(PDF[:8])
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_letter_waits_in_the_inbox_until_it_is_answered(cast, client, applicant, at):
    write(applicant, "Wann entscheiden Sie?")
    assert "Wann entscheiden Sie?" in words(client.get("/membership/inbox"))
    assert "not answered yet" in words(client.get(at))
    fill(client, client.get(at), "/letters", text="Am Montag.")
    assert kept(cast) == [("Wann entscheiden Sie?", False)]
    assert "Wann entscheiden Sie?" not in words(client.get("/membership/inbox"))


def test_a_letter_that_needs_no_answer_waits_no_longer(cast, client, applicant, at):
    write(applicant, "Danke!")
    assert fill(client, client.get(at), "/settled").status_code == 303
    assert kept(cast) == [("Danke!", False)]


@pytest.mark.parametrize(("action", "typed"), [("/letters", {"text": "Am Montag."}), ("/settled", {})])
def test_what_comes_while_the_answer_is_written_goes_on_waiting(cast, client, applicant, at, action, typed):
    write(applicant, "Wann entscheiden Sie?")
    page = client.get(at)
    write(applicant, "Ich ziehe übrigens um.")
    fill(client, page, action, **typed)
    assert kept(cast) == [("Wann entscheiden Sie?", False), ("Ich ziehe übrigens um.", True)]
    assert "Ich ziehe übrigens um." in words(client.get("/membership/inbox"))
    fill(client, client.get(at), action, **typed)
    assert [waits for _text, waits in kept(cast)] == [False, False]


def test_a_double_click_writes_once_on_either_side(cast, client, applicant, at):
    page = client.get(at)
    for _click in range(2):
        fill(client, page, "/letters", text="Einmal.")
    write(applicant, "Auch einmal.")
    applicant.again()
    client.get(at)
    assert open_mailbox(applicant).page.count("Einmal.") == 1
    assert kept(cast) == [("Auch einmal.", True)]


def test_an_empty_letter_is_not_sent_and_the_page_says_so(client, at):
    answer = fill(client, client.get(at), "/letters", text=" ")
    assert answer.status_code == 200
    assert "Please write something" in words(answer)


def test_what_the_office_decided_stands_among_the_letters(cast, client, applicant, at):
    fill(client, client.get(at), "/confirm")
    fill(client, client.get(at), "/decision", decision="accept", decided_by="Landesvorstand")
    assert "Landesvorstand has accepted your application" in words(client.get(at))


def test_a_member_can_still_be_written_to_and_writes(cast, client, applicant, at):
    with cast.vault("membership"):
        one = Admission.get().id
        admitting.confirm(one, by=MIKA, now=NOW)
        admitting.accept(one, division=None, decided_by="Land", by=MIKA, now=NOW, day=NOW.date())
    fill(client, client.get(at), "/first-payment", amount="96")
    write(applicant, "Und wann ist die nächste Versammlung?")
    assert "nächste Versammlung" in words(client.get("/membership/inbox"))


def test_withdrawing_erases_the_letters_and_their_files(cast, client, applicant, at, pdf):
    write(applicant, "Mit Datei.", files={"files": pdf()})
    client.get(at)
    open_mailbox(applicant)
    applicant.press(form=[form.action for form in applicant.forms()].index("/mailbox/withdraw"))
    applicant.fill({"sure": "y"}).press()
    client.get(PATH)
    with cast.vault("membership"):
        assert [model.select().count() for model in (Admission, AdmissionLetter, AdmissionFile)] == [0, 0, 0]


def test_nobody_elses_file_opens(cast, client, applicant, at, pdf):
    write(applicant, "Mit Datei.", files={"files": pdf()})
    other = Applicant(cast.outsider())
    walk(other).press("send")
    client.get(PATH)
    with cast.vault("membership"):
        file = AdmissionFile.get().id
        others = next(PATH + one.id for one in Admission.select() if PATH + one.id != at)
    assert client.get(f"{others}/files/{file}").status_code == 404
    assert client.get(f"{at}/files/{file + 1}").status_code == 404


def post(cast, mailbox, text, *, signed_by):
    """A message for ``mailbox``, signed with somebody's keys."""
    envelope, fields = letter_id(signed_by, "forged"), {"text": text, "day": "2026-11-21"}
    body = {**sign("membership-message", envelope, fields, signed_by), "mailbox": mailbox}
    with cast.shared():
        office = cast.app.extensions["schotten"].pinned("membership")
        post_from_public("membership-message", office, envelope, body, day=NOW.date())


def test_nobody_writes_in_an_applicants_place(cast, client, applicant, at):
    mine = MailboxKeys.from_receipt(applicant.receipt)
    other = Applicant(cast.outsider())
    theirs = MailboxKeys.from_receipt(walk(other).press("send").code)
    post(cast, mine.id, "Ich ziehe zurück.", signed_by=theirs)
    client.get(PATH)
    with cast.vault("membership"):
        assert AdmissionLetter.select().count() == 0
        assert [row.reason for row in RefusedEnvelope.select()] == ["ValueError"]


@pytest.mark.parametrize("text", ["", "x" * 60_000, "a\x00b", 7, None])
def test_what_is_no_message_is_refused(cast, client, applicant, at, text):
    mine = MailboxKeys.from_receipt(applicant.receipt)
    post(cast, mine.id, text, signed_by=mine)
    client.get(PATH)
    with cast.vault("membership"):
        assert AdmissionLetter.select().count() == 0
        assert RefusedEnvelope.select().count() == 1


def test_a_letter_is_written_nowhere_in_clear(cast, applicant, at, everything_logged, temporary_files, pdf):
    write(applicant, CANARY, files={"files": pdf(f"{CANARY}.pdf")})
    assert CANARY in open_mailbox(applicant).page
    assert found_in(cast.organisation.instance.path) == []
    assert temporary_files == []
    assert CANARY not in everything_logged.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("point", ["import.before-commit", "import.after-commit", "import.after-delete"])
def test_killed_while_taking_it_in_it_is_there_once(cast, applicant, at, pdf, point):
    write(applicant, "Genau einmal.", files={"files": pdf()})
    officer(cast, "take-in", fault=point)
    officer(cast, "take-in")
    assert kept(cast) == [("Genau einmal.", True)]
    with cast.vault("membership"):
        assert AdmissionFile.select().count() == 1
