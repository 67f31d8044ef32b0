"""Signatures, and the public keys of an officer or a compartment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import BadSignature, MalformedKey
from keys.identity import KeyPairs, PublicKeys
from keys.signing import SigningKeyPair, VerifyKey

CONTEXT = b"envelope"


@given(message=st.binary(max_size=1000), context=st.binary(max_size=100))
def test_a_signature_holds(alice, message, context):
    signature = alice.signing.sign(message, context=context)
    alice.signing.public.verify(signature, message, context=context)
    assert len(signature) == 64


def test_every_flipped_bit_of_a_signature_fails(alice):
    signature = alice.signing.sign(b"message", context=CONTEXT)
    for position in range(len(signature) * 8):
        changed = bytearray(signature)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(BadSignature):
            alice.signing.public.verify(bytes(changed), b"message", context=CONTEXT)


@given(message=st.binary())
def test_another_message_fails(alice, message):
    signature = alice.signing.sign(b"the message", context=CONTEXT)
    with pytest.raises(BadSignature):
        alice.signing.public.verify(signature, message, context=CONTEXT)


def test_another_context_fails(alice):
    signature = alice.signing.sign(b"message", context=CONTEXT)
    with pytest.raises(BadSignature):
        alice.signing.public.verify(signature, b"message", context=b"act")


def test_no_byte_moves_between_context_and_message(alice):
    signature = alice.signing.sign(b"message", context=b"envelope")
    with pytest.raises(BadSignature):
        alice.signing.public.verify(signature, b"emessage", context=b"envelop")


def test_another_key_fails(alice, mallory):
    signature = mallory.signing.sign(b"message", context=CONTEXT)
    with pytest.raises(BadSignature):
        alice.signing.public.verify(signature, b"message", context=CONTEXT)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_fails(alice, signature):
    with pytest.raises(BadSignature):
        alice.signing.public.verify(signature, b"message", context=CONTEXT)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_what_is_no_key_is_refused(length):
    with pytest.raises(MalformedKey):
        VerifyKey.from_bytes(bytes(length))
    with pytest.raises(MalformedKey):
        SigningKeyPair.from_seed(bytes(length))


def test_both_pairs_survive_being_written_down(alice):
    again = KeyPairs.from_seed(alice.to_bytes())
    assert again.public == alice.public == PublicKeys.from_bytes(alice.public.to_bytes())
    assert (len(alice.to_bytes()), len(alice.public.to_bytes())) == (128, 1248)


@pytest.mark.parametrize("length", [0, 127, 129, 1247, 1249])
def test_what_is_no_pair_of_keys_is_refused(length):
    with pytest.raises(MalformedKey):
        KeyPairs.from_seed(bytes(length))
    with pytest.raises(MalformedKey):
        PublicKeys.from_bytes(bytes(length))


def test_a_fingerprint_can_be_read_out(alice):
    assert re.fullmatch("([0-9a-f]{4} ){7}[0-9a-f]{4}", alice.public.fingerprint())


def test_a_fingerprint_covers_both_keys(alice, mallory):
    mixed = PublicKeys(alice.public.sealing, mallory.public.signing)
    assert len({keys.fingerprint() for keys in (alice.public, mallory.public, mixed)}) == 3
