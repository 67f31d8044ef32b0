"""Cover: real rows take the places of rows that hold nothing, however many come and whoever else takes places."""

from datetime import date

import pytest

from app.shared import cover
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.kept import Kept
from app.shared.models import Envelope
from keys.randomness import new_id

DAY = date(2026, 11, 21)
KINDS = {"drops": cover.DROPS, "envelopes": cover.envelopes("counsel")}


@pytest.fixture(autouse=True)
def layer(organisation, monkeypatch):
    monkeypatch.setattr(cover, "_FOUND", Kept(16))
    layer = organisation.shared_layer()
    with layer.bound():
        yield
    layer.close()


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def put(kind, row_id=""):
    with write_transaction(shared_database):
        return cover.put(kind, row_id or new_id(), kind.blank(), DAY)


def rows(kind):
    return kind.of_day(DAY).count()


def test_a_row_takes_the_place_of_a_cover_once(kind):
    row_id = new_id()
    assert [put(kind, row_id), put(kind, row_id)] == [True, False]
    assert rows(kind) == cover.AT_ONCE
    assert [row.id for row in kind.of_day(DAY) if cover.is_real(row.id)] == [row_id]


def test_the_number_of_rows_doubles_and_from_some_number_on_grows_by_as_many_each_time(kind, monkeypatch):
    monkeypatch.setattr(cover, "MOST_AT_ONCE", 16)
    seen = []
    for _each in range(49):
        assert put(kind)
        seen.append(rows(kind))
    assert sorted(set(seen)) == [8, 16, 32, 48, 64]
    assert seen == sorted(seen)


def test_places_that_another_process_has_taken_are_left_to_it(kind, monkeypatch):
    put(kind)
    here, elsewhere = cover._FOUND, Kept(16)
    for known in (elsewhere, here) * 3:
        monkeypatch.setattr(cover, "_FOUND", known)
        assert put(kind)
    assert rows(kind) == cover.AT_ONCE
    assert sum(cover.is_real(row.id) for row in kind.of_day(DAY)) == 7


def test_all_are_of_one_length_and_a_place_that_was_given_back_is_used_again(kind):
    first = new_id()
    put(kind, first)
    for _each in range(cover.AT_ONCE - 1):
        put(kind)
    with write_transaction(shared_database):
        cover.take_out(kind, first)
    assert not kind.holds(first)
    put(kind)
    assert rows(kind) == cover.AT_ONCE
    lengths = {len(bytes(row.ciphertext)) for row in kind.model.select().where(kind.model.day == DAY)}
    assert lengths == {kind.length}


@pytest.mark.parametrize("model", [Drop, Envelope])
def test_whoever_looks_through_a_day_need_not_read_the_ciphertexts(model):
    """A file holds a row's columns in their order, and what is behind a ciphertext is found only through all of its pages."""
    assert [field.name for field in model._meta.sorted_fields][-1] == "ciphertext"
