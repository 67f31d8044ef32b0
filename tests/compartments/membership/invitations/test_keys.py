"""Reference keys, bounces and wording: what comes in, what goes out, and what is refused."""

import json
from base64 import b64decode
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import IntegrityError

from app.mail import bounces
from app.vault.models import Outgoing
from compartments.membership.invitations import keys, runs, texts
from compartments.membership.invitations.models import AddressHold, Invitation, ReferenceKey
from compartments.membership.tables import Person
from keys.codes import new_code
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA
from tests.compartments.membership.invitations.conftest import DAY, arrive, members, prepared, take_keys


def test_keys_that_arrive_are_free_and_their_request_is_answered(office):
    request = keys.ask(2, request_id=new_id(), by=MIKA, day=DAY)
    arrive("reference-keys", request=request.id, key_set="A", keys=[new_code(), new_code()])
    assert keys.counts() == keys.Counts(free=2, assigned=0, deactivated=0)
    assert keys.requests()[0].arrived == 2


@pytest.mark.parametrize("bad", [["kein Code"], [""], None])
def test_what_are_no_keys_is_refused(office, bad):
    with pytest.raises((ValueError, TypeError)):
        arrive("reference-keys", request=new_id(), key_set="A", keys=bad)


def test_a_key_that_is_here_already_is_refused(office):
    codes = take_keys(2)
    with pytest.raises(IntegrityError):
        arrive("reference-keys", request=new_id(), key_set="B", keys=[codes[0]])
    code = new_code()
    with pytest.raises(ValueError, match="twice"):
        arrive("reference-keys", request=new_id(), key_set="B", keys=[code, code.upper()])


def test_the_database_itself_refuses_a_second_good_key_for_one_person(office):
    members(1)
    first, second = take_keys(2)
    ReferenceKey.update(person=1, state="assigned").where(ReferenceKey.key == first).execute()
    with pytest.raises(IntegrityError):
        ReferenceKey.update(person=1, state="assigned").where(ReferenceKey.key == second).execute()


def test_keys_lie_in_an_order_that_tells_nothing(office):
    take_keys(50)
    stored = [row.key for row in ReferenceKey.select()]
    assert stored == sorted(stored)
    assert {type(value) for value in ReferenceKey.get().__data__.values()} <= {str, bool, type(None)}


def test_who_has_waited_longest_is_invited_first_and_keys_are_drawn_at_random(office):
    people = members(6)
    for number, person in enumerate(people):
        Person.update(entered_on=f"201{number}-01-01").where(Person.id == person).execute()
    take_keys(20)
    assert runs.waiting(DAY).age(DAY) > 5000
    prepared(contingent=2)
    invited = {row.person_id for row in Invitation.select()}
    assert invited == set(people[:2])


def test_a_run_takes_as_many_as_there_are_keys(office):
    members(5)
    take_keys(2)
    prepared()
    assert keys.counts().assigned == 2
    with pytest.raises(runs.NothingToDo) as nothing:
        prepared()
    assert nothing.value.keys_missing


def test_deactivating_tells_clearing_and_lets_the_member_wait_again(office):
    members(1)
    take_keys(2)
    prepared()
    keys.deactivate_of(1, "lost", day=DAY)
    assert runs.waiting(DAY).members == 1
    order = Outgoing.get()
    payload = json.loads(bytes(order.payload))
    assert payload["recipient"] == "clearing"
    assert b"lost" not in b64decode(payload["ciphertext"])
    with pytest.raises(keys.NoKey):
        keys.deactivate_of(1, "lost", day=DAY)


# --- bounces -----------------------------------------------------------------------------------------------------------


def notification(token, *, action="failed", to="einladung@verein.example", status="5.1.1"):
    """A delivery status notification as mail servers write it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "MAILER-DAEMON@mx.example", to, "Undelivered Mail"
    report = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; x@y\nAction: {action}\nStatus: {status}\n"
    boundary = "BOUNDARY"
    head = mail.as_string().partition("\n\n")[0]
    return (
        f"{head}\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary={boundary}\n\n"
        f"--{boundary}\nContent-Type: text/plain\n\nSorry.\n\n"
        f"--{boundary}\nContent-Type: message/delivery-status\n\n{report}\n"
        f"--{boundary}\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{token}@verein.example>\nTo: x@y\n\n"
        f"--{boundary}--\n"
    )


@pytest.fixture
def mailed(office):
    """Somebody who was mailed to; returns the mail's token."""
    members(1)
    take_keys(2)
    run = prepared()
    mail = runs.claim(run.id, day=DAY, now=runs.AT_ONCE)
    runs.begin_text(mail.invitation)
    runs.note_sent(mail.invitation, "250", day=DAY)
    return mail.token


def test_a_bounce_puts_the_address_on_hold_and_deactivates_the_key(mailed):
    arrive("bounce", sender="public", message=notification(mailed))
    assert AddressHold.get().reason == "5.1.1"
    assert Invitation.get().state == "bounced"
    assert keys.counts().deactivated == 1


def test_the_address_that_a_bounce_comes_to_is_enough(mailed):
    text = notification("nichts", to=f"einladung+{mailed}@verein.example")
    arrive("bounce", sender="public", message=text)
    assert Invitation.get().state == "bounced"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ich bin bis Montag im Urlaub.",
        notification("0" * 32),
        notification("{token}", action="delayed"),
        "Message-ID: <{token}@verein.example>\n\nhallo",
    ],
)
def test_everything_else_that_comes_to_that_address_changes_nothing(mailed, text):
    arrive("bounce", sender="public", message=text.replace("{token}", mailed))
    assert Invitation.get().state == "sent"
    assert AddressHold.select().count() == 0


def test_a_bounce_that_comes_twice_counts_once(mailed):
    for _ in range(2):
        arrive("bounce", sender="public", message=notification(mailed))
    assert keys.counts().deactivated == 1


@given(st.text(max_size=2000))
def test_no_mail_however_broken_stops_the_reading(text):
    assert bounces.read(text) == bounces.NOTHING
    bounces.read("Content-Type: multipart/report; boundary=x\n\n--x\n" + text)


@pytest.mark.parametrize(
    "text", ["{key}", "{claim_address}", "{key} {claim_address} {0}", "{key} {claim_address} {}"]
)
def test_wording_with_a_place_missing_or_unknown_is_refused(text):
    with pytest.raises(texts.BadWording):
        texts.check(texts.Wording("Betreff", text))


def test_the_programs_own_wording_is_good():
    for language in ("de", "en"):
        texts.check(texts.PROGRAM[language])
