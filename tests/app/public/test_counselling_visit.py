"""Coming back with the code: both sides of the conversation, consents, the summary, the end. Looking leaves nothing behind."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from app.clock import utc_now
from app.factory import create_app
from app.public.counselling.conversation import Conversation
from app.public.counselling.sending import Visit
from app.shared import cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.draft_models import DraftFile
from app.shared.models import Envelope
from compartments.counsel.cases import answers, readers
from compartments.counsel.cases.opened import Kind, in_one_piece
from compartments.counsel.consents import service as consents
from keys.codes import new_code
from keys.randomness import new_id
from keys.visits import VisitKeys, drop_id
from tests.app.public import counselled
from tests.app.public.applicant import Applicant
from tests.app.web.test_scrubbing import CANARY, jpeg
from tests.compartments.counsel.conftest import DAY

LINE = re.compile(r'class="talk__who">(?:<bdi>)?([^<]*)<.*?message-text">([^<]*)<', re.DOTALL)


def at_work(office, name, code, act):
    """Let a counsellor do something in the case, and deliver what follows from it."""
    now = utc_now()
    with office.vault(name):
        case = office.desk(name).open(VisitKeys.from_receipt(code).case, now=now)
        with in_one_piece():
            found = act(case, now)
        office.take_in()
        return found


def answer(office, code, text, name="conny"):
    return at_work(
        office, name, code, lambda case, now: answers.answer(case, text, entry_id=new_id(), now=now)
    )


def ask(office, code, step="referral", recipient="Frauennotruf", content="Name und Anliegen"):
    """Ask for a consent; return its id."""

    def act(case, now):
        asked = {"step": step, "recipient": recipient, "content": content, "form": "", "decision": "asked", "asked_on": DAY.isoformat(), "decided_on": None}  # fmt: skip
        entry = case.add(Kind.CONSENT, asked, now=now, by=case.reader)
        answers.tell(case, None, now=now)
        return entry.id

    return at_work(office, "conny", code, act)


def test_a_message_of_which_a_piece_is_broken_does_not_bar_the_way_to_the_rest(office, seeker):
    seeker.write_in("conny")
    seeker.write(new_id(), {"kind": "message", "text": "x" * 50_000})
    seeker.write(new_id(), {"kind": "message", "text": "Danach"})
    broken = bytes(cover.DROP_BYTES)
    Drop.update(ciphertext=broken).where(Drop.id == drop_id(seeker.visit.own, 1)).execute()
    assert [one["kind"] for one in seeker.look().sent] == ["opened", "message"]
    assert seeker.look().sent[-1]["text"] == "Danach"


def test_one_can_write_after_the_first_words_have_gone_by_their_time(office, seeker):
    seeker.write_in("conny")
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    Drop.delete().where(Drop.id == drop_id(seeker.visit.own, 0)).execute()
    assert seeker.write(new_id(), {"kind": "message", "text": "Viel später"})
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=utc_now())
        said = [one.data["text"] for one in case.entries(Kind.RECEIVED)]
    assert said[1:] == ["Noch etwas", "Viel später"]


def write_record(office, code, text, entry_id=None, version=0):
    def act(case, now):
        entry = (
            case.change(entry_id, {"text": text}, version=version, now=now, by=case.reader)
            if entry_id
            else case.add(Kind.RECORD, {"text": text}, now=now, by=case.reader)
        )
        answers.tell(case, None, now=now)
        return entry.id

    return at_work(office, "conny", code, act)


def received(office, code, name="conny"):
    return at_work(office, name, code, lambda case, _now: [one.data for one in case.entries(Kind.RECEIVED)])


def decision(office, code, consent):
    return at_work(office, "conny", code, lambda case, _now: case.entry(consent).data["decision"])


def button(person, start):
    """The value of the first button that begins so."""
    return next(value for form in person.forms() for _name, value in form.buttons if value.startswith(start))


@pytest.fixture
def code(office, person):
    """The receipt of somebody who has written to conny and ravi."""
    return counselled.write_in(person, office, "conny", "ravi", questions__wish="Ruhe")


def test_before_an_answer_one_reads_ones_own_words(office, person, code):
    counselled.come_back(person, code)
    assert "Nobody has answered yet" in person.page
    assert LINE.findall(person.text) == [("You", counselled.TEXT)]
    assert "What would help you?" in person.text


def test_who_can_read_it_and_who_never_stands_there_before_anybody_has_looked(office, person):
    code = counselled.write_in(person, office, "conny", "ravi", never=["tove"])
    counselled.come_back(person, code)
    assert "It is read by: <bdi>Conny, Ravi</bdi>" in person.page
    assert "It must never be read by: <bdi>Tove</bdi>" in person.page


def test_one_takes_back_being_counted_before_anybody_has_answered(office, person):
    code = counselled.write_in(person, office, "conny", figures__statistics="y")
    counselled.come_back(person, code)
    consent = button(person, "withdraw:").partition(":")[2]
    person.press(f"withdraw:{consent}").press(f"withdraw-meant:{consent}")
    visit = VisitKeys.from_receipt(code)
    with office.vault("conny"):
        assert not consents.may_count(office.desk("conny").open(visit.case, now=utc_now()))
    counselled.come_back(person, code)
    assert button(person, "agree:")


def test_both_sides_stand_there_in_order_with_their_names(office, person, code):
    answer(office, code, "Guten Tag, ich höre zu.")
    counselled.come_back(person, code).fill({"text": "Danke."}).press("send")
    answer(office, code, "Gern.", name="ravi")
    counselled.come_back(person, code)
    assert LINE.findall(person.text) == [
        ("You", counselled.TEXT),
        ("Conny Vertrauen", "Guten Tag, ich höre zu."),
        ("You", "Danke."),
        ("ravi", "Gern."),
    ]
    assert "It is read by: <bdi>Conny Vertrauen, ravi</bdi>" in person.page


def test_the_last_of_several_decisions_within_a_minute_counts(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code)
    for _time in range(4):
        person.press(f"agree-meant:{consent}").press(f"withdraw-meant:{consent}")
    assert decision(office, code, consent) == "withdrawn"


def test_the_conversation_goes_from_the_oldest_word_to_the_newest():
    sent = [
        {"kind": "opened", "at": "2026-05-01T10:00", "said": {"text": "1"}},
        {"kind": "message", "at": "2026-05-03T10:00", "text": "3"},
    ]
    told = [
        {"kind": "answer", "at": "2026-05-02T10:00", "from": "Conny", "text": "2"},
        {"kind": "standing", "at": "2026-05-02T11:00", "from": "Conny", "text": ""},
        {"kind": "answer", "at": "2026-05-04T10:00", "from": "Conny", "text": "4"},
    ]
    lines = Conversation(Visit(sent, told)).lines
    assert [(one.content["text"], one.who) for one in lines] == [
        ("1", ""),
        ("2", "Conny"),
        ("3", ""),
        ("4", "Conny"),
    ]


def test_capitals_blanks_and_dashes_in_the_code_do_not_matter(office, person, code):
    counselled.come_back(person, f" {code.replace('-', ' ').upper()} ")
    assert counselled.TEXT in person.text


@pytest.mark.parametrize("typed", ["abc", "22222-22222-22222-22222", "", "'; drop table", "ä" * 30, None])
def test_codes_that_open_nothing_are_answered_alike(office, person, code, typed):
    counselled.come_back(person, new_code() if typed is None else typed)
    assert person.heading == "Enter your code"
    expected = "Please enter your code" if typed == "" else "This code opens nothing."
    assert expected in person.page
    assert counselled.TEXT not in person.text


@pytest.mark.parametrize(("typed", "signs"), [("abc", 3), ("bcdfg hjkmn pqrst vwxy", 19), ("b" * 21, 21)])
def test_a_code_that_is_too_short_or_too_long_says_so(office, person, typed, signs):
    counselled.come_back(person, typed)
    assert f"A code has 20 letters and digits, and what you entered has {signs}." in person.page


def test_whoever_has_finished_leaves_and_nobody_finds_the_conversation_by_going_back(office, person, code):
    counselled.come_back(person, code)
    away = re.search(r'<a class="btn btn-secondary" href="([^"]*)" rel="noreferrer">', person.page)[1]
    person.client.get(away)
    assert counselled.TEXT not in person.again().page
    assert person.heading == "Please start again"


@pytest.mark.parametrize("pressed", [{"to-lang": "de"}, {"go": "erase"}])
def test_files_that_were_chosen_and_not_added_yet_are_kept_whatever_is_pressed(office, person, code, pressed):
    counselled.come_back(person, code).fill(pressed)
    person.press(files={"files": (BytesIO(jpeg()), "Foto.jpg")})
    person.press("open")
    assert "Foto.jpg" in person.page


def test_an_empty_correction_is_named_at_the_top(office, person, code):
    write_record(office, code, "Im Mai geschah etwas.")
    counselled.come_back(person, code).press("correct-record")
    assert "Please say what is wrong or missing" in person.page.partition("<h1>")[0]


def test_a_letter_and_its_files_reach_the_counsellors_once(office, person, code):
    counselled.come_back(person, code).fill({"text": "Noch etwas"})
    person.press("send", files={"files": (BytesIO(jpeg()), "Foto.jpg")})
    assert "Your message is sealed and sent." in person.page
    person.send(*person.last)
    assert "Your message is sealed and sent." in person.page
    assert "Foto.jpg" in person.page
    letters = received(office, code)
    assert [one["text"] for one in letters] == [counselled.TEXT, "Noch etwas"]
    (photo,) = at_work(office, "ravi", code, lambda case, _now: case.entries(Kind.RECEIVED)[1].files)
    assert (photo.name, CANARY in photo.content) == ("Foto.jpg", False)
    assert DraftFile.select().count() == 0


def test_two_messages_of_the_same_words_are_two(office, person, code):
    for _time in range(2):
        counselled.come_back(person, code).fill({"text": "Hallo?"}).press("send")
    assert [one["text"] for one in received(office, code)].count("Hallo?") == 2


def test_files_are_added_and_taken_out_while_one_writes(office, person, code):
    counselled.come_back(person, code).fill({"text": "Mit Bild"})
    person.press("upload", files={"files": (BytesIO(jpeg()), "Foto.jpg")})
    assert person.holds("text") == "Mit Bild"
    assert "Details of place, time, device and author were removed." in person.page
    person.press(button(person, "remove:"))
    assert person.holds("text") == "Mit Bild"
    assert "Foto.jpg" not in person.page
    person.press("send")
    assert "Your message is sealed and sent." in person.page


def test_adding_files_without_having_chosen_one_is_named(office, person, code):
    counselled.come_back(person, code).fill({"text": "Mit Bild"}).press("upload")
    assert "Please choose a file first" in person.text
    assert person.holds("text") == "Mit Bild"


def test_an_empty_message_and_an_endless_one_are_not_sent(office, person, code):
    counselled.come_back(person, code).press("send")
    assert "Please write something before you send it" in person.page
    person.fill({"text": "x" * 20_001}).press("send")
    assert "at most 20,000 characters" in person.page
    assert len(received(office, code)) == 1


def test_a_consent_is_given_on_a_page_of_its_own_and_withdrawn_on_another(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code)
    assert "We ask for your agreement" in person.page
    assert "Frauennotruf" in person.page
    assert "Name und Anliegen" in person.page
    person.press(f"agree:{consent}")
    assert person.heading == "Do you agree to this?"
    assert "Back to the conversation, without deciding" in person.page
    person.press("open")
    assert button(person, "agree:") == f"agree:{consent}"
    assert decision(office, code, consent) == "asked"
    person.press(f"agree:{consent}").press(f"agree-meant:{consent}")
    assert "You have agreed." in person.page
    person.again()
    assert decision(office, code, consent) == "given"
    assert len(received(office, code)) == 2
    counselled.come_back(person, code).press(f"withdraw:{consent}")
    assert person.heading == "Do you want to take your consent back?"
    person.press(f"withdraw-meant:{consent}")
    assert "You took it back" in person.page
    assert decision(office, code, consent) == "withdrawn"


def test_a_step_is_refused_at_once_and_agreed_to_after_all(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code).press(f"refuse:{consent}")
    assert "You said no. So it isn't done." in person.text
    assert "The counsellors read it when they next look." in person.page
    person.press(f"agree:{consent}").press(f"agree-meant:{consent}")
    assert decision(office, code, consent) == "given"


def test_what_counsellors_told_after_a_decision_counts(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code).press(f"refuse:{consent}")
    answer(office, code, "In Ordnung.")
    counselled.come_back(person, code)
    assert "You said no" in person.page
    assert "The counsellors read it when they next look." not in person.page


def test_one_says_yes_to_being_counted_and_takes_it_back(office, person):
    code = counselled.write_in(person, office, "conny", figures__statistics="y")
    answer(office, code, "Danke.")
    counselled.come_back(person, code)
    assert "Count you in the yearly figures" in person.page
    consent = button(person, "withdraw:").partition(":")[2]
    person.press(f"withdraw:{consent}").press(f"withdraw-meant:{consent}")
    assert decision(office, code, consent) == "withdrawn"


def test_a_consent_that_nobody_asked_for_changes_nothing(office, person, code):
    answer(office, code, "Hallo.")
    before = Drop.select().where(Drop.day == DAY).count()
    counselled.come_back(person, code)
    person.press(f"agree-meant:{new_id()}")
    assert "The counsellors have changed this meanwhile" in person.page
    assert len(received(office, code)) == 1
    assert Drop.select().where(Drop.day == DAY).count() == before


def test_what_one_was_writing_is_still_there_after_a_decision(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code).fill({"text": "Halb geschrieben"}).press(f"agree:{consent}")
    person.press(f"agree-meant:{consent}")
    assert person.holds("text") == "Halb geschrieben"
    counselled_text = [one["text"] for one in received(office, code)]
    assert "Halb geschrieben" not in counselled_text


def test_the_summary_is_confirmed_or_corrected_in_the_version_that_was_read(office, person, code):
    record = write_record(office, code, "Sie hat Angst vor dem Treffen.")
    counselled.come_back(person, code)
    assert "Sie hat Angst vor dem Treffen." in person.page
    person.press("correct-record")
    assert "Please say what is wrong or missing" in person.page
    person.fill({"correction": "Nicht Angst: Wut."}).press("correct-record")
    assert "You have corrected it" in person.page
    assert received(office, code)[1]["decision"] == "corrected"
    stale = person.fill({}).last
    write_record(office, code, "Sie ist wütend.", record, version=1)
    counselled.come_back(person, code).press("confirm-record")
    assert "You said that it is right" in person.page
    person.again()
    letters = [one for one in received(office, code) if one["what"] == "record"]
    assert [(one["version"], one["decision"]) for one in letters] == [("1", "corrected"), ("2", "confirmed")]
    person.send(*stale)
    assert "The counsellors have changed this meanwhile" in person.page


def test_the_contact_is_ended_and_taken_up_again(office, person, code):
    counselled.come_back(person, code).press("end")
    assert person.heading == "Do you want to end the contact?"
    assert len(received(office, code)) == 1
    person.press("end-meant")
    person.again()
    assert "You have ended the contact" in person.page
    assert [one["what"] for one in received(office, code)] == ["intake", "end"]
    counselled.come_back(person, code).fill({"text": "Doch noch eine Frage"}).press("send")
    assert button(person, "end") == "end"


def test_erasure_is_asked_for_once_and_on_a_page_that_says_what_it_means(office, person, code):
    counselled.come_back(person, code).press("erase")
    assert person.heading == "Do you want everything to be erased?"
    assert "Backups may hold a sealed copy for 14 days more." in person.page
    person.press("erase-meant")
    person.again()
    assert "You have asked us to erase everything." in person.page
    assert "The counsellors have not read this yet." in person.page
    assert [one["what"] for one in received(office, code)] == ["intake", "erase"]


def erase(case, now):
    """Leave the receipt that says that everything was erased."""
    message = {
        "kind": "erased", "at": now.isoformat(timespec="minutes"), "from": "", "text": "", "number": "a1b2c3",
        "rule": "on-request", "backups_until": (DAY + timedelta(days=14)).isoformat(),
    }  # fmt: skip
    answers.leave(case.head.reach, case.head.answers_sent, message, day=now.date())


def test_the_receipt_of_an_erasure_says_why_and_until_when_a_backup_may_hold_it(office, person, code):
    at_work(office, "conny", code, erase)
    counselled.come_back(person, code)
    assert "Receipt of the erasure" in person.page
    for word in ("because you asked for it", "In backups until", "a1b2c3"):
        assert word in person.page
    assert 'name="text"' not in person.page


def test_what_is_sent_after_an_erasure_is_not_said_to_have_arrived(office, person, code):
    counselled.come_back(person, code)
    at_work(office, "conny", code, erase)
    person.fill({"text": "Zu spät"}).press("send")
    assert "The counsellors have changed this meanwhile" in person.page
    assert "is sealed and sent" not in person.page
    assert "Receipt of the erasure" in person.page
    assert [one["what"] for one in received(office, code)] == ["intake"]


def test_ones_own_copies_are_erased_after_the_counsellors(office, person, code):
    counselled.come_back(person, code).press("forget")
    assert counselled.TEXT in person.text
    at_work(office, "conny", code, erase)
    before = picture()
    counselled.come_back(person, code)
    assert counselled.TEXT not in person.text
    assert counselled.TEXT in person.press("own-words").text
    assert person.press("forget").heading == "Do you want to erase your own copies, too?"
    assert counselled.TEXT in counselled.come_back(person, code).press("own-words").text
    person.press("forget").press("forget-meant")
    assert "Your own copies are erased now, too." in person.page
    assert counselled.TEXT not in person.text
    assert picture() == before
    counselled.come_back(person, code)
    assert "Receipt of the erasure" in person.page


def test_looking_leaves_nothing_behind(office, person, code):
    answer(office, code, "Guten Tag.")
    upkeep.keep_covered(DAY)
    before = rows()
    counselled.come_back(person, code)
    person.press("end")
    person.press("open")
    counselled.come_back(person, new_code())
    assert rows() == before


def rows():
    """Everything that coming back could have changed."""
    found = [
        sorted((row.id, bytes(row.ciphertext), row.day) for row in model.select())
        for model in (Envelope, Drop)
    ]
    return found, DraftFile.select().count()


def test_the_code_stands_in_no_address_and_no_cookie(office, person, code):
    counselled.come_back(person, code)
    plain = code.replace("-", "")
    assert person.path == "/counselling"
    for word in (code, plain):
        assert not any(
            word in address for address in re.findall(r'(?:href|action|src)="([^"]*)"', person.page)
        )
        assert word not in str(person.answer.headers)
        assert not any(word in cookie.value for cookie in person.client._cookies.values())


def test_going_back_on_a_shared_computer_shows_neither_code_nor_words(office, person, code):
    """After leaving, the cookie is gone; the browser's "back" sends the form once more, with a token that is nobody's any more."""
    counselled.come_back(person, code)
    person.client.get("/counselling/leave")
    person.again()
    assert person.heading == "Please start again"
    assert counselled.TEXT not in person.text
    assert code not in person.page


def test_what_was_being_written_outlives_a_page_that_was_open_for_long(office, person, code):
    person.client.application.config["WTF_CSRF_TIME_LIMIT"] = -1
    counselled.come_back(person, code).fill({"text": "Langer Brief"}).press("send")
    assert [one["text"] for one in received(office, code)][1] == "Langer Brief"


def test_another_language_takes_along_what_was_being_written(office, person, code):
    write_record(office, code, "Sie hat Angst.")
    counselled.come_back(person, code)
    person.fill({"text": "Halb fertig", "correction": "Wut", "to-lang": "de"}).press()
    assert '<html lang="de"' in person.page
    assert (person.holds("text"), person.holds("correction")) == ("Halb fertig", "Wut")


def test_another_language_stays_on_the_page_that_asks(office, person, code):
    counselled.come_back(person, code).fill({"text": "Halb fertig"}).press("end")
    person.fill({"to-lang": "de"}).press()
    assert '<html lang="de"' in person.page
    assert person.holds("here") == "end"
    assert person.holds("text") == "Halb fertig"
    person.see("/counselling").press("start", form=1).fill({"code": "halb", "to-lang": "de"}).press()
    assert '<html lang="de"' in person.page
    assert person.holds("code") == "halb"
    assert "error-summary" not in person.page


def test_codes_are_not_tried_without_end(office):
    app = create_app(office.cast.organisation.settings.but(rate_limits=True))
    app.testing = True
    person = Applicant(app.test_client())
    counselled.come_back(person, new_code())
    for _try in range(31):
        person.fill({"code": new_code()}).press("open")
        if person.status == 429:
            break
    assert person.status == 429
    assert "data-leave" in person.page
    assert Applicant(app.test_client()).see("/counselling").status == 200
    app.extensions["schotten"].shared.close()


def test_a_case_that_one_counsellor_left_goes_on_under_its_new_key(office, person, code):
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(VisitKeys.from_receipt(code).case, now=utc_now())
        readers.step_out(case, desk.ring, desk.others, reason="Ich kenne ihn.", now=utc_now())
        office.take_in()
    answer(office, code, "Ravi liest nicht mehr mit.")
    counselled.come_back(person, code)
    assert "It is read by: <bdi>Conny Vertrauen</bdi>" in person.page
    person.fill({"text": "Gut."}).press("send")
    assert received(office, code)[-1]["text"] == "Gut."


def test_an_onlooker_sees_the_same_whether_one_wrote_once_or_often(office, person, code):
    upkeep.keep_covered(DAY)
    before = picture()
    for text in ("eins", "zwei " * 500):
        counselled.come_back(person, code).fill({"text": text}).press("send")
    assert picture() == before


def picture():
    """How many rows there are, and how long."""
    return [sorted(len(bytes(row.ciphertext)) for row in model.select()) for model in (Envelope, Drop)]
