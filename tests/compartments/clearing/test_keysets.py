"""Key sets: pairs are made whole, go out in two shuffled lists, and are off for good once they are deactivated."""

import time

import pytest

from app.envelopes import outbox
from app.office import releases
from app.shared.claim_models import ClaimSlot
from app.shared.models import Envelope
from app.vault.models import Outgoing, RefusedEnvelope
from compartments.clearing import reports
from compartments.clearing.floor import BelowFloor, floor, set_floor
from compartments.clearing.keysets import making, pairs, service
from compartments.clearing.keysets.models import (
    CLAIMED,
    DEACTIVATED,
    OPEN,
    Deactivation,
    KeyRequest,
    KeySet,
    Pair,
)
from compartments.clearing.service import ACTIONS
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.codes import new_code
from keys.errors import MalformedCode
from keys.randomness import new_id
from tests.compartments.clearing.conftest import CLARA, DAY


def test_a_request_is_answered_with_keys_there_codes_elsewhere_and_slots_between(office):
    request = new_id()
    office.letter("membership", "keys-request", {"request": request, "count": 12})
    with office.vault():
        assert [one.id for one in service.open_requests()] == [request]
        made = making.make(
            new_id(), "Herbst", 12, claim_key=office.claim_key, by=CLARA, day=DAY, request=request
        )
        outbox.deliver(ACTIONS)
        assert service.open_requests() == []
        truth = {pair.reference: pair.invite for pair in Pair.select().where(Pair.key_set == made)}
    (for_membership,) = office.at("membership")["reference-keys"]
    (for_administration,) = office.at("administration")["invite-codes"]
    assert (for_membership["request"], for_membership["key_set"]) == (request, "Herbst")
    assert set(for_membership["keys"]) == set(truth)
    assert set(for_administration["codes"]) == set(truth.values())
    face = ClaimKeyPair.load(office.organisation.instance.claim_key)
    with office.cast.shared():
        assert ClaimSlot.select().count() == 12
        for reference, invite in truth.items():
            keys = ClaimKeys.from_reference(reference)
            assert face.open_slot(bytes(ClaimSlot.get_by_id(keys.slot_id).ciphertext), keys) == invite


def test_the_two_lists_are_shuffled_each_for_itself(office):
    _, keys, codes = office.make(60)
    with office.vault():
        truth = {pair.reference: pair.invite for pair in Pair.select()}
    in_step = sum(truth[key] == code for key, code in zip(keys, codes, strict=True))
    assert in_step < 10
    assert keys != sorted(keys)


def test_a_double_click_makes_one_set(office):
    set_id = new_id()
    office.make(6, set_id=set_id)
    with office.vault():
        again = making.make(set_id, "Herbst", 6, claim_key=office.claim_key, by=CLARA, day=DAY)
        assert (again.size, KeySet.select().count(), Pair.select().count()) == (6, 1, 6)


def test_what_is_impossible_is_refused_and_leaves_nothing(office):
    office.make(6)
    with office.vault():
        given = {"claim_key": office.claim_key, "by": CLARA, "day": DAY}
        with pytest.raises(making.NameTaken):
            making.make(new_id(), "Herbst", 6, **given)
        with pytest.raises(making.NoRequest):
            making.make(new_id(), "Winter", 6, request=new_id(), **given)
        with pytest.raises(BelowFloor):
            making.make(new_id(), "Winter", floor() - 1, **given)
        for count in (0, -1, making.AT_ONCE + 1):
            with pytest.raises(ValueError, match="pairs"):
                making.make(new_id(), "Winter", count, **given)
        assert (KeySet.select().count(), Pair.select().count(), Outgoing.select().count()) == (1, 6, 0)


def test_a_claim_is_noted_once_and_without_a_time(office):
    _, keys, _ = office.make(6)
    office.claimed(keys[0])
    office.claimed(keys[0])
    with office.vault():
        assert service.total() == service.Counts(open=5, claimed=1)
        assert pairs.state_of(keys[0].upper()) == CLAIMED
        assert not any("at" in name.split("_") or "day" in name for name in Pair._meta.fields)


def test_a_claim_of_an_unknown_slot_is_refused(office):
    office.claimed(new_code())
    with office.vault():
        assert [row.reason for row in RefusedEnvelope.select()] == ["ValueError"]


def test_deactivated_keys_lose_their_slots_and_never_come_back(office):
    _, keys, codes = office.make(8)
    office.claimed(keys[0])
    office.letter("membership", "keys-deactivated", {"keys": [*keys[:6], new_code()], "reason": "verloren"})
    with office.vault():
        assert service.total() == service.Counts(open=2, claimed=0, deactivated=6, withdrawn=1)
        (noted,) = Deactivation.select()
        assert (noted.named, noted.deactivated, noted.unknown) == (7, 6, 1)
        gone = {pair.invite for pair in pairs.find(keys[:6])}
        assert all(pairs.by_invite(code) is None for code in gone)
        assert pairs.by_invite((set(codes) - gone).pop()) is not None
    with office.cast.shared():
        assert ClaimSlot.select().count() == 2
    (told,) = office.at("administration")["codes-deactivated"]
    assert set(told["codes"]) == gone
    assert told["reason"] == pairs.COLLECTED
    office.claimed(keys[1])  # the claim that was under way just then
    with office.vault():
        assert pairs.state_of(keys[1]) == DEACTIVATED
        assert service.total().withdrawn == 2


def test_membership_s_words_do_not_reach_administration(office):
    _, keys, _ = office.make(8)
    office.letter("membership", "keys-deactivated", {"keys": keys, "reason": "Frau Kanari ist ausgetreten"})
    (told,) = office.at("administration")["codes-deactivated"]
    assert "Kanari" not in str(told)


def test_few_deactivated_codes_wait_until_they_are_enough(office):
    _, keys, _ = office.make(20)
    office.letter("membership", "keys-deactivated", {"keys": keys[:2], "reason": ""})
    assert office.at("administration") == {}
    with office.vault():
        assert pairs.untold() == 2
        with pytest.raises(BelowFloor):
            pairs.tell(day=DAY, reason="x")
    office.letter("membership", "keys-deactivated", {"keys": keys[2:5], "reason": ""})
    assert [len(told["codes"]) for told in office.at("administration")["codes-deactivated"]] == [5]
    with office.vault():
        assert pairs.untold() == 0
        assert pairs.tell(day=DAY, reason="x") == 0


def test_a_second_officer_lets_few_pass(office):
    _, keys, _ = office.make(6)
    office.letter("membership", "keys-deactivated", {"keys": keys[:1], "reason": ""})
    with office.vault():
        assert pairs.tell(day=DAY, reason="eilt", agreed=True) == 1
        outbox.deliver(ACTIONS)
    assert office.at("administration")["codes-deactivated"][0]["reason"] == "eilt"


def test_a_pair_deactivated_before_its_slot_is_put_gets_none(office):
    with office.vault():
        making.make(new_id(), "Herbst", 6, claim_key=office.claim_key, by=CLARA, day=DAY)
        Pair.update(state=DEACTIVATED).where(Pair.id == Pair.select(Pair.id).limit(1)).execute()
        outbox.deliver(ACTIONS)
        assert ClaimSlot.select().count() == 5


def test_an_order_carried_out_again_brings_no_claimed_slot_back(office):
    with office.vault():
        making.make(new_id(), "Herbst", 6, claim_key=office.claim_key, by=CLARA, day=DAY)
        row = Outgoing.get(Outgoing.action == making.PUT)
        kept = dict(row.__data__)
        outbox.deliver(ACTIONS)
        ClaimSlot.delete().where(ClaimSlot.id == ClaimSlot.get().id).execute()
        Outgoing.create(**kept)
        outbox.deliver(ACTIONS)
        assert ClaimSlot.select().count() == 5


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("keys-request", {"request": "r", "count": 0}),
        ("keys-request", {"request": "r", "count": "5"}),
        ("keys-request", {"request": "", "count": 5}),
        ("keys-request", {"request": "r" * 33, "count": 5}),
        ("keys-deactivated", {"keys": "bcdfg", "reason": ""}),
        ("keys-deactivated", {"keys": [1], "reason": ""}),
        ("keys-deactivated", {"keys": [], "reason": None}),
    ],
)
def test_a_letter_that_makes_no_sense_is_refused(office, type_, body):
    office.letter("membership", type_, body)
    with office.vault():
        assert RefusedEnvelope.select().count() == 1
        assert KeyRequest.select().count() == Deactivation.select().count() == 0


def test_the_numbers_agree(office):
    _, keys, _ = office.make(10)
    office.make(7, name="Winter")
    for key in keys[:4]:
        office.claimed(key)
    office.letter("membership", "keys-deactivated", {"keys": keys[3:6], "reason": ""})
    with office.vault():
        figures = reports.audit_figures()
        assert figures == {"issued": 17, "claimed": 3, "open": 11, "deactivated": 3, "deactivated_claimed": 1}
        assert figures["issued"] == figures["claimed"] + figures["open"] + figures["deactivated"]
        assert {one.key_set.name: one.counts.issued for one in service.lines()} == {"Herbst": 10, "Winter": 7}


def test_figures_are_released_once_per_period(office):
    office.make(6)
    with office.vault():
        releases.release("2026-11", reports.audit_figures(), released_by=("Clara", "Cem"), day=DAY)
        with pytest.raises(releases.AlreadyReleased):
            releases.release("2026-11", reports.audit_figures(), released_by=("Clara", "Cem"), day=DAY)
        outbox.deliver(ACTIONS)
    (figures,) = office.at("board")["audit-figures"]
    assert (figures["period"], figures["figures"]["issued"], figures["released_by"]) == (
        "2026-11",
        6,
        ["Clara", "Cem"],
    )


def test_the_floor_is_a_setting_with_bounds(office):
    with office.vault():
        assert floor() == 5
        set_floor(9)
        assert floor() == 9
        for number in (0, 1001):
            with pytest.raises(ValueError, match="between"):
                set_floor(number)


def test_a_lookup_takes_keys_as_they_are_typed(office):
    _, keys, _ = office.make(6)
    with office.vault():
        assert pairs.state_of(f" {keys[0].upper().replace('-', '')} ") == OPEN
        assert pairs.state_of(new_code()) is None
        with pytest.raises(MalformedCode):
            pairs.state_of("nothing")


def test_ten_thousand_pairs_with_their_slots_take_seconds(office):
    """The bench measures it; here only that nothing grows faster than the number."""
    begun = time.process_time()
    with office.vault():
        making.make(new_id(), "Groß", 10_000, claim_key=office.claim_key, by=CLARA, day=DAY)
        outbox.deliver(ACTIONS)
        assert service.total().open == ClaimSlot.select().count() == 10_000
        assert Envelope.select().count() == 2
    assert time.process_time() - begun < 60
