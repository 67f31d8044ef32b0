"""Sealing under a shared key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen, MalformedKey
from keys.symmetric import OVERHEAD, derive, open_with, seal_with

KEY = bytes(range(32))
keys = st.binary(min_size=32, max_size=32)


@given(keys, st.binary(max_size=2000), st.binary())
def test_what_is_sealed_opens(key, plaintext, info):
    sealed = seal_with(key, plaintext, info=info)
    assert open_with(key, sealed, info=info) == plaintext
    assert len(sealed) == len(plaintext) + OVERHEAD


def test_every_flipped_bit_fails():
    sealed = seal_with(KEY, b"secret", info=b"info")
    for position in range(len(sealed) * 8):
        with pytest.raises(CannotOpen):
            open_with(KEY, flipped(sealed, position), info=b"info")


def test_every_truncation_fails():
    sealed = seal_with(KEY, b"secret", info=b"info")
    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            open_with(KEY, sealed[:length], info=b"info")


@given(keys)
def test_another_key_fails(other):
    with pytest.raises(CannotOpen):
        open_with(other, seal_with(KEY, b"secret", info=b"info"), info=b"info")


@given(st.binary())
def test_another_context_fails(info):
    with pytest.raises(CannotOpen):
        open_with(KEY, seal_with(KEY, b"secret", info=b"the context"), info=info)


@given(st.binary(max_size=300))
def test_what_was_never_sealed_fails(noise):
    with pytest.raises(CannotOpen):
        open_with(KEY, noise, info=b"info")


def test_sealing_twice_gives_nothing_in_common():
    one, other = (seal_with(KEY, b"secret", info=b"info") for _ in range(2))
    assert all(one[start : start + 8] != other[start : start + 8] for start in range(1, len(one) - 8))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(MalformedKey):
        seal_with(bytes(length), b"secret", info=b"info")
    with pytest.raises(MalformedKey):
        open_with(bytes(length), bytes([1]) * 100, info=b"info")


def test_keys_for_two_purposes_are_not_the_same():
    assert derive(KEY, info=b"one") != derive(KEY, info=b"two")


def test_a_key_for_no_purpose_is_refused():
    with pytest.raises(ValueError):
        derive(KEY, info=b"")


def test_a_secret_of_too_few_bytes_is_refused():
    with pytest.raises(MalformedKey):
        derive(b"elevenbytes", info=b"purpose")


def flipped(sealed, position):
    changed = bytearray(sealed)
    changed[position // 8] ^= 1 << position % 8
    return bytes(changed)
