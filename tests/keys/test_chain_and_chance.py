"""The hash chain of acts, comparing, and drawing lots."""

from collections import Counter
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.chain import START, link
from keys.comparison import equal
from keys.randomness import new_id, shuffle, token_bytes, token_hex

logs = st.lists(st.binary(max_size=50), max_size=6)


def chained(entries):
    return reduce(link, entries, START)


@given(logs, logs)
def test_only_the_same_log_ends_in_the_same_link(one, other):
    assert (chained(one) == chained(other)) is (one == other)


def test_what_is_no_link_is_not_followed_on():
    for previous in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError):
            link(previous, b"entry")


@given(st.text(), st.text())
def test_comparing_says_whether_texts_are_the_same(one, other):
    assert equal(one, other) is (one == other)
    assert equal(one, one)
    assert equal(one, one.encode())


def test_an_id_is_32_hexadecimal_signs_and_never_comes_twice():
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert {len(bytes.fromhex(identifier)) for identifier in ids} == {16}


def test_tokens_have_the_length_asked_for():
    assert (len(token_bytes()), len(token_bytes(7)), len(token_hex()), len(token_hex(7))) == (32, 7, 64, 14)


@given(st.lists(st.integers()))
def test_shuffling_loses_nothing_and_leaves_the_original(items):
    before = list(items)
    assert Counter(shuffle(items)) == Counter(before)
    assert items == before


def test_every_order_is_as_likely():
    """Chi-squared with 23 degrees of freedom: over 75 is seen less than once in a million honest runs."""
    drawn = Counter(tuple(shuffle(range(4))) for _ in range(6000))
    expected = 6000 / 24
    assert sum((drawn[order] - expected) ** 2 / expected for order in permutations(range(4))) < 75
