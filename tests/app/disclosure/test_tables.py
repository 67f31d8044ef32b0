"""Tables of counts: their margins, trees, structural zeros, and what is no table."""

import pytest

from app.disclosure import TOTAL, Dimension, NotATable, Table
from tests.app.disclosure.made import drawn, flat, of

PLACES = Dimension("place", ("north", "south", "bund"), {"north": "bund", "south": "bund"})


def test_margins_are_the_sums_of_their_cells():
    table = of([[1, 2], [3, 4]])
    assert table.cells["a1", TOTAL] == 7
    assert table.cells[TOTAL, "b0"] == 4
    assert table.cells[table.total] == 10


def test_in_a_tree_what_lies_within_counts_towards_what_is_above():
    table = Table("t", (PLACES,), {("north",): 3, ("south",): 4})
    assert dict(table.cells) == {("north",): 3, ("south",): 4, ("bund",): 7, (TOTAL,): 7}
    assert (("bund",), (("north",), ("south",))) in table.sums


def test_every_sum_holds_in_every_direction():
    table = drawn(3, 4, 2, seed=1)
    assert len(table.sums) == 5 * 3 + 4 * 3 + 4 * 5
    assert all(table.cells[whole] == sum(table.cells[part] for part in parts) for whole, parts in table.sums)


def test_records_are_counted_and_forgotten():
    records = [{"a": "a0", "b": "b1", "name": "Mika"}, {"a": "a0", "b": "b1", "name": "Mona"}]
    table = Table.from_records("t", records, [flat("a", 2), flat("b", 2)])
    assert table.counts == {("a0", "b1"): 2}
    assert "Mika" not in repr(table)


def test_one_person_behind_several_records_is_one_person():
    records = [{"a": "a0", "who": "x"}, {"a": "a0", "who": "x"}, {"a": "a1", "who": "x"}]
    table = Table.from_records("t", records, [flat("a", 2)], person="who")
    assert table.cells == {("a0",): 2, ("a1",): 1, (TOTAL,): 3}
    assert table.persons == {("a0",): 1, ("a1",): 1, (TOTAL,): 1}


def test_a_margin_of_structural_zeros_is_one():
    table = of([[0, 5], [0, 6]], impossible=[("a0", "b0"), ("a1", "b0")])
    assert table.fixed == {("a0", "b0"), ("a1", "b0"), (TOTAL, "b0")}


@pytest.mark.parametrize(
    ("dimensions", "counts", "impossible"),
    [
        ((), {}, ()),
        ((flat("a", 2), flat("b", 2), flat("c", 2), flat("d", 2)), {}, ()),
        ((flat("a", 2), flat("a", 2)), {}, ()),
        ((flat("a", 2),), {("a7",): 1}, ()),
        ((flat("a", 2),), {("a0",): -1}, ()),
        ((flat("a", 2),), {("a0",): 1.5}, ()),
        ((flat("a", 2),), {("a0",): True}, ()),
        ((flat("a", 2),), {(TOTAL,): 3}, ()),
        ((PLACES,), {("bund",): 3}, ()),
        ((flat("a", 2),), {("a0",): 1}, [("a0",)]),
    ],
)
def test_what_is_no_table_is_refused(dimensions, counts, impossible):
    with pytest.raises(NotATable):
        Table("t", dimensions, counts, frozenset(impossible))


@pytest.mark.parametrize(
    ("categories", "within"),
    [((), {}), ((TOTAL,), {}), (("x", "x"), {}), (("x",), {"x": "y"}), (("x", "y"), {"x": "y", "y": "x"})],
)
def test_what_is_no_dimension_is_refused(categories, within):
    with pytest.raises(NotATable):
        Dimension("d", categories, within)
