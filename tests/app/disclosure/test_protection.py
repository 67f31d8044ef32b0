"""What is published of a table: as much as is safe, less where it has to be, the same each time, and never a hidden number."""

import json

import pytest

from app.disclosure import (
    COUNSEL_THRESHOLD,
    THRESHOLD,
    TOTAL,
    Dimension,
    NotATable,
    Protected,
    Table,
    protect,
    published_total,
)
from app.disclosure.linked import Linked
from app.disclosure.primary import Interval, sensitive
from app.disclosure.protection import protect_together
from app.disclosure.rounding import rounded
from app.disclosure.secondary import suppress
from tests.app.disclosure.made import drawn, flat, of

SAFE = [[30, 40, 50], [20, 60, 70], [25, 35, 45]]
ONE_SMALL = [[30, 40, 50], [20, 3, 70], [25, 35, 45]]


def hidden(released):
    return {cell for cell, number in released.cells.items() if number is None}


def test_a_table_without_small_counts_is_published_whole():
    released = protect(of(SAFE))
    assert released.suppressed == 0
    assert released["a1", "b1"] == 60
    assert released.total == 375


def test_one_small_count_takes_three_more_cells_and_no_margin():
    """The smallest pattern that there is: the corners of a rectangle."""
    released = protect(of(ONE_SMALL))
    assert ("a1", "b1") in hidden(released)
    assert len(hidden(released)) == 4
    assert not any(TOTAL in cell for cell in hidden(released))


def test_the_cheapest_cells_go_along():
    assert hidden(protect(of([[300, 9, 300], [9, 3, 300], [300, 300, 300]]))) == {
        ("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1"),
    }  # fmt: skip


def test_a_zero_is_a_small_count():
    assert sensitive(of([[0, 9], [9, 9]]), THRESHOLD) == {("a0", "b0"): Interval(0, 4)}


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5)])
def test_the_threshold_is_the_first_count_that_is_published(count, shown):
    assert protect(of([[count, 40], [40, 40]]))["a0", "b0"] == shown


def test_counsel_has_a_threshold_of_its_own():
    table = of([[9, 40, 40], [40, 40, 40], [40, 40, 40]])
    assert protect(table).suppressed == 0
    assert protect(table, COUNSEL_THRESHOLD)["a0", "b0"] is None


def test_many_records_of_few_persons_are_hidden_too():
    records = [{"a": "a0", "b": "b0", "who": "x"} for _ in range(30)]
    records += [
        {"a": a, "b": b, "who": f"{a}{b}{number}"}
        for a in ("a0", "a1", "a2")
        for b in ("b0", "b1", "b2")
        for number in range(60)
        if (a, b) != ("a0", "b0")
    ]
    table = Table.from_records("t", records, [flat("a", 3), flat("b", 3)], person="who")
    assert sensitive(table, THRESHOLD) == {("a0", "b0"): Interval(26, 34)}
    assert protect(table)["a0", "b0"] is None


def test_a_threshold_that_protects_nobody_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        protect(of(SAFE), 2)


def test_a_tiny_table_is_published_as_its_total_only():
    released = protect(of([[4, 4]]))
    assert released.method == "total only"
    assert released.total == 8
    assert released["a0", "b0"] is None


def test_of_a_table_of_too_few_nothing_is_published():
    released = protect(of([[1, 1], [1, 1]]))
    assert released.suppressed == len(released.cells)


def test_the_same_table_is_published_the_same_each_time():
    assert protect(drawn(9, 7, seed=4)).to_json() == protect(drawn(9, 7, seed=4)).to_json()


def test_what_is_hidden_is_gone_from_what_leaves():
    """Neither the count nor the reason: a reader can't tell whose sake a cell is suppressed for."""
    released = protect(of([[30, 40, 50], [20, 3, 70], [25, 35, 45]]))
    rows = json.loads(released.to_json())["cells"]
    assert [row[-1] for row in rows].count("suppressed") == 4
    assert {type(row[-1]) for row in rows} == {int, str}
    assert "primary" not in released.to_json()


def test_a_released_table_is_read_back_as_it_was():
    released = protect(drawn(4, 3, 2, seed=2, mean=30), base=5)
    assert Protected.from_json(released.to_json()) == released


@pytest.mark.parametrize(
    "changed",
    [
        lambda body: body["cells"].pop(),
        lambda body: body["cells"][0].__setitem__(-1, -1),
        lambda body: body["cells"][0].__setitem__(-1, "3"),
        lambda body: body.pop("k"),
        lambda body: body.update(method="magic"),
        lambda body: body["dimensions"][0].update(categories=["other"]),
        lambda body: body.update(more=1),
    ],
)
def test_anything_else_is_not_read(changed):
    body = json.loads(protect(of(SAFE)).to_json())
    changed(body)
    with pytest.raises(NotATable):
        Protected.from_json(json.dumps(body, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"name": 1}'])
def test_what_is_no_table_is_not_read(text):
    with pytest.raises(NotATable):
        Protected.from_json(text)


def test_rows_are_ready_to_be_shown():
    assert protect(of(ONE_SMALL)).rows()[-1] == (TOTAL, [75, 78, 165, 318])
    assert protect(Table("t", (flat("a", 2),), {("a0",): 7, ("a1",): 8})).rows() == [
        ("a0", [7]), ("a1", [8]), (TOTAL, [15]),
    ]  # fmt: skip
    assert protect(drawn(2, 2, 2, mean=90, zeros=0)).rows(TOTAL)[0][0] == "a0"


def test_tables_of_one_release_must_agree():
    one, other = of(SAFE), of(ONE_SMALL)
    with pytest.raises(NotATable):
        protect_together([one, other])


def test_a_table_that_cannot_be_protected_is_withheld_and_the_others_are_not():
    """4 and 4 of 8, with no other way out: who is told that both are below 5 knows both."""
    a, b, c = flat("a", 3), flat("b", 2), flat("c", 2)
    good = Table("ab", (a, b), {("a0", "b0"): 30, ("a1", "b1"): 40, ("a2", "b0"): 50})
    bad = Table("few", (flat("f", 2),), {("f0",): 4, ("f1",): 4}, counted="events")
    other = Table("ac", (a, c), {("a0", "c0"): 30, ("a1", "c0"): 40, ("a2", "c1"): 50})
    released = protect_together([good, bad, other])
    assert [one.method for one in released] == ["suppression", "withheld", "suppression"]
    assert set(released[1].cells.values()) == {None}
    assert released[0]["a0", TOTAL] == released[2]["a0", TOTAL]


def test_where_none_can_be_protected_the_first_is_published_as_its_total():
    bad = Table("few", (flat("f", 2),), {("f0",): 4, ("f1",): 4})
    worse = Table("fewer", (flat("g", 2),), {("g0",): 4, ("g1",): 4})
    assert [one.method for one in protect_together([bad, worse])] == ["total only", "withheld"]
    assert protect_together([]) == []


def test_a_dimension_is_divided_in_one_way():
    """Or the coarse table less the fine one is a count that nobody has looked at."""
    fine = Table("fine", (flat("a", 3),), {("a0",): 20, ("a1",): 20, ("a2",): 2})
    coarse = Table("coarse", (Dimension("a", ("a0", "rest")),), {("a0",): 20, ("rest",): 22})
    with pytest.raises(NotATable):
        protect_together([fine, coarse])


def test_what_was_released_does_not_change():
    released = protect(of(SAFE))
    with pytest.raises(TypeError):
        released.cells["a0", "b0"] = 1
    with pytest.raises(AttributeError):
        released.k = 1


def test_a_shared_cell_is_one_cell():
    a, b, c = flat("a", 2), flat("b", 2), flat("c", 2)
    one, other = Table("1", (a, b), {("a0", "b0"): 7}), Table("2", (a, c), {("a0", "c1"): 7})
    linked = Linked([one, other])
    assert len(linked.cells) == len(one.cells) + len(other.cells) - 3
    assert suppress(Linked([of(SAFE)]), THRESHOLD).suppressed == set()


@pytest.mark.parametrize(("number", "result"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10)])
def test_rounding_takes_the_nearest(number, result):
    assert rounded(number, 5) == result


def test_a_single_count_is_published_from_the_threshold_on():
    assert [published_total(4, 5), published_total(5, 5), published_total(23, 5, 10)] == [None, 5, 20]
    with pytest.raises(ValueError, match="base"):
        rounded(5, 1)
