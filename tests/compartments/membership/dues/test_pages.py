"""The pages of dues as an officer uses them."""

import pytest

from compartments.membership import persons
from compartments.membership.dues import payments
from compartments.membership.models import Person
from tests.compartments.membership.conftest import LEA, NOW, details
from tests.pages import fill, visit_and_fill, words

QUICK = "/membership/dues/"


@pytest.fixture
def person(cast) -> int:
    with cast.vault("membership"):
        known = details(member_number=1024, dues_cents=4800)
        return persons.add(known, entry_id="e" * 32, by=LEA, now=NOW).id


@pytest.fixture
def debtor(cast, person) -> int:
    with cast.vault("membership"):
        Person.update(reminders=2, reminded_on="2026-01-01").execute()
    return person


def kept(cast):
    with cast.vault("membership"):
        return persons.find(1)


def test_payments_are_entered_one_after_another(client, person):
    sent = visit_and_fill(client, QUICK, member_number="1024", amount="12,00", received_on="2026-11-02")
    page = client.get(sent.location)
    assert "Paid until 31 Jul 2012 now" in words(page)
    assert 'value="2026-11-02"' in page.text
    assert "1024, Müller, Anna" in words(page)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"member_number": "7"}, "Nobody has this member number."),
        ({"amount": "0"}, "Enter the amount."),
        ({"amount": "-5"}, "amount in euros"),
        ({"received_on": "2099-01-01"}, "lies ahead"),
        ({"reference": "x" * 200}, "at most 140"),
    ],
)
def test_what_cannot_be_right_is_said(client, person, cast, typed, error):
    good = {"member_number": "1024", "amount": "12", "received_on": "2026-11-02"}
    assert error in words(visit_and_fill(client, QUICK, **{**good, **typed}))
    assert kept(cast).first_paid_on is None


def test_a_persons_page_books_waives_and_takes_back(client, person, cast):
    path = f"/membership/dues/persons/{person}"
    assert "never paid" in words(client.get(path))
    visit_and_fill(client, path, action="/payments", amount="4", received_on="2026-11-02", reference="SEPA 1")
    visit_and_fill(client, path, action="/waivers", **{"waiver-months": "2", "waiver-reason": "Studies"})
    page = client.get(path)
    assert "SEPA 1" in words(page)
    assert "Studies" in words(page)
    assert str(kept(cast).paid_until) == "2012-07-31"
    fill(client, page, action="/taken-back")
    fill(client, client.get(path), action="/taken-back")
    assert str(kept(cast).paid_until) == "2012-04-30"
    with cast.vault("membership"):
        assert all(payment.taken_back_at for payment in payments.of(person))


def test_without_dues_the_page_says_what_to_do(client, person, cast):
    with cast.vault("membership"):
        Person.update(dues_cents=None).execute()
    path = f"/membership/dues/persons/{person}"
    assert "do that first" in words(visit_and_fill(client, path, action="/payments", amount="4"))


def test_everybody_who_is_shown_can_be_ticked_at_once(client, person, cast):
    with cast.vault("membership"):
        Person.update(email="anna@example.org", language="en").execute()
    page = client.get("/membership/dues/reminders?all=1")
    assert "anna@example.org" in words(page), words(page)
    assert "(English)" in words(page)
    assert fill(client, page).status_code == 303
    assert kept(cast).reminders == 1
    assert "checked" not in client.get("/membership/dues/strike-offs?all=1").text


def test_a_reminder_is_written_down(client, person, cast):
    path = "/membership/dues/reminders"
    assert "Müller, Anna" in words(client.get(path))
    sent = visit_and_fill(client, path, person=str(person))
    assert "1 reminder is written down." in words(client.get(sent.location))
    assert kept(cast).reminders == 1


def test_whoever_is_ticked_is_struck_off(client, debtor, cast):
    path = "/membership/dues/strike-offs"
    assert "Müller, Anna" in words(client.get(path))
    visit_and_fill(client, path, person="nobody")
    assert kept(cast).left_on is None
    visit_and_fill(client, path, person=str(debtor), ticket="B 7")
    assert kept(cast).exit_reason == "struck-off"
    assert "Nobody can be struck off" in words(client.get(path))


@pytest.mark.parametrize("number", ["0", "99", str(2**70)])
def test_a_person_that_is_not_there_is_a_404(client, number):
    assert client.get(f"/membership/dues/persons/{number}").status_code == 404
