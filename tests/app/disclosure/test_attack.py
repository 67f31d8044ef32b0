"""No suppressed cell can be recomputed: an independent solver tries, with the rule in hand as well."""

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.disclosure import COUNSEL_THRESHOLD, THRESHOLD, TOTAL, Dimension, Table, protect, protect_together
from app.disclosure.audit import AuditFailed, audit_released
from app.disclosure.primary import sensitive
from app.disclosure.protection import without
from app.disclosure.released import BY_SUPPRESSION, WITHHELD
from app.disclosure.secondary import suppress
from tests.app.disclosure.attacker import Attacker, key, narrowed, rule
from tests.app.disclosure.made import drawn, flat, of, year

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 60))


@st.composite
def tables(draw, most=(5, 5), dimensions=2):
    shape = [flat(name, draw(st.integers(1, size))) for name, size in zip("abc", most, strict=False)]
    empty = Table("drawn", tuple(shape[:dimensions]), {})
    leaves = [cell for cell in empty.cells if TOTAL not in cell]
    counts = {cell: draw(COUNTS) for cell in leaves}
    impossible = frozenset(cell for cell in leaves if counts[cell] == 0 and draw(st.booleans()))
    return Table("drawn", tuple(shape[:dimensions]), counts, impossible)


@st.composite
def trees(draw):
    """Divisions within divisions, by something else."""
    leaves = [f"k{number}" for number in range(draw(st.integers(1, 5)))]
    within = {leaf: draw(st.sampled_from(["land1", "land2"])) for leaf in leaves}
    above = {land: "bund" for land in ("land1", "land2") if land in within.values()}
    names = (*leaves, *above, "bund")
    a, b = Dimension("a", names, within | above), flat("b", draw(st.integers(1, 4)))
    counts = {(leaf, at): draw(COUNTS) for leaf in leaves for at in b.leaves}
    return Table("tree", (a, b), counts)


def safe(table, k=THRESHOLD):
    released = protect(table, k)
    assert narrowed([table], [released], k) == []
    if released.method == BY_SUPPRESSION:
        assert narrowed([table], [released], k, told=rule([table], [released], k)) == []
    return released


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_cell_of_two_dimensions_is_narrowed_down(table):
    safe(table)


@given(tables((6,), 1))
@settings(max_examples=60, deadline=None)
def test_no_cell_of_one_dimension_is_narrowed_down(table):
    safe(table)


@given(tables((3, 3, 3), 3))
@settings(max_examples=25, deadline=None)
def test_no_cell_of_three_dimensions_is_narrowed_down(table):
    safe(table)


@given(trees())
@settings(max_examples=40, deadline=None)
def test_no_cell_of_a_tree_is_narrowed_down(table):
    safe(table)


@pytest.mark.parametrize("k", [THRESHOLD, COUNSEL_THRESHOLD])
@pytest.mark.parametrize(("mean", "zeros"), [(40, 0.02), (6, 0.2)])
def test_a_large_table_holds(mean, zeros, k):
    table = drawn(16, 9, seed=3, mean=mean, zeros=zeros)
    released = safe(table, k)
    assert released.method == BY_SUPPRESSION
    assert 0 < released.suppressed < len(table.cells)


@st.composite
def releases(draw):
    """Two or three tables of the same records: a by b, a by c, and perhaps b by c."""
    shape = [flat(name, draw(st.integers(2, 3))) for name in "abc"]
    whole = Table("whole", tuple(shape), {})
    records = [
        dict(zip("abc", cell, strict=True))
        for cell in whole.cells
        if TOTAL not in cell
        for _ in range(draw(COUNTS))
    ]
    pairs = [(0, 1), (0, 2), (1, 2)][: draw(st.integers(2, 3))]
    return [Table.from_records(f"{i}{j}", records, [shape[i], shape[j]]) for i, j in pairs]


@given(releases())
@settings(max_examples=40, deadline=None)
def test_tables_that_share_margins_are_not_solved_against_each_other(tables):
    released = protect_together(tables)
    read = [(table, shown) for table, shown in zip(tables, released, strict=True) if shown.method != WITHHELD]
    if read:
        tables, released = zip(*read, strict=True)
        assert narrowed(tables, released, THRESHOLD) == []
        if released[0].method == BY_SUPPRESSION:
            told = rule(tables, released, THRESHOLD)
            assert narrowed(tables, released, THRESHOLD, told=told) == []


@pytest.mark.parametrize(("cases", "withheld"), [(200, 0), (60, 2)])
def test_the_report_of_a_year_recomputes_nowhere(cases, withheld):
    tables = year(cases)
    released = protect_together(tables, COUNSEL_THRESHOLD)
    assert sum(shown.method == WITHHELD for shown in released) == withheld
    read = [(table, shown) for table, shown in zip(tables, released, strict=True) if shown.method != WITHHELD]
    tables, released = zip(*read, strict=True)
    assert narrowed(tables, released, COUNSEL_THRESHOLD) == []
    told = rule(tables, released, COUNSEL_THRESHOLD)
    assert narrowed(tables, released, COUNSEL_THRESHOLD, told=told) == []
    assert all(shown.suppressed < len(shown.cells) for shown in released)


def test_protected_each_for_itself_two_tables_show_what_the_other_one_hides():
    """Why they have to be protected together: a margin suppressed in one table stands in the other."""
    pairs = [_pair(seed) for seed in range(20)]
    assert any(contradicting([protect(table) for table in pair]) for pair in pairs)
    assert not any(contradicting(protect_together(pair)) for pair in pairs)


def _pair(seed):
    cube = drawn(4, 3, 3, seed=seed, mean=3, zeros=0.6)
    records = [
        dict(zip("abc", cell, strict=True)) for cell, count in cube.counts.items() for _ in range(count)
    ]
    a, b, c = cube.dimensions
    return Table.from_records("ab", records, [a, b]), Table.from_records("ac", records, [a, c])


def contradicting(released):
    """The cells that one table shows and another one hides."""
    one, other = released
    return [
        at
        for at in one.dimensions[0].everything
        if (one[(at, TOTAL)] is None) != (other[(at, TOTAL)] is None)
    ]


def test_the_attacker_finds_a_cell_that_the_threshold_rule_alone_hides():
    """Without complementary suppression a small count is its row's total less the rest: so these tests can fail."""
    table = drawn(8, 6, seed=1, mean=30, zeros=0.02)
    only_primary = without(table, THRESHOLD, set(sensitive(table, THRESHOLD)))
    found = Attacker(only_primary.to_json()).solve()
    exact = [
        cell
        for cell in sensitive(table, THRESHOLD)
        if max(abs(bound - table.cells[cell]) for bound in found[key(table, cell)]) < 1e-6
    ]
    assert exact


def test_the_attacker_finds_what_one_published_cell_too_many_gives_away():
    """Publish any one of the cells that were suppressed for others' sake, and some cell is narrowed down."""
    table = drawn(8, 6, seed=1, mean=30, zeros=0.02)
    released = protect(table)
    hidden = {cell for cell, number in released.cells.items() if number is None}
    extra = sorted(hidden - set(sensitive(table, THRESHOLD)))
    assert extra
    for cell in extra:
        weaker = without(table, THRESHOLD, hidden - {cell})
        told = rule([table], [weaker], THRESHOLD)
        assert narrowed([table], [weaker], THRESHOLD) or narrowed([table], [weaker], THRESHOLD, told=told), (
            cell
        )


def test_nothing_leaves_where_the_search_is_weakened():
    """The audit doesn't trust the search: changes that prove nothing are refused, and nothing is handed over."""
    with mock.patch("app.disclosure.secondary.route", return_value={}), pytest.raises(AuditFailed):
        protect(drawn(6, 5, seed=2, mean=20))


def test_nothing_leaves_that_shows_more_than_was_audited():
    table = drawn(6, 5, seed=2, mean=20)
    pattern = suppress(table, THRESHOLD)
    shown = without(table, THRESHOLD, pattern.suppressed - {min(pattern.suppressed)})
    with pytest.raises(AuditFailed):
        audit_released(table, shown, pattern.suppressed)


def test_rounded_sums_tell_no_more():
    table = drawn(7, 5, seed=5, mean=20)
    released = protect(table, base=5)
    assert released.base == 5
    assert narrowed([table], [released], THRESHOLD) == []
    assert all(
        number % 5 == 0 for cell, number in released.cells.items() if TOTAL in cell and number is not None
    )


def test_two_small_counts_do_not_betray_each_other():
    """4 and 4 of 8: whoever knows that both are below 5 would know both."""
    released = safe(of([[4, 4, 30], [30, 40, 50], [20, 60, 70]]))
    assert released[("a0", "b2")] is None or released[("a0", TOTAL)] is None


def test_a_group_that_is_all_of_one_kind_is_not_shown_as_that():
    """All 20 of a row in one column: publishing 20 of 20 would tell something of each of them."""
    released = safe(of([[20, 0, 0], [30, 40, 50], [20, 60, 70]]))
    assert released[("a0", "b0")] is None


def test_what_was_impossible_from_the_start_is_published():
    released = safe(of([[20, 0, 10], [30, 40, 50]], impossible=[("a0", "b1")]))
    assert released[("a0", "b1")] == 0
    assert released.suppressed == 0
