"""Taking envelopes in: each once, none forged, none from an unlisted sender, and a gap is noticed."""

import pytest

from app.envelopes.receiving import AT_ONCE, MOST_ALARMS, NotYet
from app.shared.models import CompartmentKey, Envelope
from app.vault.models import Alarm, ImportedEnvelope, Notice, OwnKeys, RefusedEnvelope
from compartments.desk.models import ContactRequest
from keys.identity import KeyPairs
from keys.randomness import new_id, token_bytes
from tests.app.envelopes.post import (
    body_of,
    contact,
    deliver_from,
    notice,
    notice_body,
    order_notice,
    put_forged,
    sealed,
    take_in,
)


def state_of(cast, name):
    """(subjects of notices, reasons of refusals, kinds of alarms, envelopes that wait)"""
    with cast.vault(name):
        return (
            [row.subject for row in Notice.select().order_by(Notice.subject)],
            [row.reason for row in RefusedEnvelope.select()],
            [f"{row.kind} {row.detail}" for row in Alarm.select().order_by(Alarm.id)],
            Envelope.select().where(Envelope.recipient == name).count(),
        )


def own_keys(cast, name) -> KeyPairs:
    with cast.vault(name):
        return KeyPairs.from_seed(bytes(OwnKeys.select().order_by(OwnKeys.epoch.desc()).get().private_keys))


def test_what_the_public_sends_reaches_the_desk_once_and_leaves_the_shared_layer(cast):
    contact(cast, "Wo ist mein Code?")
    assert take_in(cast, "desk") == 1
    assert take_in(cast, "desk") == 0
    with cast.vault("desk"):
        assert [row.text for row in ContactRequest.select()] == ["Wo ist mein Code?"]
        assert Envelope.select().count() == 0


@pytest.mark.parametrize("name", ["desk", "membership", "administration", "clearing", "counsel"])
def test_a_notice_of_the_board_reaches_every_compartment(cast, name):
    notice(cast, name, "Versammlung")
    take_in(cast, name)
    assert state_of(cast, name) == (["Versammlung"], [], [], 0)


def test_a_replayed_envelope_changes_nothing(cast):
    envelope = notice(cast, "clearing", "Versammlung")
    with cast.shared():
        ciphertext = bytes(Envelope.get_by_id(envelope).ciphertext)
    take_in(cast, "clearing")
    put_forged(cast, "clearing", ciphertext, envelope)
    take_in(cast, "clearing")
    assert state_of(cast, "clearing") == (["Versammlung"], [], [], 0)


def test_a_replay_under_another_id_is_refused(cast):
    envelope = notice(cast, "clearing", "Versammlung")
    with cast.shared():
        ciphertext = bytes(Envelope.get_by_id(envelope).ciphertext)
    put_forged(cast, "clearing", ciphertext)
    take_in(cast, "clearing")
    notices, refused, _, waiting = state_of(cast, "clearing")
    assert (notices, refused, waiting) == (["Versammlung"], ["CannotOpen"], 0)


def test_a_number_that_was_used_is_refused(cast):
    """The board's own key, but a second letter with the number of the first: somebody has copied the board's vault."""
    notice(cast, "clearing", "eins")
    take_in(cast, "clearing")
    board, clearing = own_keys(cast, "board"), own_keys(cast, "clearing")
    envelope, ciphertext = sealed(
        "notice", "board", "clearing", clearing.sealing.public, board.signing, body=notice_body("zwei")
    )
    put_forged(cast, "clearing", ciphertext, envelope)
    take_in(cast, "clearing")
    assert state_of(cast, "clearing")[:2] == (["eins"], ["Replayed"])


def test_a_missing_envelope_raises_an_alarm_that_goes_when_it_arrives(cast):
    first = order_notice(cast, "clearing", "eins")
    deliver_from(cast, "board")
    with cast.shared():
        held = Envelope.get_by_id(first)
        held.delete_instance()
    notice(cast, "clearing", "zwei")
    take_in(cast, "clearing")
    assert state_of(cast, "clearing") == (["zwei"], [], ["missing-envelope board 1"], 0)
    put_forged(cast, "clearing", bytes(held.ciphertext), first)
    take_in(cast, "clearing")
    assert state_of(cast, "clearing") == (["eins", "zwei"], [], [], 0)


def test_a_jump_in_the_numbers_raises_a_bounded_number_of_alarms(cast):
    board, clearing = own_keys(cast, "board"), own_keys(cast, "clearing")
    envelope, ciphertext = sealed(
        "notice",
        "board",
        "clearing",
        clearing.sealing.public,
        board.signing,
        body=notice_body("x"),
        number=10**9,
    )
    put_forged(cast, "clearing", ciphertext, envelope)
    take_in(cast, "clearing")
    assert len(state_of(cast, "clearing")[2]) == MOST_ALARMS


@pytest.mark.parametrize("signer", [None, KeyPairs.generate().signing], ids=["unsigned", "forged"])
def test_a_letter_in_the_boards_name_without_its_signature_is_refused(cast, signer):
    clearing = own_keys(cast, "clearing")
    envelope, ciphertext = sealed(
        "notice", "board", "clearing", clearing.sealing.public, signer, body=notice_body("Falsch")
    )
    put_forged(cast, "clearing", ciphertext, envelope)
    take_in(cast, "clearing")
    assert state_of(cast, "clearing") == ([], ["BadSignature"], ["refused-envelope BadSignature"], 0)


@pytest.mark.parametrize("length", [0, 1, 1200, 5000])
def test_rubbish_is_refused_kept_and_blocks_nothing(cast, length):
    put_forged(cast, "desk", token_bytes(length))
    contact(cast)
    take_in(cast, "desk")
    with cast.vault("desk"):
        assert RefusedEnvelope.get().reason == "CannotOpen"
        assert len(RefusedEnvelope.get().ciphertext) == length
        assert ContactRequest.select().count() == 1


def test_a_letter_to_one_compartment_is_not_taken_by_another(cast):
    envelope = notice(cast, "clearing", "Versammlung")
    with cast.shared():
        Envelope.update(recipient="counsel").where(Envelope.id == envelope).execute()
    take_in(cast, "counsel")
    assert state_of(cast, "counsel")[:2] == ([], ["CannotOpen"])


def test_when_the_boards_keys_were_exchanged_nothing_of_it_is_believed(cast):
    order_notice(cast, "clearing", "Versammlung")
    deliver_from(cast, "board")
    exchange_keys_of_the_board(cast)
    take_in(cast, "clearing")
    assert state_of(cast, "clearing")[:2] == ([], ["BrokenChain"])


def exchange_keys_of_the_board(cast):
    """Below the triggers: the table is append-only even for whoever holds the service key and uses this program."""
    with cast.shared():
        database = CompartmentKey._meta.database
        database.execute_sql("drop trigger compartment_key_is_not_edited")
        forged = KeyPairs.generate().public.to_bytes()
        CompartmentKey.update(public_keys=forged).where(CompartmentKey.vault == "board").execute()


def test_a_handler_that_breaks_refuses_one_letter_and_lets_the_next_through(cast):
    first = contact(cast, "eins")
    contact(cast, "zwei")
    seen = []

    def handler(letter):
        if letter.envelope_id == first.envelope_id:
            raise RuntimeError("a bug, or a letter made to find one")
        seen.append(letter.body["text"])

    take_in(cast, "desk", {"contact": handler})
    assert seen == ["zwei"]
    assert state_of(cast, "desk")[1:] == (["RuntimeError"], ["refused-envelope RuntimeError"], 0)


def test_what_a_handler_wrote_before_it_broke_is_not_there(cast):
    contact(cast)

    def handler(letter):
        Notice.create(
            id=new_id(), sender="board", subject="halb", text="", author_name="", sent_on="2026-01-01"
        )
        raise ValueError("and then something is wrong")

    take_in(cast, "desk", {"contact": handler})
    assert state_of(cast, "desk")[:2] == ([], ["ValueError"])


def test_a_letter_that_waits_for_another_is_taken_in_after_it_in_the_same_go(cast):
    for text in ("zweitens", "erstens"):
        contact(cast, text)
    order = []

    def handler(letter):
        if letter.body["text"] == "zweitens" and "erstens" not in order:
            raise NotYet
        order.append(letter.body["text"])

    assert take_in(cast, "desk", {"contact": handler}) == 2
    assert order == ["erstens", "zweitens"]


def test_a_pile_of_letters_of_which_none_fits_does_not_block_for_ever(cast, monkeypatch):
    monkeypatch.setattr("app.envelopes.receiving.AT_ONCE", 3)
    assert AT_ONCE > 3
    for _ in range(5):
        contact(cast)

    def never(letter):
        raise NotYet

    while take_in(cast, "desk", {"contact": never}):
        pass
    assert state_of(cast, "desk")[3] == 0


def test_hostile_content_from_the_public_is_refused(cast):
    keys = contact(cast, "x", sealing_key="zz")
    contact(cast, "x", day="gestern")
    contact(cast, "x", subject=["a"])
    contact(cast, "x" * 60_000)
    contact(cast, "NUL \x00 und \u202e Schrift 🚢")
    take_in(cast, "desk")
    with cast.vault("desk"):
        assert RefusedEnvelope.select().count() == 4
        assert ContactRequest.get().text == "NUL \x00 und \u202e Schrift 🚢"
        assert ImportedEnvelope.select().where(ImportedEnvelope.id == keys.envelope_id).exists()
    assert body_of(keys, "x")["mailbox"] == keys.id
