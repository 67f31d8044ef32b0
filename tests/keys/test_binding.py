"""Contexts: no two of them are ever the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.sealing import bind

parts = st.lists(st.text() | st.binary() | st.integers(0, 2**64 - 1), min_size=1, max_size=5)


@given(parts, parts)
def test_only_the_same_parts_give_the_same_context(one, other):
    alike = [type(part) for part in one] == [type(part) for part in other] and one == other
    assert (bind(*one) == bind(*other)) is alike


@given(st.text(), st.text())
def test_moving_a_boundary_gives_another_context(one, other):
    assert bind(one + other) != bind(one, other)


def test_a_number_its_text_and_its_bytes_are_told_apart():
    assert len({bind(1), bind("1"), bind(b"1"), bind((1).to_bytes(8))}) == 4


def test_every_context_names_the_protocol_first():
    assert bind("x").startswith(b"s\0\0\0\x0bschotten/v1")


def test_a_context_of_nothing_is_refused():
    with pytest.raises(ValueError):
        bind()


@pytest.mark.parametrize("number", [-1, 2**64])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError):
        bind(number)


@pytest.mark.parametrize("part", [None, 1.0, True, bytearray(b"x"), ["x"]])
def test_another_kind_of_part_is_refused(part):
    with pytest.raises(TypeError):
        bind(part)
