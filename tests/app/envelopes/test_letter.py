"""A letter opens as what it was sealed as: this type, this sender, this recipient, this envelope; and as nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crossings import CROSSINGS, PUBLIC_SENDER
from app.envelopes.letter import (
    NO_SIGNATURE,
    File,
    Letter,
    MalformedLetter,
    _context,
    open_letter,
    seal_letter,
)
from keys.errors import BadSignature, CannotOpen
from keys.identity import KeyPairs
from keys.padding import pad
from keys.sealing import seal

RECIPIENT, SENDER, STRANGER = KeyPairs.generate(), KeyPairs.generate(), KeyPairs.generate()
IDS = [f"{crossing.type} to {crossing.recipient}" for crossing in CROSSINGS]
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


def letter_of(crossing, text="Ahoi", files=()) -> Letter:
    body = dict.fromkeys(sorted(crossing.fields), text)
    number = 0 if crossing.sender == PUBLIC_SENDER else 3
    return Letter("a" * 32, crossing, crossing.sender, crossing.recipient, number, body, files)


def sealed(letter: Letter) -> bytes:
    return seal_letter(letter, RECIPIENT.sealing.public, signer(letter.crossing))


def signer(crossing):
    return None if crossing.sender == PUBLIC_SENDER else SENDER.signing


def opened(ciphertext: bytes, letter: Letter, **changes) -> Letter:
    crossing = changes.get("crossing", letter.crossing)
    known = {
        "keys": RECIPIENT.sealing,
        "crossing": crossing,
        "envelope_id": letter.envelope_id,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "signers": [] if letter.sender == PUBLIC_SENDER else [SENDER.signing.public],
    }
    return open_letter(ciphertext, **{**known, **changes})


@pytest.mark.parametrize("crossing", CROSSINGS, ids=IDS)
def test_every_type_arrives_as_it_was_written(crossing):
    files = (File("Plan.pdf", "application/pdf", b"%PDF"), File("leer", "", b"")) if crossing.files else ()
    letter = letter_of(crossing, files=files)
    assert opened(sealed(letter), letter) == Letter(**{**vars(letter), "files": list(files)})


@given(text=TEXT, contents=st.lists(st.binary(max_size=60), max_size=4), name=TEXT)
def test_any_text_and_any_files_arrive(text, contents, name):
    crossing = next(crossing for crossing in CROSSINGS if crossing.files)
    letter = letter_of(crossing, text, [File(name, "x/y", content) for content in contents])
    arrived = opened(sealed(letter), letter)
    assert arrived.body == letter.body
    assert list(arrived.files) == list(letter.files)


@pytest.mark.parametrize("crossing", CROSSINGS, ids=IDS)
def test_it_opens_as_no_other_type(crossing):
    letter = letter_of(crossing)
    ciphertext = sealed(letter)
    for other in CROSSINGS:
        if other is not crossing:
            with pytest.raises(CannotOpen):
                opened(ciphertext, letter, crossing=other, sender=other.sender, recipient=other.recipient)


@pytest.mark.parametrize(
    "changes", [{"sender": "membership"}, {"recipient": "clearing"}, {"envelope_id": "b" * 32}], ids=str
)
def test_it_opens_for_no_other_sender_recipient_or_envelope(changes):
    letter = letter_of(CROSSINGS[-1])
    with pytest.raises(CannotOpen):
        opened(sealed(letter), letter, **changes)


def test_it_opens_with_no_other_key():
    letter = letter_of(CROSSINGS[0])
    with pytest.raises(CannotOpen):
        opened(sealed(letter), letter, keys=STRANGER.sealing)


def test_a_signature_of_somebody_else_is_refused():
    letter = letter_of(CROSSINGS[-1])
    with pytest.raises(BadSignature):
        opened(sealed(letter), letter, signers=[STRANGER.signing.public])


def test_a_letter_that_needs_a_signature_and_has_none_is_refused():
    letter = letter_of(CROSSINGS[-1])
    unsigned = seal_letter(letter, RECIPIENT.sealing.public, None)
    with pytest.raises(BadSignature):
        opened(unsigned, letter)


def test_a_signature_of_the_senders_older_keys_counts():
    letter = letter_of(CROSSINGS[-1])
    signers = [STRANGER.signing.public, SENDER.signing.public]
    assert opened(sealed(letter), letter, signers=signers).body == letter.body


def test_a_field_too_many_or_too_few_is_not_sealed():
    crossing = CROSSINGS[0]
    for body in ({}, {**letter_of(crossing).body, "more": "x"}):
        with pytest.raises(MalformedLetter):
            sealed(Letter(**{**vars(letter_of(crossing)), "body": body}))


def test_a_type_without_files_carries_none():
    crossing = next(crossing for crossing in CROSSINGS if not crossing.files)
    with pytest.raises(MalformedLetter):
        sealed(letter_of(crossing, files=[File("a", "b", b"c")]))


def test_a_hundred_lengths_of_a_letter_have_a_handful_of_sizes():
    crossing = CROSSINGS[-1]
    sizes = {len(sealed(letter_of(crossing, "a" * length))) for length in range(1000, 1100)}
    assert len(sizes) <= 8


def header(**changes) -> bytes:
    body = dict.fromkeys(CROSSINGS[0].fields, "x")
    return json.dumps({"number": 0, "body": body, "files": [], **changes}).encode()


NAMES = sorted(CROSSINGS[0].fields)
DEEP = b'{"number":0,"files":[],"body":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
LONG = b'{"number":' + b"9" * 5000 + b',"files":[],"body":{}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xff\xff\xff{}",
        b"\x00\x00\x00\x02{}",
        *(
            len(text).to_bytes(4, "big") + text
            for text in (
                b"[]",
                b"null",
                b"\xff\xfe",
                header(body=None),
                header(body=NAMES),
                header(body={}),
                header(number=-1),
                header(number="1"),
                header(number=2**70),
                header(files=None),
                header(files=[{"name": "a", "type": "b", "size": -1}]),
                header(files=[{"name": "a", "type": "b", "size": 9}]),
                header(files=[{"name": "a", "type": "b", "size": "1"}]),
                header() + b" ",
                DEEP,
                LONG,
            )
        ),
        len(header()).to_bytes(4, "big") + header() + b"left over",
    ],
)
def test_whatever_else_is_inside_is_malformed_and_nothing_worse(content):
    letter = letter_of(CROSSINGS[0])
    info = _context(letter.crossing, letter)
    ciphertext = seal(pad(NO_SIGNATURE + content), RECIPIENT.sealing.public, info=info)
    if content.endswith(b" ") and not content.endswith(b"left over"):
        assert opened(ciphertext, letter).body
        return
    with pytest.raises(MalformedLetter):
        opened(ciphertext, letter)


@given(st.binary(max_size=300))
def test_random_bytes_inside_are_malformed_and_nothing_worse(content):
    letter = letter_of(CROSSINGS[0])
    ciphertext = seal(pad(content), RECIPIENT.sealing.public, info=_context(letter.crossing, letter))
    with pytest.raises(MalformedLetter):
        opened(ciphertext, letter)
