"""Signatures of somebody without an account: they hold for one letter, with its files, and for nothing else."""

from dataclasses import replace

import pytest

from app.crossings import PUBLIC_SENDER, find
from app.envelopes.letter import File, Letter
from app.envelopes.mailbox_letters import letter_id, sign, verify
from keys.codes import new_code
from keys.errors import BadSignature
from keys.mailbox import MailboxKeys

TYPE = "application-message"
KEYS = MailboxKeys.from_receipt(new_code())
OTHER = MailboxKeys.from_receipt(new_code())
KEY = KEYS.signing.public.to_bytes()
FILE = File("a.pdf", "application/pdf", b"content")


@pytest.fixture
def letter():
    envelope = letter_id(KEYS, "message", "1")
    body = sign(TYPE, envelope, {"text": "Grüße", "day": "2026-11-21"}, KEYS, [FILE])
    return Letter(envelope, find(TYPE, PUBLIC_SENDER, "board"), PUBLIC_SENDER, "board", 0, body, [FILE])


def test_what_the_owner_signed_holds(letter):
    verify(letter, KEY)


def test_it_has_the_fields_that_its_type_lists(letter):
    assert set(letter.body) == letter.crossing.fields


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, body={**one.body, "text": "Grüsse"}),
        lambda one: replace(one, body={**one.body, "mailbox": OTHER.id}),
        lambda one: replace(one, body={**one.body, "more": 1}),
        lambda one: replace(one, envelope_id="0" * 32),
        lambda one: replace(one, crossing=find("application-withdrawal", PUBLIC_SENDER, "board")),
        lambda one: replace(one, files=[]),
        lambda one: replace(one, files=[replace(FILE, content=b"changed")]),
        lambda one: replace(one, files=[replace(FILE, name="b.pdf")]),
        lambda one: replace(one, body={**one.body, "signature": "00" * 64}),
        lambda one: replace(one, body={**one.body, "signature": "no hex"}),
        lambda one: replace(one, body={**one.body, "signature": None}),
        lambda one: replace(one, body={name: one.body[name] for name in one.body if name != "signature"}),
    ],
)
def test_nothing_changed_holds(letter, change):
    with pytest.raises(BadSignature):
        verify(change(letter), KEY)


def test_another_mailboxs_key_doesnt_verify_it(letter):
    with pytest.raises(BadSignature):
        verify(letter, OTHER.signing.public.to_bytes())


@pytest.mark.parametrize("key", [b"", b"short", b"\xff" * 33])
def test_what_is_no_key_verifies_nothing(letter, key):
    with pytest.raises(BadSignature):
        verify(letter, key)


def test_the_same_purpose_gives_the_same_envelope_and_another_another():
    assert letter_id(KEYS, "message", "1") == letter_id(KEYS, "message", "1")
    ids = {letter_id(KEYS, "message", "1"), letter_id(KEYS, "message", "2"), letter_id(KEYS, "offer", "1")}
    assert len(ids | {letter_id(OTHER, "message", "1"), KEYS.envelope_id, KEYS.id}) == 6
