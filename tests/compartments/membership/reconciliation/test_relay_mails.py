"""A message to the holder of an account is mailed to the member at most once per decision, whatever the mail server or the process does."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from app.clock import utc_now
from app.mail.message import domain_of
from app.office.authors import Author
from app.office.running import run
from app.vault import jobs
from compartments.membership.invitations.models import AddressHold, ReferenceKey
from compartments.membership.reconciliation import relay_mails
from compartments.membership.reconciliation.models import Message, RelayMail
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA
from tests.compartments.membership.invitations.conftest import DAY, peer, place
from tests.compartments.membership.invitations.conftest import arrive as take_in
from tests.compartments.membership.invitations.test_keys import notification
from tests.compartments.membership.reconciliation.conftest import arrive
from tests.compartments.membership.reconciliation.test_reconciliation_pages import from_administration
from tests.pages import fill, read, words

__all__ = ["peer", "place"]
ADDRESS, TEXT = "m1@mail.example", "Ihr Bild ist {nicht} frei."
RELAY = "r" * 32


@pytest.fixture
def message(cast, invited):
    """A message for the first member."""
    invited(2)
    text = from_administration(cast, TEXT)
    with cast.vault("membership"):
        key = ReferenceKey.get(ReferenceKey.person == 1).key
        arrive("relay-onward", relay=RELAY, key=key, text=text)


@pytest.fixture
def decided(cast, message):
    """The decision to mail it, and the job that does; returns the job's id."""
    return decide(cast)


def decide(cast, by=MIKA):
    with cast.vault("membership"):
        mail = relay_mails.decide(RELAY, mail_id=new_id(), by=by, day=DAY)
        who = Author(cast["membership"].account_id, "Mika")
        return jobs.start("relay-mail", mail.id, {"first_wait": 0.01}, by=who, now=utc_now()).id


def states(cast):
    with cast.vault("membership"):
        return sorted(mail.state for mail in RelayMail.select()), Message.get().state


def test_the_member_gets_the_message_and_it_is_dealt_with(cast, decided, place, peer):
    run(decided, place)
    [(sender, recipient, mail)] = peer.mails
    assert recipient == ADDRESS
    text = mail.get_content()
    assert TEXT in text
    assert "Vera Nachname1" in text
    assert mail["Message-ID"].strip("<>").partition("@")[0] in sender
    assert domain_of(sender) == "verein.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert states(cast) == (["sent"], "closed")


@pytest.mark.parametrize(
    ("own", "subject", "greeting"),
    [
        ("", "Nachricht an Sie", "Guten Tag"),
        ("de", "Nachricht an Sie", "Guten Tag"),
        ("en", "A message for you", "Hello"),
    ],
)
def test_the_mail_is_in_the_members_language(cast, decided, place, peer, own, subject, greeting):
    with cast.vault("membership"):
        Person.update(language=own).where(Person.id == 1).execute()
    run(decided, place)
    mail = peer.mails[0][2]
    assert mail["Subject"] == subject
    assert mail.get_content().startswith(greeting)
    assert mail.get_content().rstrip().endswith(TEXT)


def test_the_mail_names_neither_the_key_nor_what_clearing_calls_the_message(cast, decided, place, peer):
    run(decided, place)
    with cast.vault("membership"):
        keys = {row.key for row in ReferenceKey.select()}
    written = peer.mails[0][2].as_string()
    assert [name for name in (*keys, RELAY) if name in written] == []


def test_the_same_job_again_sends_nothing(cast, decided, place, peer):
    run(decided, place)
    with cast.vault("membership"):
        again = jobs.start("relay-mail", RelayMail.get().id, {}, by=MIKA, now=utc_now()).id
    run(again, place)
    assert peer.recipients == [ADDRESS]


def test_two_officers_decide_once(cast, decided):
    with pytest.raises(relay_mails.AlreadyMailed):
        decide(cast, by=LEA)
    assert states(cast)[0] == ["waiting"]


def test_the_same_form_decides_once(cast, message):
    with cast.vault("membership"):
        for _ in range(2):
            relay_mails.decide(RELAY, mail_id="m" * 32, by=MIKA, day=DAY)
        assert RelayMail.select().count() == 1


@pytest.mark.parametrize("how", ["dies_in_data_for", "dies_after_data_for"])
def test_a_server_that_dies_under_the_text_leaves_it_unclear_and_unsent(cast, decided, place, peer, how):
    getattr(peer, how).add(ADDRESS)
    run(decided, place)
    assert states(cast) == (["unclear"], "open")
    with pytest.raises(relay_mails.AlreadyMailed):
        decide(cast)


def test_a_server_that_asks_to_come_back_is_asked_again(cast, decided, place, peer):
    peer.answers[ADDRESS] = ["451 4.7.1 later", "450 4.2.0 later"]
    run(decided, place)
    assert peer.offered == [ADDRESS] * 3
    assert peer.recipients == [ADDRESS]


def test_a_refused_address_leaves_the_message_open_and_another_may_be_tried(cast, decided, place, peer):
    peer.answers[ADDRESS] = "550 5.1.1 no such user"
    run(decided, place)
    assert states(cast) == (["refused"], "open")
    with cast.vault("membership"):
        assert AddressHold.get().reason == "550 5.1.1"
        Person.update(email="neu@mail.example").where(Person.id == 1).execute()
    run(decide(cast), place)
    assert peer.recipients == ["neu@mail.example"]


def test_without_an_address_nothing_is_decided(cast, message):
    with cast.vault("membership"):
        AddressHold.create(person=1, email=ADDRESS, reason="550", since=DAY)
        with pytest.raises(relay_mails.NoAddress):
            relay_mails.decide(RELAY, mail_id=new_id(), by=MIKA, day=DAY)


def test_an_address_that_goes_on_hold_meanwhile_gets_no_mail(cast, decided, place, peer):
    with cast.vault("membership"):
        AddressHold.create(person=1, email=ADDRESS, reason="550", since=DAY)
    run(decided, place)
    assert (peer.offered, states(cast)) == ([], (["refused"], "open"))


def test_a_mail_that_comes_back_opens_the_message_again(cast, decided, place, peer):
    run(decided, place)
    with cast.vault("membership"):
        for token in (new_id(), RelayMail.get().token, RelayMail.get().token):
            take_in("bounce", sender="public", message=notification(token))
        assert [hold.email for hold in AddressHold.select()] == [ADDRESS]
    assert states(cast) == (["bounced"], "open")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "state", "after"),
    [
        ("relay-mail.claimed", "sending", ["sent"]),
        ("relay-mail.before-text", "data", ["unclear"]),
        ("relay-mail.after-text", "data", ["unclear"]),
        ("relay-mail.noted", "sent", ["sent"]),
    ],
)
def test_killed_at_any_step_it_is_mailed_at_most_once(cast, decided, place, peer, point, state, after):
    assert officer(cast, peer, decided, point) == -signal.SIGKILL
    assert states(cast)[0] == [state]
    with cast.vault("membership"):
        jobs.resume(decided, by=MIKA, now=utc_now())
    run(decided, place)
    assert states(cast)[0] == after
    assert len(peer.recipients) == (0 if point == "relay-mail.before-text" else 1)


def officer(cast, peer, job, point):
    member = cast["membership"]
    return subprocess.run(
        [
            sys.executable, "-m", "tests.compartments.membership.invitations.officer",
            str(cast.organisation.settings.instance), member.account_id, "send", job, str(peer.port),
        ],
        env={**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex(), "SCHOTTEN_FAULT_POINT": point},
        timeout=60,
        check=False,
    ).returncode  # fmt: skip


# --- on the page --------------------------------------------------------------------------------------------------------

URL = f"/membership/reconciliation/messages/{RELAY}"


def test_without_a_mail_server_the_officer_writes_by_hand(client, message):
    page = client.get(URL)
    assert f"mailto:{ADDRESS}" in page.text
    assert "Mail it to the member" not in words(page)


def test_with_a_mail_server_a_button_mails_it_though_pressed_twice(cast, client, message, peer):
    known = cast.app.extensions["schotten"]
    cast.app.extensions["schotten"] = replace(known, settings=known.settings.but(**peer.settings))
    page = client.get(URL)
    assert "mailto:" not in page.text
    first, second = (fill(client, page, "/mail") for _ in range(2))
    assert "/jobs/" in first.location
    assert second.status_code == 303
    until = time.monotonic() + 120
    while states(cast)[0] != ["sent"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert peer.recipients == [ADDRESS]


def test_an_address_on_hold_is_said_on_the_page(cast, client, message, peer):
    known = cast.app.extensions["schotten"]
    cast.app.extensions["schotten"] = replace(known, settings=known.settings.but(**peer.settings))
    with cast.vault("membership"):
        AddressHold.create(person=1, email=ADDRESS, reason="550", since=DAY)
    page = words(client.get(URL))
    assert "or mails to it come back" in page
    assert "Mail it to the member" not in page


@pytest.mark.parametrize(
    ("action", "state", "left"), [("arrived", "sent", "closed"), ("again", "replaced", "open")]
)
def test_an_unclear_mail_is_decided_on(cast, client, decided, place, peer, action, state, left):
    peer.dies_after_data_for.add(ADDRESS)
    run(decided, place)
    page = client.get(URL)
    assert "nobody knows whether it arrived" in words(page)
    target, fields = next(form for form in read(page) if form[0].endswith("/unclear"))
    assert client.post(target, data={**fields, "action": action}).status_code == 303
    assert states(cast) == ([state], left)
    with cast.vault("membership"), pytest.raises(relay_mails.NotUnclear):
        relay_mails.settle_unclear(RELAY, arrived=True, by=LEA, day=DAY)
