"""Drops: what somebody keeps for themselves, and what is left for them, opens for those alone, and all look alike."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shared import cover, drops
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from keys.errors import CannotOpen
from keys.sealing import SealingKeyPair
from keys.visits import blank_drop, drop_id, open_drop, seal_drop

DAY = date(2026, 11, 21)
SECRET, OTHER = bytes(range(32)), bytes(32)
PERSON, SOMEBODY = SealingKeyPair.generate(), SealingKeyPair.generate()
LONG = bytes(range(256)) * 500


@pytest.fixture
def layer(organisation):
    layer = organisation.shared_layer()
    with layer.bound():
        yield
    layer.close()


def left(message, to=None):
    with write_transaction(shared_database):
        drops.put(drops.pieces(message, secret=SECRET, first=drops.next_number(SECRET), to=to), DAY)


def test_what_somebody_keeps_opens_with_their_secret_alone(layer):
    left(b"")
    left(LONG)
    assert drops.read(SECRET) == [b"", LONG]
    assert drops.read(OTHER) == []
    Drop.update(id=drop_id(OTHER, 0)).where(Drop.id == drop_id(SECRET, 0)).execute()
    assert drops.read(OTHER) == []


def test_an_answer_opens_for_the_person_and_not_for_who_only_knows_where_it_lies(layer):
    left(LONG, to=PERSON.public)
    assert drops.read(SECRET, PERSON) == [LONG]
    assert drops.read(SECRET, SOMEBODY) == []
    assert not any(LONG[:64] in message for message in drops.read(SECRET))


def test_what_is_no_piece_bars_nobodys_way_to_the_rest(layer):
    left(b"before")
    empty = drop_id(SECRET, 1)
    with write_transaction(shared_database):
        drops.put([drops.Piece(empty, seal_drop(SECRET, empty, b""))], DAY)
    left(b"after")
    assert drops.read(SECRET) == [b"before", b"after"]


def test_kept_words_answers_and_cover_look_alike(layer):
    left(b"kept")
    left(b"answered", to=PERSON.public)
    rows = [bytes(row.ciphertext) for row in Drop.select()]
    assert len(rows) == cover.AT_ONCE
    assert {(len(row), row[0]) for row in rows} == {(cover.DROP_BYTES, rows[0][0])}
    assert len({row[1:33] for row in rows} | {row[-16:] for row in rows}) == 2 * cover.AT_ONCE


@given(st.binary(max_size=300), st.integers(0, 10))
def test_a_drop_is_bound_to_its_secret_and_id(content, number):
    here = drop_id(SECRET, number)
    sealed = seal_drop(SECRET, here, content)
    assert open_drop(SECRET, here, sealed) == content
    for secret, drop in ((OTHER, here), (SECRET, drop_id(SECRET, number + 1))):
        with pytest.raises(CannotOpen):
            open_drop(secret, drop, sealed)


def test_a_blank_drop_opens_for_nobody():
    with pytest.raises(CannotOpen):
        open_drop(SECRET, drop_id(SECRET, 0), blank_drop(cover.DROP_BYTES))
