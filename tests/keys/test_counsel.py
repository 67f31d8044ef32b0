"""Case keys, visits and cover: each opens for whom it was made, and for nothing else."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import cases, cover
from keys.codes import new_code
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.sealing import SealingKeyPair, seal
from keys.visits import VisitKeys, drop_id

READER, OTHER = SealingKeyPair.generate(), SealingKeyPair.generate()
KEY = bytes(range(32))
CODE = "bcdfghjkmnpqrstvwxyz"


def slot(**bound):
    return cases.seal_slot(KEY, to=READER.public, **{"case": "a" * 32, "epoch": 1, **bound})


def test_a_slot_opens_for_its_reader_case_and_epoch_alone():
    assert cases.open_slot(slot(), case="a" * 32, epoch=1, keys=READER) == KEY
    for wrong in ({"keys": OTHER}, {"case": "b" * 32}, {"epoch": 2}):
        with pytest.raises(CannotOpen):
            cases.open_slot(slot(), **{"case": "a" * 32, "epoch": 1, "keys": READER, **wrong})


@pytest.mark.parametrize("length", [0, 31, 33])
def test_what_is_sealed_like_a_slot_but_is_no_key_does_not_open(length):
    sealed = seal(bytes(length), READER.public, info=cases._slot("a" * 32, 1))
    with pytest.raises(CannotOpen):
        cases.open_slot(sealed, case="a" * 32, epoch=1, keys=READER)


def test_a_blind_slot_is_as_long_as_any_and_opens_for_nobody():
    blind = cases.blind_slot(case="a" * 32, epoch=1)
    assert len(blind) == len(slot()) == cases.SLOT_LENGTH
    with pytest.raises(CannotOpen):
        cases.open_slot(blind, case="a" * 32, epoch=1, keys=READER)


def test_an_inbox_follows_from_key_and_case():
    first = cases.inbox(KEY, case="a" * 32).to_bytes()
    assert first == cases.inbox(KEY, case="a" * 32).to_bytes()
    assert first != cases.inbox(KEY, case="b" * 32).to_bytes()


def test_an_officers_own_keys_are_theirs_and_differ_by_purpose():
    one, other = KeyPairs.generate(), KeyPairs.generate()
    made = {
        cases.keyring_key(one),
        cases.private_key(one),
        cases.keyring_key(other),
        cases.private_key(other),
    }
    assert len(made) == 4


def test_a_visit_follows_from_the_code_however_it_is_typed():
    one, again = VisitKeys(CODE), VisitKeys.from_receipt(" BCDFG-hjkmn-pqrst-vwxyz ")
    assert (one.case, one.envelope_id, one.answers, one.own) == (
        again.case,
        again.envelope_id,
        again.answers,
        again.own,
    )
    assert one.sealing.to_bytes() == again.sealing.to_bytes()
    assert one.signing.to_bytes() == again.signing.to_bytes()


def test_nothing_of_a_visit_is_another_part_of_it_and_none_is_shown_or_kept():
    visit = VisitKeys(new_code())
    assert len({visit.case, visit.envelope_id, visit.answers.hex()[:32], visit.own.hex()[:32]}) == 4
    assert repr(visit) == "<VisitKeys>"
    with pytest.raises(TypeError):
        pickle.dumps(visit)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**31), st.integers(0, 2**31))
def test_ids_of_drops_differ_by_number(secret, one, other):
    assert (drop_id(secret, one) == drop_id(secret, other)) == (one == other)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_cover_is_known_by_its_key_alone(one, other):
    made = cover.cover_id(one)
    assert len(made) == 32
    assert cover.is_cover(one, made)
    assert cover.is_cover(other, made) == (one == other)


@pytest.mark.parametrize("text", ["", "zz", "ab", "é" * 32, "0" * 32])
def test_anything_else_is_no_cover(text):
    assert not cover.is_cover(KEY, text)


def test_what_was_derived_once_is_derived_so_for_ever():
    visit = VisitKeys(CODE)
    frozen = (visit.case, visit.envelope_id, drop_id(KEY, 0), cover.cover_key(KEY).hex())
    assert frozen == FROZEN


FROZEN = (
    "f111e7f728550a9530b44b59934f78e7",
    "f7029fec1d07e5dd0e9539f3fc26a4e4",
    "4e0a6e7e844ed49728c6a39e1596238c",
    "ea80d40293db74402814548d7f887d41651cf9187ec14c93c6c7b4bff7c7acd5",
)
