"""The audit believes no search: each part of a proof that is wrong is found."""

from dataclasses import replace

import pytest

from app.disclosure import THRESHOLD, TOTAL
from app.disclosure.audit import AuditFailed, all_of_it, audit, audit_released, audit_total
from app.disclosure.protection import without
from app.disclosure.released import TOTAL_ONLY
from app.disclosure.secondary import suppress
from tests.app.disclosure.made import of

TABLE = of([[30, 40, 50], [20, 3, 70], [25, 35, 45]])
SMALL = ("a1", "b1")
IMPOSSIBLE = of([[30, 0, 50], [20, 3, 70], [25, 35, 45]], impossible=[("a0", "b1")])


@pytest.fixture
def pattern():
    return suppress(TABLE, THRESHOLD)


def with_proof(pattern, *changes):
    return replace(pattern, proofs={**pattern.proofs, SMALL: list(changes)})


def test_a_right_proof_passes(pattern):
    audit(TABLE, pattern)


def test_a_confidential_cell_that_is_published_is_found(pattern):
    with pytest.raises(AuditFailed):
        audit(TABLE, replace(pattern, suppressed=pattern.suppressed - {SMALL}))


def test_a_structural_zero_that_is_suppressed_is_found():
    pattern = suppress(IMPOSSIBLE, THRESHOLD)
    with pytest.raises(AuditFailed):
        audit(IMPOSSIBLE, replace(pattern, suppressed=pattern.suppressed | {("a0", "b1")}))


def test_a_cell_without_a_proof_is_found(pattern):
    for cell in pattern.suppressed:
        with pytest.raises(AuditFailed):
            audit(TABLE, replace(pattern, proofs={at: of for at, of in pattern.proofs.items() if at != cell}))


def test_a_proof_of_too_little_is_found(pattern):
    low, high = pattern.proofs[SMALL]
    for changes in ([low], [high], [low, {}], [{}, {}]):
        with pytest.raises(AuditFailed):
            audit(TABLE, with_proof(pattern, *changes))


def test_a_proof_that_does_not_add_up_is_found(pattern):
    low, high = pattern.proofs[SMALL]
    other = next(cell for cell in low if cell != SMALL)
    with pytest.raises(AuditFailed):
        audit(TABLE, with_proof(pattern, {**low, other: low[other] + 1}, high))
    with pytest.raises(AuditFailed):
        audit(TABLE, with_proof(pattern, {SMALL: -3}, high))


def test_a_proof_that_changes_a_published_cell_is_found(pattern):
    corners = {SMALL: 1, ("a1", "b2"): -1, ("a0", "b1"): -1, ("a0", "b2"): 1}
    assert not set(corners) <= pattern.suppressed
    low, high = pattern.proofs[SMALL]
    with pytest.raises(AuditFailed):
        audit(TABLE, with_proof(pattern, low, high, corners))


def test_a_proof_against_the_rule_is_found(pattern):
    """A cell suppressed for others' sake can't fall below the threshold in the eyes of one who was told the rule."""
    low, high = pattern.proofs[SMALL]
    times = {cell: step * 30 for cell, step in low.items()}
    with pytest.raises(AuditFailed):
        audit(TABLE, with_proof(pattern, low, high, times))


def test_a_number_that_was_not_counted_is_found(pattern):
    shown = without(TABLE, THRESHOLD, pattern.suppressed)
    wrong = replace(shown, cells={**shown.cells, (TOTAL, TOTAL): 1})
    with pytest.raises(AuditFailed):
        audit_released(TABLE, wrong, pattern.suppressed)


def test_a_table_without_any_proof_does_not_pass_as_one():
    with pytest.raises(AuditFailed):
        audit_released(TABLE, without(TABLE, THRESHOLD, {SMALL}), None)
    with pytest.raises(AuditFailed):
        audit_released(TABLE, without(TABLE, THRESHOLD, {SMALL}, TOTAL_ONLY), None)


def test_a_total_that_is_a_small_cell_is_found():
    with pytest.raises(AuditFailed):
        audit_total(of([[3, 0]], impossible=[("a0", "b1")]), THRESHOLD)


def test_where_only_one_thing_is_possible_it_is_the_total():
    assert all_of_it(of([[9, 0]], impossible=[("a0", "b1")])) == {
        ("a0", "b0"), ("a0", TOTAL), (TOTAL, "b0"), (TOTAL, TOTAL),
    }  # fmt: skip
