"""Sealing to a public key."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen, MalformedKey
from keys.sealing import OVERHEAD, SealingKey, SealingKeyPair, bind, open_sealed, seal

INFO = bind("test", "board", "desk")


@given(plaintext=st.binary(max_size=5000), info=st.binary(max_size=200))
def test_what_is_sealed_opens(alice, plaintext, info):
    sealed = seal(plaintext, alice.sealing.public, info=info)
    assert open_sealed(sealed, alice.sealing, info=info) == plaintext
    assert len(sealed) == len(plaintext) + OVERHEAD


def test_every_flipped_bit_fails(alice):
    sealed = seal(b"application", alice.sealing.public, info=INFO)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(CannotOpen):
            open_sealed(bytes(changed), alice.sealing, info=INFO)


@given(data=st.data())
def test_every_truncation_fails(alice, data):
    sealed = seal(b"application", alice.sealing.public, info=INFO)
    length = data.draw(st.integers(0, len(sealed) - 1))
    with pytest.raises(CannotOpen):
        open_sealed(sealed[:length], alice.sealing, info=INFO)


@given(noise=st.binary(max_size=1500))
def test_what_was_never_sealed_fails(alice, noise):
    with pytest.raises(CannotOpen):
        open_sealed(noise, alice.sealing, info=INFO)


def test_another_recipient_opens_nothing(alice, mallory):
    sealed = seal(b"application", alice.sealing.public, info=INFO)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, mallory.sealing, info=INFO)


@pytest.mark.parametrize(
    "replayed",
    [
        bind("other", "board", "desk"),
        bind("test", "desk", "board"),
        bind("test", "boarddesk"),
        bind("test", "board", "desk", ""),
        b"",
    ],
)
def test_nothing_opens_for_another_type_sender_or_recipient(alice, replayed):
    sealed = seal(b"application", alice.sealing.public, info=INFO)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, alice.sealing, info=replayed)


def test_sealing_twice_gives_two_messages(alice):
    assert seal(b"x", alice.sealing.public, info=INFO) != seal(b"x", alice.sealing.public, info=INFO)


def test_keys_survive_being_written_down(alice):
    again = SealingKeyPair.from_seed(alice.sealing.to_bytes())
    public = SealingKey.from_bytes(alice.sealing.public.to_bytes())
    assert public == again.public
    assert hash(public) == hash(again.public)
    assert open_sealed(seal(b"x", public, info=INFO), again, info=INFO) == b"x"


def test_keys_have_the_sizes_that_tables_are_made_for(alice):
    assert (len(alice.sealing.to_bytes()), len(alice.sealing.public.to_bytes())) == (96, 1216)


@pytest.mark.parametrize("encoded", [b"", bytes(1215), bytes(1217), b"\xff" * 1216])
def test_what_is_no_public_key_is_refused(encoded):
    with pytest.raises(MalformedKey):
        SealingKey.from_bytes(encoded)


@pytest.mark.parametrize("length", [0, 95, 97])
def test_what_is_no_seed_is_refused(length):
    with pytest.raises(MalformedKey):
        SealingKeyPair.from_seed(bytes(length))


def test_nothing_is_sealed_to_a_point_that_gives_the_secret_away(alice):
    degenerate = SealingKey.from_bytes(alice.sealing.public.to_bytes()[:1184] + bytes(32))
    with pytest.raises(MalformedKey):
        seal(b"x", degenerate, info=INFO)


def test_a_key_pair_is_not_pickled(alice):
    with pytest.raises(TypeError):
        pickle.dumps(alice.sealing)
