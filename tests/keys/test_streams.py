"""Sealing in pieces: opens as a whole and in order, under its key and for its purpose, or not at all."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.errors import CannotOpen, MalformedKey
from keys.streams import (
    HEAD_LENGTH,
    LONGEST_PIECE,
    PIECE,
    check_first_piece,
    open_pieces,
    open_stream,
    seal_pieces,
    seal_stream,
)
from keys.symmetric import open_with, seal_with

KEY, OTHER = bytes(range(32)), bytes(32)
LENGTHS = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7]
THREE = bytes(range(256)) * 600


def seal(content, key=KEY, info=b"info"):
    return list(seal_pieces(key, [content], info=info))


def opened(pieces, key=KEY, info=b"info"):
    return b"".join(open_pieces(key, pieces, info=info))


def refused(pieces, key=KEY, info=b"info"):
    with pytest.raises(CannotOpen):
        opened(pieces, key, info)
    return True


@pytest.fixture(scope="module")
def pieces():
    made = seal(THREE)
    assert len(made) == 3
    return made


@pytest.mark.parametrize("length", LENGTHS)
def test_what_is_sealed_opens(length):
    content = (b"0123456789abcdef" * 8193)[:length]
    pieces = seal(content)
    assert opened(pieces) == content
    assert len(pieces) == max(1, -(-length // PIECE))
    assert sum(map(len, pieces)) == HEAD_LENGTH + length + 16 * len(pieces)
    assert max(map(len, pieces)) <= LONGEST_PIECE


@settings(deadline=None)
@given(st.lists(st.binary(max_size=PIECE + 10), max_size=4))
def test_it_is_the_same_however_the_content_comes(parts):
    key = bytes(reversed(KEY))
    views = [memoryview(part) for part in parts]
    assert list(seal_stream(key, views)) == list(seal_stream(key, [b"".join(parts)]))


@settings(deadline=None)
@given(st.data())
def test_every_flipped_bit_fails(pieces, data):
    number = data.draw(st.integers(0, 2))
    changed = bytearray(pieces[number])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert refused([*pieces[:number], bytes(changed), *pieces[number + 1 :]])


def test_every_flipped_bit_of_a_short_one_fails():
    (piece,) = seal(b"secret")
    for position in range(len(piece) * 8):
        changed = bytearray(piece)
        changed[position // 8] ^= 1 << position % 8
        assert refused([bytes(changed)])


def test_nothing_can_be_cut_off(pieces):
    assert refused([])
    assert refused(pieces[:1])
    assert refused(pieces[:2])
    assert refused(pieces[1:])
    assert refused([pieces[0], pieces[2]])
    for number in range(3):
        for length in (0, 1, HEAD_LENGTH, len(pieces[number]) - 16, len(pieces[number]) - 1):
            assert refused([*pieces[:number], pieces[number][:length], *pieces[number + 1 :]])


def test_nothing_can_be_moved_repeated_or_added(pieces):
    first, second, third = pieces
    head, body = first[:HEAD_LENGTH], first[HEAD_LENGTH:]
    assert refused([head + second, body, third])
    assert refused([first, third, second])
    assert refused([first, second, second, third])
    assert refused([*pieces, third])
    assert refused([*pieces, b""])
    assert refused([*pieces, b"more"])
    assert refused([first + second, third])
    assert opened(pieces) == THREE


def test_nothing_can_be_taken_from_another_stream(pieces):
    other = seal(THREE)
    assert other != pieces
    assert refused([pieces[0], other[1], pieces[2]])
    assert refused([*pieces[:2], other[2]])
    assert refused([other[0][:HEAD_LENGTH] + pieces[0][HEAD_LENGTH:], *pieces[1:]])


def test_another_key_and_another_purpose_fail(pieces):
    assert refused(pieces, key=OTHER)
    assert refused(pieces, info=b"other")
    with pytest.raises(CannotOpen):
        check_first_piece(OTHER, pieces[0], info=b"info")
    check_first_piece(KEY, pieces[0], info=b"info")


@given(st.lists(st.binary(max_size=200), max_size=3))
def test_what_was_never_sealed_fails(noise):
    assert refused(noise)
    assert refused([b"\x02" + one for one in noise])


def test_nothing_opens_as_a_message_of_the_other_kind():
    with pytest.raises(CannotOpen):
        open_with(KEY, seal(b"secret")[0], info=b"info")
    message = seal_with(KEY, b"secret", info=b"info")
    assert refused([message])
    assert refused([b"\x02" + message[1:]])


def test_an_empty_last_piece_is_only_for_nothing_at_all():
    full = next(seal_stream(KEY, [bytes(PIECE + 1)]))
    empty = ChaCha20Poly1305(KEY).encrypt((1).to_bytes(11) + b"\1", b"", None)
    with pytest.raises(CannotOpen):
        list(open_stream(KEY, [full, empty]))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(MalformedKey):
        seal(b"secret", key=bytes(length))
    with pytest.raises(MalformedKey):
        opened(seal(b"secret"), key=bytes(length))


def test_no_more_than_a_few_pieces_are_held():
    held = []

    def parts():
        for number in range(100):
            held.append(number)
            yield bytes(PIECE)

    sealed = seal_pieces(KEY, parts(), info=b"info")
    for _ in range(10):
        next(sealed)
    assert len(held) <= 12
    assert next(open_pieces(KEY, sealed_first(), info=b"info")) == bytes(PIECE)


def sealed_first():
    return list(seal_pieces(KEY, [bytes(PIECE)] * 3, info=b"info"))
