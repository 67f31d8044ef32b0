"""Writing in: sealed to the chosen alone, once, with nothing in the files that one didn't mean to send."""

from io import BytesIO

import pytest

from app.clock import utc_now
from app.public.counselling import sending
from app.shared import cover, drafts, upkeep
from app.shared.counsel_models import Drop
from app.shared.draft_models import DraftFile
from app.shared.models import Envelope, Mailbox
from compartments.counsel.cases.opened import Kind, NoCase
from keys.visits import VisitKeys
from tests.app.public import counselled, files
from tests.app.public.test_counselling_pages import change_card
from tests.app.web.test_scrubbing import CANARY, document, jpeg
from tests.compartments.counsel.conftest import DAY

NOW = utc_now()


def read_by(office, name, code):
    """What a counsellor finds of it."""
    with office.vault(name):
        case = office.desk(name).open(VisitKeys.from_receipt(code).case, now=NOW)
        return case.head, case.entries(Kind.RECEIVED)[0], case.entries(Kind.CONSENT)[0]


def real_rows():
    return [row.id for row in Envelope.select() if cover.is_real(row.id)]


def test_the_chosen_read_every_word_and_nobody_else_any(office, person):
    code = counselled.write_in(
        person, office, "conny", "ravi",
        never=["tove"],
        text="Äußerst vertraulich.\n\nZweiter Absatz <b>",
        questions__since="Mai", questions__wish="Ruhe",
        answer__name="Kim", answer__language="de", answer__preferred="phone", answer__contact="0171 1, abends",
        figures__statistics="y",
    )  # fmt: skip
    for name in ("conny", "ravi"):
        head, received, consent = read_by(office, name, code)
        assert received.data["text"] == "Äußerst vertraulich.\n\nZweiter Absatz <b>"
        assert received.data["guided"] == {"Since when?": "Mai", "What would help you?": "Ruhe"}
        assert (head.name, head.language, head.preferred, head.contact) == (
            "Kim",
            "de",
            "phone",
            "0171 1, abends",
        )
        assert consent.data["decision"] == "given"
        assert list(head.excluded) == [office["tove"].account_id]
        assert set(head.readers) == {office["conny"].account_id, office["ravi"].account_id}
    with pytest.raises(NoCase):
        read_by(office, "tove", code)


def test_whoever_says_nothing_about_themselves_is_unknown_and_not_counted(office, person):
    head, received, consent = read_by(office, "ravi", counselled.write_in(person, office, "ravi"))
    assert (head.name, head.contact, head.preferred, head.language) == ("", "", "here", "en")
    assert received.data["guided"] == {}
    assert consent.data["decision"] == "refused"
    assert head.excluded == {}


def test_where_all_may_read_it_nobody_is_asked_who_must_not(office, person):
    person = counselled.begin(person)
    accounts = [office[name].account_id for name in ("conny", "ravi", "tove")]
    assert person.fill({"readers-readers": accounts}).press("next").heading == "Your words"
    assert "Step 2 of 7" in person.page


def test_somebody_who_becomes_a_reader_after_all_is_no_longer_kept_out(office, person):
    counselled.walk(person, office, "conny", never=["tove"]).press("to:readers")
    person.fill({"readers-readers": [office[name].account_id for name in ("conny", "tove")]}).press("next")
    assert "whom you want to keep out" in person.page
    head, _received, _consent = read_by(office, "tove", person.press("send").code)
    assert head.excluded == {}


def test_at_least_one_reader_and_some_words_are_needed(office, person):
    counselled.begin(person).press("next")
    assert "Please choose at least one person" in person.page
    person.fill({"readers-readers": [office["conny"].account_id]}).press("next").press("next")
    assert person.press("next").heading == "Your words"
    assert "Please write a few words" in person.page


def test_a_made_up_reader_is_refused_without_a_word_of_their_id(office, person):
    counselled.begin(person).fill({"readers-readers": ["f" * 32]}).press("next")
    assert "Somebody you had chosen can&#39;t be written to any more" in person.page
    assert "f" * 32 not in person.page


def test_somebody_who_takes_nothing_on_can_be_kept_out_but_not_chosen(office, person):
    change_card(office, "tove", accepts=False)
    counselled.begin(person).fill({"readers-readers": [office["tove"].account_id]}).press("next")
    assert "Somebody you had chosen" in person.page
    accounts = [office[name].account_id for name in ("conny", "ravi")]
    assert person.fill({"readers-readers": accounts}).press("next").heading == "Who must not read it"


def test_a_reader_who_leaves_while_it_is_written_is_noticed_before_it_is_sent(office, person):
    counselled.walk(person, office, "conny", "ravi")
    change_card(office, "ravi", accepts=False)
    assert person.press("send").heading == "Who may read it"
    assert "Somebody you had chosen" in person.page
    assert person.holds("words-text") == counselled.TEXT
    assert Drop.select().count() == 0


def test_when_nobody_is_left_what_was_written_is_shown_and_not_sent(office, person):
    counselled.walk(person, office, "conny")
    for name in ("conny", "ravi", "tove"):
        change_card(office, name, accepts=False)
    person.press("send")
    assert person.heading == "You can't write to us at the moment"
    assert counselled.TEXT in person.text
    assert Drop.select().count() == 0


def test_a_second_click_sends_nothing_more(office, person):
    upkeep.keep_covered(DAY)
    code = counselled.write_in(person, office, "conny")
    before = real_rows(), Drop.select().count()
    assert person.again().code == code
    assert "The first version counts" not in person.page
    assert (real_rows(), Drop.select().count()) == before
    assert len(before[0]) == 1


def test_the_same_form_with_other_words_says_that_the_first_ones_count(office, person):
    counselled.walk(person, office, "conny")
    sent = dict(person.forms()[0].fields)
    code = person.press("send").code
    person.send("/counselling", {**sent, "words-text": "Etwas anderes", "go": "send"})
    assert "The first version counts" in person.page
    assert person.code == code
    assert read_by(office, "conny", code)[1].data["text"] == counselled.TEXT


def test_two_people_who_write_the_same_have_two_cases(office, person):
    first = counselled.write_in(person, office, "conny")
    assert counselled.write_in(person, office, "conny") != first


def at_the_words(office, person):
    counselled.begin(person).fill({"readers-readers": [office["conny"].account_id]}).press("next")
    return person.press("next")


@pytest.mark.parametrize("token", ["forged", ""])
def test_what_no_session_of_this_browser_typed_is_neither_taken_nor_shown(office, person, token):
    at_the_words(office, person).fill({"words-text": "Nur für mich", "csrf_token": token}).press("next")
    assert person.heading == "Please start again"
    assert "Nur für mich" not in person.text
    assert person.answer.headers.getlist("Set-Cookie") == []


def test_a_page_may_stay_open_as_long_as_the_browser(office, person):
    person.client.application.config["WTF_CSRF_TIME_LIMIT"] = -1
    at_the_words(office, person).fill({"words-text": "Lange überlegt"}).press("next")
    assert person.heading == "Some questions, if they help you"
    assert person.holds("words-text") == "Lange überlegt"


@pytest.mark.parametrize("button", ["next", "back", "send"])
def test_after_leaving_no_form_that_was_sent_shows_a_word_again_whatever_was_begun_since(
    office, person, button
):
    at_the_words(office, person).fill({"words-text": "Nur für mich"}).press(button)
    person.client.get("/counselling/leave")
    for _time in range(2):
        assert person.again().heading == "Please start again"
        assert "Nur für mich" not in person.text
    left = person.last
    counselled.begin(person)
    assert person.send(*left).heading == "Please start again"
    assert "Nur für mich" not in person.text


def test_a_receipt_is_not_shown_again_after_leaving(office, person):
    code = counselled.write_in(person, office, "conny")
    person.client.get("/counselling/leave")
    assert code not in person.again().page
    assert counselled.TEXT not in person.text


def test_another_language_takes_along_what_was_typed(office, person):
    at_the_words(office, person).fill({"words-text": "Gleich auf Deutsch", "to-lang": "de"})
    person.press()
    assert '<html lang="de"' in person.page
    assert person.holds("words-text") == "Gleich auf Deutsch"
    assert person.holds("lang") == "de"
    assert "error-summary" not in person.page
    assert person.press("next").holds("lang") == "de"


def test_another_language_takes_along_files_that_were_chosen(office, person):
    counselled.walk(person, office, "conny").press("to:files").fill({"to-lang": "de"})
    person.press(files={"files-files": (BytesIO(jpeg()), "Foto.jpg")})
    assert '<html lang="de"' in person.page
    assert "Foto.jpg" in person.page


def test_the_last_page_is_checked_anew_in_another_language(office, person):
    counselled.walk(person, office, "conny").fill({"to-lang": "de"}).press()
    assert '<html lang="de"' in person.page
    assert person.press("send").code


def test_a_mistake_does_not_change_the_title(office, person):
    at_the_words(office, person).press("next")
    assert "error-summary" in person.page
    assert "<title>Error" not in person.page


@pytest.mark.parametrize(("signs", "taken"), [(20_000, True), (20_001, False)])
def test_there_is_room_for_twenty_thousand_characters(office, person, signs, taken):
    counselled.begin(person).fill({"readers-readers": [office["conny"].account_id]}).press("next").press(
        "next"
    )
    person.fill({"words-text": "ä" * signs}).press("next")
    assert (person.heading == "Some questions, if they help you") is taken
    assert ("at most 20,000 characters" in person.page) is not taken


def test_the_longest_words_and_answers_arrive_whole(office, person):
    long = {f"questions__{name}": "ö" * 2000 for name in ("safe", "since", "where", "who", "wish")}
    code = counselled.write_in(person, office, "conny", text="€" * 20_000, **long)
    received = read_by(office, "conny", code)[1]
    assert received.data["text"] == "€" * 20_000
    assert [len(text) for text in received.data["guided"].values()] == [2000] * 5


def test_who_wants_to_be_called_says_where(office, person):
    counselled.walk(person, office, "conny").press("to:answer")
    person.fill({"answer-preferred": "phone"}).press("next")
    assert "Please say how we can reach you" in person.page
    assert person.fill({"answer-preferred": "here"}).press("next").heading.startswith("Check before")


def test_photos_and_documents_arrive_without_what_they_say_about_themselves(office, person):
    letter_before = files.odt()
    given = [
        (BytesIO(jpeg()), "Foto.jpg"),
        (BytesIO(document()), "Bescheid.pdf"),
        (BytesIO(letter_before), "Brief.odt"),
    ]
    code = counselled.write_in(person, office, "conny", files=given)
    photo, paper, letter = read_by(office, "conny", code)[1].files
    assert (photo.name, paper.name, letter.name) == ("Foto.jpg", "Bescheid.pdf", "Brief.odt")
    assert CANARY not in photo.content + paper.content
    assert letter.content == letter_before
    assert DraftFile.select().count() == 0


def test_the_page_says_of_each_file_whether_it_could_be_cleaned(office, person):
    given = [(BytesIO(jpeg()), "Foto.jpg"), (BytesIO(files.odt()), "Brief.odt")]
    counselled.walk(person, office, "conny", files=given)
    assert "Brief.odt – as it is, with everything it gives away" in person.text
    assert "Foto.jpg – as it is" not in person.text
    person.press("to:files")
    photo, letter = person.text.split("Foto.jpg</bdi>")[1].split("Brief.odt</bdi>")
    assert "Details of place, time, device and author were removed." in photo
    assert "We couldn't remove what this file gives away about itself" in letter


def test_a_file_can_be_taken_out_again(office, person):
    counselled.walk(person, office, "conny", files=(BytesIO(jpeg()), "Foto.jpg")).press("to:files")
    person.press(next(value for _name, value in person.forms()[0].buttons if value.startswith("remove:")))
    assert person.heading.startswith("Files")
    assert "Foto.jpg" not in person.page
    assert DraftFile.select().count() == 0


def test_what_is_no_document_is_not_taken(office, person):
    counselled.walk(person, office, "conny").press("to:files")
    person.press("next", files={"files-files": (BytesIO(b"MZ" + bytes(900)), "Foto.jpg")})
    assert person.heading.startswith("Files")
    assert "can't be read as PDF, ODT, PNG or JPEG" in person.text


def test_a_file_that_has_expired_is_asked_for_again(office, person):
    counselled.walk(person, office, "conny", files=(BytesIO(jpeg()), "Foto.jpg"))
    drafts.remove_expired(utc_now().replace(year=NOW.year + 1))
    person.press("send")
    assert "“Foto.jpg” isn't there any more" in person.text
    assert person.heading.startswith("Files")


def test_a_second_click_after_files_were_sent_shows_the_receipt(office, person):
    code = counselled.write_in(person, office, "conny", files=(BytesIO(jpeg()), "Foto.jpg"))
    assert person.again().code == code
    assert "The first version counts" not in person.page


def test_nothing_that_an_onlooker_sees_tells_a_mailbox_or_a_size(office, person):
    upkeep.keep_covered(DAY)
    before = sorted(len(bytes(row.ciphertext)) for row in Envelope.select())
    counselled.write_in(person, office, "conny", text="kurz")
    counselled.write_in(person, office, "conny", "ravi", "tove", text="lang " * 2_000)
    assert sorted(len(bytes(row.ciphertext)) for row in Envelope.select()) == before
    assert Mailbox.select().count() == 0


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_receipt_is_in_the_language_that_was_chosen(office, person, language):
    counselled.walk(person, office, "conny")
    sent = dict(person.forms()[0].fields)
    person.send("/counselling", {**sent, "lang": language, "go": "send"})
    assert f'<html lang="{language}"' in person.page
    assert "http://localhost/counselling" in person.page
    assert sending.look(VisitKeys.from_receipt(person.code)).sent[0]["said"]["text"] == counselled.TEXT


def test_whoever_is_asked_for_a_language_reads_which_ones_the_chosen_speak(office, person):
    change_card(office, "ravi", languages=["hi", "en"])
    counselled.walk(person, office, "ravi").press("to:answer")
    hint = "The people you chose answer in: English, Hindi."
    assert hint in person.page
    for language, is_said in (("de", True), ("hi", False)):
        person.fill({"answer-language": language}).press("to:check")
        assert (hint in person.text) is is_said
        person.press("to:answer")


def test_adding_files_without_having_chosen_one_is_named(office, person):
    counselled.walk(person, office, "conny").press("to:files").press("upload")
    assert person.heading.startswith("Files")
    assert "Please choose a file first" in person.text
    assert person.press("next").heading == "Check before you send"
