"""Keys that were taken back by mistake are good again: off the batches that wait, claimable again, and told of with two officers where it tells."""

import pytest

from app.clock import today
from app.shared.claim_models import ClaimSlot
from app.vault import proposals
from app.vault.models import RefusedEnvelope
from compartments.clearing.floor import BelowFloor
from compartments.clearing.keysets import pairs
from compartments.clearing.keysets.models import CLAIMED, DEACTIVATED, OPEN, Pair, Restoration
from compartments.clearing.reconciliation import restoring, service
from compartments.clearing.reconciliation.models import ASIDE, REGULAR, URGENT
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.randomness import new_id
from tests.compartments.clearing.conftest import CEM, CLARA, DAY
from tests.compartments.clearing.test_pages import cem, clara, confirm, press
from tests.pages import words

__all__ = ["cem", "clara"]
WHY = "verwechselt"


def arrive(office, keys, kind=REGULAR):
    batch = new_id()
    body = {"batch": batch, "kind": kind, "keys": keys, "reason": ""}
    office.letter("membership", "reconciliation-keys", body)
    return batch


def ended(office, keys):
    office.letter("membership", "keys-deactivated", {"keys": keys, "reason": "exit"})


def restored(office, keys, *, listed=True):
    """Membership's letter; the id of what waits."""
    office.letter("membership", "keys-restored", {"keys": keys, "listed": listed, "reason": WHY})
    with office.vault():
        (one,) = restoring.waiting()
        return one.id


def carry_out(office, restoration_id, **more):
    with office.vault():
        seen = restoring.carry_out(restoration_id, claim_key=office.claim_key, by=CLARA, day=DAY, **more)
    office.catch_up()
    return seen


def states(office, *keys):
    with office.vault():
        return [pairs.state_of(key) for key in keys]


def test_a_key_that_only_this_office_knows_of_is_good_again_with_one_officer(office):
    _, keys, _ = office.make(12)
    office.claimed(keys[0])
    urgent, regular = arrive(office, keys[:2], URGENT), arrive(office, keys[2:], REGULAR)
    ended(office, keys[:2])
    assert states(office, *keys[:2]) == [DEACTIVATED] * 2
    seen = carry_out(office, restored(office, [keys[0]]))
    assert (len(seen.pairs), len(seen.telling), seen.is_small) == (1, 0, False)
    assert states(office, *keys[:2]) == [CLAIMED, DEACTIVATED]
    with office.vault():
        assert service.preview(service.find(urgent)).codes == 1
        assert service.preview(service.find(regular)).codes == 11
        (trace,) = restoring.others()
        assert (trace.restored, trace.told, trace.done_by_name, trace.keys) == (1, False, CLARA.name, "[]")
    assert office.at("administration") == {}


def test_a_key_that_nobody_claimed_opens_its_slot_again(office):
    _, keys, _ = office.make(6)
    ended(office, keys[:1])
    with office.vault():
        assert ClaimSlot.select().count() == 5
        invite = Pair.get(Pair.reference == keys[0]).invite
    carry_out(office, restored(office, keys[:1]))
    face, found = ClaimKeyPair.load(office.organisation.instance.claim_key), ClaimKeys.from_reference(keys[0])
    with office.vault():
        assert face.open_slot(bytes(ClaimSlot.get_by_id(found.slot_id).ciphertext), found) == invite
    assert states(office, keys[0]) == [OPEN]


def test_a_key_that_was_claimed_gets_no_second_slot(office):
    _, keys, _ = office.make(6)
    office.claimed(keys[0])
    with office.vault():
        ClaimSlot.delete().execute()
    ended(office, keys[:1])
    carry_out(office, restored(office, keys[:1]))
    with office.vault():
        assert ClaimSlot.select().count() == 0


def test_a_code_that_the_administration_has_takes_two_officers(office):
    _, keys, _ = office.make(12)
    urgent = arrive(office, keys[:6], URGENT)
    with office.vault():
        service.pass_on(urgent, by=CLARA, day=DAY)
        invite = Pair.get(Pair.reference == keys[0]).invite
    office.catch_up()
    ended(office, keys[:6])
    office.at("administration")
    waiting = restored(office, keys[:1])
    with office.vault(), pytest.raises(BelowFloor):
        restoring.carry_out(waiting, claim_key=office.claim_key, by=CLARA, day=DAY)
    assert states(office, keys[0]) == [DEACTIVATED]
    carry_out(office, waiting, agreed=True, reason="verwechselt")
    (told,) = office.at("administration")["codes-restored"]
    assert told == {"codes": [invite], "listed": True, "reason": "verwechselt"}
    with office.vault():
        assert Pair.get(Pair.reference == keys[0]).told is False


def test_a_regular_list_that_is_out_lacks_the_key_so_the_administration_is_told(office):
    _, keys, _ = office.make(20)
    ended(office, keys[:1])
    batch = arrive(office, keys[1:])
    with office.vault():
        service.pass_on(batch, by=CLARA, day=DAY)
    office.catch_up()
    waiting = restored(office, keys[:1])
    with office.vault():
        assert len(restoring.preview(restoring.find(waiting)).telling) == 1


def test_the_last_key_taken_off_an_urgent_batch_sets_it_aside(office):
    _, keys, _ = office.make(6)
    batch = arrive(office, keys[:1], URGENT)
    ended(office, keys[:1])
    carry_out(office, restored(office, keys[:1]))
    with office.vault():
        assert service.find(batch).state == ASIDE


def test_who_may_not_take_part_is_put_on_no_regular_list(office):
    _, keys, _ = office.make(12)
    regular = arrive(office, keys[1:])
    ended(office, keys[:1])
    carry_out(office, restored(office, keys[:1], listed=False))
    with office.vault():
        assert service.preview(service.find(regular)).codes == 11


def test_a_key_that_ended_again_while_this_waited_stays_off(office):
    _, keys, _ = office.make(12)
    ended(office, keys[:1])
    waiting = restored(office, keys[:1])
    urgent = arrive(office, keys[:1], URGENT)
    ended(office, keys[:1])
    seen = carry_out(office, waiting)
    assert (seen.pairs, states(office, keys[0])) == ([], [DEACTIVATED])
    with office.vault():
        assert service.preview(service.find(urgent)).codes == 1, "its account is locked all the same"
        assert ClaimSlot.select().count() == 11
    carry_out(office, restored(office, keys[:1]))
    assert states(office, keys[0]) == [OPEN], "until it is taken back once more"


def test_it_is_carried_out_once(office):
    _, keys, _ = office.make(6)
    ended(office, keys[:1])
    waiting = restored(office, keys[:1])
    carry_out(office, waiting)
    ended(office, keys[:1])
    with pytest.raises(restoring.NoRestoration):
        carry_out(office, waiting)
    assert states(office, keys[0]) == [DEACTIVATED]


@pytest.mark.parametrize(
    "body",
    [
        {"keys": "abc", "listed": True, "reason": ""},
        {"keys": [], "listed": 1, "reason": ""},
        {"keys": [], "listed": True, "reason": None},
    ],
)
def test_a_letter_that_makes_no_sense_is_refused(office, body):
    office.letter("membership", "keys-restored", body)
    with office.vault():
        assert RefusedEnvelope.select().count() == 1
        assert Restoration.select().count() == 0


def test_one_officer_proposes_it_another_confirms(office, clara, cem):
    for client in (clara, cem):
        client.set_cookie("lang", "en")
    _, keys, _ = office.make(12)
    ended(office, keys[:6])
    office.at("administration")
    waiting = restored(office, keys[:1])
    path = f"/clearing/reconciliation/taken-back/{waiting}"
    assert "1 key is to be good again" in words(clara.get("/clearing/"))
    assert path in clara.get("/clearing/inbox").text
    page = clara.get(path)
    assert "needs a reason and a second officer" in words(page)
    assert "Please say why" in words(press(clara, page, waiting, reason=""))
    press(clara, page, waiting, reason="Versehen")
    assert states(office, keys[0]) == [DEACTIVATED]
    seen, _ = confirm(cem, office)
    assert "Codes that the administration is told of 1" in words(seen)
    assert states(office, keys[0]) == [OPEN]
    assert "Carried out" in words(clara.get(path))
    assert office.at("administration")["codes-restored"][0]["reason"] == "Versehen"
    with office.vault():
        assert proposals.waiting() == []


def test_one_officer_alone_lets_a_key_be_good_again_that_nobody_was_told_of(office, clara):
    clara.set_cookie("lang", "en")
    _, keys, _ = office.make(12)
    ended(office, keys[:1])
    waiting = restored(office, keys[:1])
    press(clara, clara.get(f"/clearing/reconciliation/taken-back/{waiting}"), waiting)
    assert states(office, keys[0]) == [OPEN]
    assert CEM.name not in words(clara.get("/clearing/reconciliation/"))
    with office.vault():
        assert restoring.others()[0].done_on == today()
