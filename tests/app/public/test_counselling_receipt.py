"""The page with the code: in the language that somebody notices too late they need, however often it is pressed, and for nobody else."""

from io import BytesIO
from threading import Barrier, Thread

import pytest

from app.public.basket import Basket
from app.public.counselling import sending
from keys.visits import VisitKeys
from tests.app.public import counselled
from tests.app.public.applicant import Applicant
from tests.app.public.files import PDF
from tests.app.public.test_counselling_pages import change_card


def in_german(person):
    return person.fill({"to-lang": "de"}).press()


def test_the_receipt_can_be_read_in_another_language(office, person):
    code = counselled.write_in(person, office, "conny")
    assert in_german(person).code == code
    assert '<html lang="de"' in person.page
    assert "Es gilt die erste Fassung" not in person.page
    assert person.fill({"to-lang": "en"}).press().code == code
    assert person.heading == "It is sent"


def test_what_the_receipt_sends_for_that_is_no_word_of_what_was_sent(office, person):
    counselled.write_in(person, office, "conny")
    (form,) = person.forms()
    assert set(form.fields) == {"csrf_token", "seed", "part", "go"}
    assert counselled.TEXT not in person.page


def test_in_another_language_it_still_says_that_the_first_version_counts(office, person):
    counselled.walk(person, office, "conny").press("send")
    sent = dict(person.last[1])
    person.send("/counselling", {**sent, "words-text": "Anders", "voucher": ""})
    assert "The first version counts" in person.page
    in_german(person)
    assert "The first version counts" in person.fill({"to-lang": "en"}).press().page


def test_another_browser_is_not_shown_the_receipt(office, person):
    code = counselled.write_in(person, office, "conny")
    action, fields = person.forms()[0].action, person.forms()[0].fields
    other = Applicant(office.cast.outsider())
    counselled.begin(other)
    assert code not in other.send(action, fields).page
    assert other.heading == "Please start again"
    person.client.get("/counselling/leave")
    assert code not in person.send(action, fields).page


def test_nobody_has_a_receipt_who_has_sent_nothing(office, person):
    counselled.walk(person, office, "conny").press("receipt")
    assert person.heading != "It is sent"
    assert not person.code


@pytest.mark.parametrize("how", ["a second press", "another language"])
def test_the_receipt_stays_when_nobody_takes_anything_new_any_more(office, person, how):
    code = counselled.write_in(person, office, "conny")
    for name in ("conny", "ravi", "tove"):
        change_card(office, name, accepts=False)
    if how == "a second press":
        person.again()
    else:
        in_german(person)
    assert person.code == code


def pressed_at_once(person, *, before=lambda: None):
    """Send what `person` has just sent once more, from the same browser, in a thread of its own; return it and where its answer goes."""
    seen = []

    def press():
        other = Applicant(person.client.application.test_client())
        other.client.set_cookie("schotten-form", person.client.get_cookie("schotten-form").value)
        before()
        seen.append(other.send(*person.last))

    thread = Thread(target=press)
    thread.start()
    return thread, seen


def the_first_press_comes_between(person, monkeypatch):
    """Let the first of two presses be answered whole while the second is under way, just before it looks for its files."""
    files, first = Basket.files, []

    def late(basket, now):
        monkeypatch.undo()
        thread, seen = pressed_at_once(person)
        thread.join()
        first.extend(seen)
        return files(basket, now)

    monkeypatch.setattr(Basket, "files", late)
    return first


def test_of_two_presses_at_once_both_get_the_same_receipt(office, person, monkeypatch):
    counselled.walk(person, office, "conny", files=(BytesIO(PDF), "Brief.pdf"))
    first = the_first_press_comes_between(person, monkeypatch)
    person.press("send")
    assert first[0].code == person.code != ""
    assert "The first version counts" not in person.page
    (sent,) = sending.look(VisitKeys.from_receipt(person.code)).sent
    assert sent["files"] == ["Brief.pdf"]


def test_of_two_presses_at_once_both_say_that_the_message_is_sent(office, person, monkeypatch):
    code = counselled.write_in(person, office, "conny")
    counselled.come_back(person, code).press("upload", files={"files": (BytesIO(PDF), "Brief.pdf")})
    first = the_first_press_comes_between(person, monkeypatch)
    person.fill({"text": "Noch etwas"}).press("send")
    for one in (first[0], person):
        assert "Your message is sealed and sent." in one.page
        assert one.page.count("Noch etwas") == one.page.count("Brief.pdf") == 1


@pytest.mark.parametrize("attempt", range(3))
def test_two_presses_that_race_are_one(office, person, attempt):
    counselled.walk(person, office, "conny", files=(BytesIO(PDF), "Brief.pdf")).press("back")
    person.press("next")
    fields = person.forms()[0].fields.copy()
    fields["go"] = "send"
    person.last, start = ("/counselling", fields), Barrier(2)
    racing = [pressed_at_once(person, before=start.wait) for _ in range(2)]
    for thread, _seen in racing:
        thread.join()
    codes = {seen[0].code for _thread, seen in racing}
    assert len(codes) == 1
    assert len(sending.look(VisitKeys.from_receipt(codes.pop())).sent) == 1
