"""The relay: each office sees its own identifiers, and only the last one reads the text."""

import pytest

from app.envelopes.enclosed import RELAY, REPLY, disclose, enclose
from app.vault.models import RefusedEnvelope
from compartments.clearing.keysets.models import Pair
from compartments.clearing.relay import service
from compartments.clearing.relay.models import ANSWERED, UNDELIVERABLE, Relayed
from keys.codes import new_code
from keys.errors import BadSignature, CannotOpen
from keys.randomness import new_id

CANARY = "Kanarienvogel, bitte melden"


def write(office, code, text=CANARY):
    relay = new_id()
    with office.cast.vault("administration"):
        sealed = enclose(text, "membership", purpose=RELAY)
    office.letter("administration", "relay", {"relay": relay, "code": code, "text": sealed})
    return relay


def test_a_message_and_its_answer_go_through_under_other_names(office):
    _, _, codes = office.make(6)
    relay = write(office, codes[0])
    (onward,) = office.at("membership")["relay-onward"]
    with office.vault():
        pair = Pair.get(Pair.invite == codes[0])
    assert onward["key"] == pair.reference
    assert relay not in str(onward)
    assert codes[0] not in str(onward)
    with office.cast.vault("membership"):
        assert disclose(onward["text"], "administration", purpose=RELAY) == CANARY
        reply = enclose("Piep", "administration", purpose=REPLY)
    office.letter("membership", "relay-reply", {"relay": onward["relay"], "text": reply})
    (answer,) = office.at("administration")["relay-answer"]
    assert answer["relay"] == relay
    assert onward["relay"] not in str(answer)
    with office.cast.vault("administration"):
        assert disclose(answer["text"], "membership", purpose=REPLY) == "Piep"
    with office.vault():
        (kept,) = service.recent()
        assert (kept.state, kept.replies) == (ANSWERED, 1)


def test_clearing_can_neither_read_nor_forge_the_text(office):
    with office.cast.vault("administration"):
        sealed = enclose(CANARY, "membership", purpose=RELAY)
    with office.vault():
        with pytest.raises(CannotOpen):
            disclose(sealed, "administration", purpose=RELAY)
        forged = enclose("Bitte überweisen", "membership", purpose=RELAY)
    with office.cast.vault("membership"), pytest.raises((CannotOpen, BadSignature)):
        disclose(forged, "administration", purpose=RELAY)


def test_a_text_does_not_open_for_another_purpose(office):
    with office.cast.vault("administration"):
        sealed = enclose(CANARY, "membership", purpose=RELAY)
    with office.cast.vault("membership"), pytest.raises(CannotOpen):
        disclose(sealed, "administration", purpose=REPLY)


@pytest.mark.parametrize("known", [False, True])
def test_a_deactivated_code_is_as_undeliverable_as_an_unknown_one(office, known):
    _, keys, _ = office.make(6)
    office.letter("membership", "keys-deactivated", {"keys": keys, "reason": ""})
    with office.vault():
        code = Pair.get().invite if known else new_code()
    write(office, code)
    assert office.at("membership") == {}
    with office.vault():
        assert [row.state for row in Relayed.select()] == [UNDELIVERABLE]


@pytest.mark.parametrize("text", ["klar lesbar", "zz", None, "ab" * 300_000])
def test_what_is_not_sealed_is_refused(office, text):
    _, _, codes = office.make(6)
    office.letter("administration", "relay", {"relay": new_id(), "code": codes[0], "text": text})
    assert office.at("membership") == {}
    with office.vault():
        assert RefusedEnvelope.select().count() == 1


def test_an_answer_to_nothing_is_refused(office):
    office.letter("membership", "relay-reply", {"relay": new_id(), "text": "ab"})
    with office.vault():
        assert RefusedEnvelope.select().count() == 1
