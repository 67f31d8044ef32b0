"""What one office sends another is taken in as it was sent, in whatever order the shared layer gives it out; a gap is noticed and holds nothing up."""

import random

import psycopg
import pytest

from app.envelopes import outbox
from app.envelopes.receiving import AT_ONCE
from app.factory import create_app
from app.shared import mailboxes
from app.shared.models import Envelope
from app.vault.models import Alarm, RefusedEnvelope
from compartments.administration.codes.models import Code
from compartments.desk.models import ContactRequest
from tests.app.envelopes.post import DAY, contact, deliver_from, notice, order_notice, put_in_order, take_in
from tests.cast import Cast, enrol_cast, found_organisation
from tests.compartments.administration.letters import send
from tests.compartments.administration.test_reconciliation import new_codes

SENT = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben"]
ORDERS = [
    [6, 5, 4, 3, 2, 1, 0],
    [1, 0, 3, 2, 5, 4, 6],
    *(random.Random(seed).sample(range(7), 7) for seed in range(4)),
]


class Office:
    """Notes in what order notices are taken in."""

    def __init__(self, cast, name="clearing"):
        self.cast, self.name, self.read = cast, name, []

    def takes_in(self):
        return take_in(
            self.cast, self.name, {"notice": lambda letter: self.read.append(letter.body["subject"])}
        )

    def troubles(self):
        with self.cast.vault(self.name):
            assert RefusedEnvelope.select().count() == 0
            return [f"{row.kind} {row.detail}" for row in Alarm.select().order_by(Alarm.id)]


def sent(cast, order, to="clearing"):
    envelopes = [notice(cast, to, subject) for subject in SENT]
    put_in_order(cast, *(envelopes[place] for place in order))
    return envelopes


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_letters_are_taken_in_as_they_were_sent(cast, order):
    sent(cast, order)
    office = Office(cast)
    assert office.takes_in() == len(SENT)
    assert (office.read, office.troubles()) == (SENT, [])


@pytest.mark.parametrize("order", ORDERS[:3], ids=str)
def test_a_pile_is_taken_in_as_it_was_sent_by_and_by(cast, monkeypatch, order):
    monkeypatch.setattr("app.envelopes.receiving.AT_ONCE", 2)
    assert AT_ONCE > 2
    sent(cast, order)
    office = Office(cast)
    while taken := office.takes_in():
        assert office.read == SENT[: len(office.read)]
        assert taken <= 4
    assert (office.read, office.troubles()) == (SENT, [])


def test_what_the_public_sends_meanwhile_holds_no_office_up_and_is_held_up_by_none(cast, monkeypatch):
    monkeypatch.setattr("app.envelopes.receiving.AT_ONCE", 2)
    envelopes = [notice(cast, "desk", subject) for subject in SENT[:3]]
    keys = [contact(cast, str(number)) for number in range(4)]
    put_in_order(cast, *(one.envelope_id for one in keys), *reversed(envelopes))
    while take_in(cast, "desk"):
        pass
    assert Office(cast, "desk").troubles() == []
    with cast.vault("desk"):
        assert ContactRequest.select().count() == 4
        assert Envelope.select().count() == 0


@pytest.mark.parametrize("order", [[2, 0, 1], [1, 2, 0]], ids=str)
def test_a_gap_raises_its_alarm_once_and_the_others_are_taken_in_as_they_were_sent(cast, order):
    lost = order_notice(cast, "clearing", "null")
    deliver_from(cast, "board")
    with cast.shared():
        held = Envelope.get_by_id(lost)
        held.delete_instance()
    envelopes = [notice(cast, "clearing", subject) for subject in SENT[:3]]
    put_in_order(cast, *(envelopes[place] for place in order))
    office = Office(cast)
    assert office.takes_in() == 3
    assert (office.read, office.troubles()) == (SENT[:3], ["missing-envelope board 1"])
    notice(cast, "clearing", "danach")
    assert office.takes_in() == 1
    assert office.troubles() == ["missing-envelope board 1"]
    with cast.shared():
        held.save(force_insert=True)
    office.takes_in()
    assert (office.read[-2:], office.troubles()) == (["danach", "null"], [])


def valid_again(cast):
    """A code is switched off and on again, and the letters of it lie the other way round; return whether it is off."""
    with cast.vault("administration"):
        codes = new_codes(2)
    for type_, more in (("codes-deactivated", {}), ("codes-restored", {"listed": False})):
        send(cast, "clearing", "administration", type_, {"codes": codes[:1], "reason": "exit", **more})
    with cast.shared():
        put_in_order(cast, *reversed([row.id for row in Envelope.select(Envelope.id)]))
    take_in(cast, "administration")
    assert Office(cast, "administration").troubles() == []
    with cast.vault("administration"):
        return Code.get_by_id(codes[0]).deactivated


def test_a_code_that_is_valid_again_stays_valid(cast):
    assert not valid_again(cast)


# --- on an engine that keeps no order ---------------------------------------------------------------------------------------


@pytest.fixture
def cast_on_postgres(postgres, settings):
    """An organisation whose shared layer lies on a real PostgreSQL."""
    name = "schotten_in_turn"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"create database {name}")
        address = f"postgresql:///{name}?host={server.info.host}&user={server.info.user}"
    organisation = found_organisation(settings.but(shared_url=address))
    members = enrol_cast(organisation)
    app = create_app(organisation.settings)
    yield Cast(members, organisation, app)
    app.extensions["schotten"].shared.close()
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.mark.slow
def test_on_postgresql_too(cast_on_postgres):
    cast = cast_on_postgres
    for number, order in enumerate(ORDERS[:3]):
        sent(cast, order)
        office = Office(cast)
        assert office.takes_in() == len(SENT), number
        assert (office.read, office.troubles()) == (SENT, [])
    assert not valid_again(cast)
    keys = contact(cast)
    with cast.vault("desk") as vault:
        with vault.database.atomic("IMMEDIATE"):
            outbox.answer(keys.id, keys.sealing.public.to_bytes(), {"kind": "message", "text": "x"}, day=DAY)
        assert outbox.deliver({}) == 1
        assert mailboxes.takes_messages(keys.id)
        assert [one.content["text"] for one in mailboxes.messages(keys)] == ["x"]
