"""The page with the code: in the language that somebody notices too late they need, however often it is pressed, and for nobody else."""


import pytest

from tests.app.public import counselled
from tests.app.public.applicant import Applicant
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
