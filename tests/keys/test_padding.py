"""Sizes that tell little."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen
from keys.padding import FLOOR, pad, pad_parts, padded_length, padme, unpad, unpad_parts


def as_the_paper_writes_it(length):
    """Algorithm 1 of Nikitin et al. 2019, with its logarithms."""
    exponent = math.floor(math.log2(length))
    bits = math.floor(math.log2(exponent)) + 1
    last = exponent - bits
    mask = 2**last - 1
    return (length + mask) & ~mask


@given(st.integers(2, 2**40))
def test_lengths_are_those_of_the_paper(length):
    assert padme(length) == as_the_paper_writes_it(length)


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (8, 8),
        (9, 10),
        (100, 104),
        (129, 144),
        (1000, 1024),
        (1025, 1088),
        (10**6, 1015808),
        (10**9, 1006632960),
    ],
)
def test_lengths_worked_out_by_hand(length, padded):
    assert padme(length) == padded


@given(st.integers(1, 2**50))
def test_padding_costs_at_most_an_eighth(length):
    assert length <= padme(length) <= length * 1.12


@given(st.integers(0, 2**50))
def test_a_padded_length_pads_to_itself(length):
    assert padme(padme(length)) == padme(length)


def test_a_megabyte_has_few_sizes():
    sizes = {padded_length(length) for length in range(0, 2**20, 7)}
    assert len(sizes) < 300


@given(st.binary(max_size=5000))
def test_what_is_padded_unpads(data):
    assert unpad(pad(data)) == data
    assert len(pad(data)) == padded_length(len(data))


def test_yes_no_and_a_short_letter_look_alike():
    assert {len(pad(data)) for data in (b"", b"yes", b"no", b"a letter " * 100)} == {FLOOR}


@given(st.binary(max_size=3000))
def test_what_was_never_padded_does_not_unpad(noise):
    with pytest.raises(CannotOpen):
        unpad(noise)


@given(st.integers(8 + 10, FLOOR - 1))
def test_nothing_hides_in_the_padding(position):
    padded = bytearray(pad(b"ten bytes!"))
    padded[position] = 1
    with pytest.raises(CannotOpen):
        unpad(bytes(padded))


def test_lengths_are_not_negative():
    for function in (padme, padded_length):
        with pytest.raises(ValueError):
            function(-1)


@given(st.lists(st.binary(max_size=900), max_size=5), st.integers(1, 3000))
def test_parts_are_padded_to_the_same_length_and_come_back(parts, size):
    data = b"".join(parts)
    padded = b"".join(pad_parts(parts, len(data)))
    assert len(padded) == padded_length(len(data))
    cut = [padded[start : start + size] for start in range(0, len(padded), size)]
    assert b"".join(unpad_parts(cut, len(data))) == data


@pytest.mark.parametrize("length", [0, 5, 7])
def test_parts_of_another_length_than_was_said_are_not_padded(length):
    with pytest.raises(ValueError):
        list(pad_parts([b"abc", b"def"], length))


@pytest.mark.parametrize(
    ("padded", "length"),
    [
        (b"abc" + bytes(FLOOR - 3), 2),
        (b"abc" + bytes(FLOOR - 4), 3),
        (b"abc" + bytes(FLOOR - 2), 3),
        (b"abc" + bytes(FLOOR - 4) + b"x", 3),
        (b"", 0),
        (bytes(FLOOR), 2000),
    ],
)
def test_parts_that_are_not_padded_as_agreed_are_refused(padded, length):
    with pytest.raises(CannotOpen):
        list(unpad_parts([padded[:100], padded[100:]], length))
