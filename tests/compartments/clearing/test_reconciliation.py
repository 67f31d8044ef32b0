"""The middle of the reconciliation: which codes go out, how many at least, and what comes back."""

import pytest

from app.envelopes import outbox
from app.vault.models import RefusedEnvelope
from compartments.clearing.floor import BelowFloor
from compartments.clearing.keysets.models import Pair
from compartments.clearing.reconciliation import service
from compartments.clearing.reconciliation.models import ASIDE, DONE, REGULAR, SENT, URGENT, Batch
from compartments.clearing.service import ACTIONS
from keys.codes import new_code
from keys.randomness import new_id
from tests.compartments.clearing.conftest import CLARA, DAY

COUNTS = {"created": 6, "locked": 2, "unlocked": 1, "unchanged": 3, "unknown": 0, "applied_on": "2026-12-01"}


def arrive(office, keys, kind=REGULAR, reason=""):
    batch = new_id()
    office.letter(
        "membership", "reconciliation-keys", {"batch": batch, "kind": kind, "keys": keys, "reason": reason}
    )
    return batch


def pass_on(office, batch, **more):
    with office.vault():
        service.pass_on(batch, by=CLARA, day=DAY, **more)
        outbox.deliver(ACTIONS)
    (letter,) = office.at("administration")["reconciliation-codes"]
    return letter


def invites(office, keys):
    with office.vault():
        return {pair.invite for pair in Pair.select().where(Pair.reference.in_(keys))}


def test_the_listed_keys_become_a_shuffled_whitelist(office):
    _, keys, _ = office.make(40)
    office.claimed(keys[0])
    batch = arrive(office, [key.upper() for key in keys[:30]])
    letter = pass_on(office, batch)
    assert set(letter["codes"]) == invites(office, keys[:30])
    assert (letter["batch"], letter["kind"], letter["reason"]) == (batch, REGULAR, "")
    with office.vault():
        truth = [Pair.get(Pair.reference == key).invite for key in keys[:30]]
        assert letter["codes"] != truth
        assert Batch.get_by_id(batch).references == "[]"


def test_a_whitelist_holds_no_deactivated_pair_whatever_membership_lists(office):
    _, keys, _ = office.make(20)
    batch = arrive(office, [*keys, new_code()])
    office.letter("membership", "keys-deactivated", {"keys": keys[:5], "reason": ""})
    office.at("administration")
    with office.vault():
        seen = service.preview(service.find(batch))
        assert (seen.codes, seen.deactivated, seen.not_issued) == (15, 5, 1)
    assert set(pass_on(office, batch)["codes"]) == invites(office, keys[5:])


def test_a_batch_below_the_floor_needs_a_second_officer(office):
    _, keys, _ = office.make(20)
    batch = arrive(office, keys[:4])
    with office.vault(), pytest.raises(BelowFloor):
        service.pass_on(batch, by=CLARA, day=DAY)
    assert office.at("administration") == {}
    assert pass_on(office, batch, agreed=True, reason="Probelauf")["reason"] == "Probelauf"


@pytest.mark.parametrize("change", [slice(0, 19), slice(0, 20)])
def test_a_change_of_one_is_as_telling_as_a_batch_of_one(office, change):
    """Twenty after nineteen, or nineteen after twenty: whoever sees both lists sees the one."""
    _, keys, _ = office.make(20)
    first, second = (keys, keys[change]) if change.stop == 19 else (keys[:19], keys)
    pass_on(office, arrive(office, first))
    batch = arrive(office, second)
    with office.vault(), pytest.raises(BelowFloor):
        service.pass_on(batch, by=CLARA, day=DAY)


def test_the_same_list_again_tells_nothing_and_passes(office):
    _, keys, _ = office.make(20)
    for _again in range(2):
        pass_on(office, arrive(office, keys))


def test_what_administration_was_told_of_is_no_change(office):
    _, keys, _ = office.make(20)
    pass_on(office, arrive(office, keys))
    office.letter("membership", "keys-deactivated", {"keys": keys[:6], "reason": ""})
    office.at("administration")
    assert len(pass_on(office, arrive(office, keys))["codes"]) == 14


def test_an_empty_whitelist_is_never_sent(office):
    batch = arrive(office, [new_code() for _ in range(9)])
    with office.vault(), pytest.raises(service.NothingToPassOn):
        service.pass_on(batch, by=CLARA, day=DAY, agreed=True)


def test_an_urgent_lock_is_marked_and_finds_deactivated_pairs_too(office):
    _, keys, _ = office.make(20)
    office.letter("membership", "keys-deactivated", {"keys": keys[:1], "reason": ""})
    batch = arrive(office, keys[:2], URGENT, "ausgeschlossen: Herr Kanari")
    with office.vault():
        assert [one.id for one in service.waiting()] == [batch]
        with pytest.raises(BelowFloor):
            service.pass_on(batch, by=CLARA, day=DAY)
    letter = pass_on(office, batch, agreed=True, reason="sofort")
    assert letter["kind"] == URGENT
    assert set(letter["codes"]) == invites(office, keys[:2])
    assert "Kanari" not in str(letter)


def test_counts_go_back_to_membership_once(office):
    _, keys, _ = office.make(20)
    batch = arrive(office, keys)
    pass_on(office, batch)
    office.letter("administration", "reconciliation-counts", {"batch": batch, **COUNTS})
    (result,) = office.at("membership")["reconciliation-result"]
    assert result == {"batch": batch, **COUNTS}
    office.letter("administration", "reconciliation-counts", {"batch": batch, **COUNTS, "locked": 9})
    assert office.at("membership") == {}
    with office.vault():
        known = service.find(batch)
        assert (known.state, known.locked, RefusedEnvelope.select().count()) == (DONE, 2, 1)


@pytest.mark.parametrize(
    "wrong", [{"locked": -1}, {"locked": "2"}, {"locked": True}, {"applied_on": "soon"}, {"batch": "x"}]
)
def test_counts_that_make_no_sense_are_refused(office, wrong):
    _, keys, _ = office.make(6)
    batch = arrive(office, keys)
    pass_on(office, batch)
    office.letter("administration", "reconciliation-counts", {"batch": batch, **COUNTS, **wrong})
    assert office.at("membership") == {}
    with office.vault():
        assert service.find(batch).state == SENT


def test_a_batch_is_passed_on_once_or_put_aside(office):
    _, keys, _ = office.make(6)
    batch, other = arrive(office, keys), arrive(office, keys)
    pass_on(office, batch)
    with office.vault():
        service.set_aside(other)
        assert service.find(other).state == ASIDE
        for gone in (batch, other, "nothing"):
            with pytest.raises(service.NoBatch):
                service.pass_on(gone, by=CLARA, day=DAY, agreed=True)
        with pytest.raises(service.NoBatch):
            service.set_aside(batch)
        assert service.waiting() == []
        assert len(service.others()) == 2


@pytest.mark.parametrize("wrong", [{"kind": "weekly"}, {"batch": ""}, {"keys": None}, {"reason": "x" * 501}])
def test_a_batch_that_makes_no_sense_is_refused(office, wrong):
    body = {"batch": new_id(), "kind": REGULAR, "keys": [], "reason": ""} | wrong
    office.letter("membership", "reconciliation-keys", body)
    with office.vault():
        assert (Batch.select().count(), RefusedEnvelope.select().count()) == (0, 1)
