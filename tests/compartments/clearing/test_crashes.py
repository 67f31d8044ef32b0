"""kill -9 at every step of issuing, claiming and passing on: no pair lost, none put twice, no code lost, none given to two (promise P9)."""

import os
import signal
import subprocess
import sys

import pytest

from app.shared.claim_models import ClaimSlot
from app.shared.models import Envelope
from app.vault.models import Alarm, Outgoing, RefusedEnvelope
from compartments.clearing.keysets import making, service
from compartments.clearing.keysets.models import CLAIMED, Pair
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as reconciliation
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.randomness import new_id
from tests.compartments.clearing.conftest import CLARA, DAY

ISSUING = [
    "keyset.after-pairs",
    "keyset.before-commit",
    "keyset.after-commit",
    "slots.half-put",
    "slots.before-commit",
    "outbox.after-action",
]
CLAIMING = [
    "claim.before-transaction",
    "claim.after-slot",
    "claim.after-envelope",
    "claim.before-commit",
    "claim.after-commit",
]
PASSING_ON = ["batch.before-send", "batch.before-commit", "batch.after-commit", "outbox.after-action"]
RESTORING = [
    "restoring.before-commit",
    "restoring.after-commit",
    "slots.before-commit",
    "outbox.after-action",
]
PAIRS = 30


def process(office, *arguments, fault=None, **environment):
    with office.cast.shared():
        (key,) = office.cast["clearing"].session().vault_keys("clearing")
    given = {**os.environ, "VAULT_KEY": key.hex(), **environment}
    if fault:
        given["SCHOTTEN_FAULT_POINT"] = fault
    folder = str(office.organisation.settings.instance)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.compartments.clearing.process", folder, *arguments],
        env=given,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed(running):
    running.communicate(timeout=60)
    assert running.returncode == -signal.SIGKILL


def said(running):
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    return output


@pytest.mark.slow
@pytest.mark.parametrize("point", ISSUING)
def test_a_set_whose_making_is_killed_is_made_whole_and_once(office, point):
    set_id = new_id()
    killed(process(office, "issue", set_id, str(PAIRS), fault=point))
    with office.vault():
        making.make(set_id, "Herbst", PAIRS, claim_key=office.claim_key, by=CLARA, day=DAY)
    office.catch_up()
    face = ClaimKeyPair.load(office.organisation.instance.claim_key)
    with office.vault():
        assert service.total() == service.Counts(open=PAIRS)
        assert Outgoing.select().count() == 0
        truth = {pair.reference: pair.invite for pair in Pair.select()}
        assert ClaimSlot.select().count() == PAIRS
        for reference, invite in truth.items():
            keys = ClaimKeys.from_reference(reference)
            assert face.open_slot(bytes(ClaimSlot.get_by_id(keys.slot_id).ciphertext), keys) == invite
    (letter,) = office.at("membership")["reference-keys"]
    assert set(letter["keys"]) == set(truth)
    (letter,) = office.at("administration")["invite-codes"]
    assert set(letter["codes"]) == set(truth.values())


@pytest.mark.slow
@pytest.mark.parametrize("point", CLAIMING)
def test_a_claim_that_is_killed_gives_its_code_to_the_same_device_and_to_no_other(office, point):
    _, keys, _ = office.make(6)
    with office.vault():
        invite = Pair.get(Pair.reference == keys[0]).invite
    killed(process(office, "claim", "one" * 20, fault=point, REFERENCE=keys[0]))
    committed = point == "claim.after-commit"
    if committed:
        assert said(process(office, "claim", "two" * 20, REFERENCE=keys[0])) == "nothing"
    for _again in range(2):
        assert said(process(office, "claim", "one" * 20, REFERENCE=keys[0])) == invite
    assert said(process(office, "claim", "two" * 20, REFERENCE=keys[0])) == "nothing"
    office.catch_up()
    with office.vault():
        assert service.total() == service.Counts(open=5, claimed=1)
        assert Pair.get(Pair.reference == keys[0]).state == CLAIMED
        assert ClaimSlot.select().count() == 5
        assert RefusedEnvelope.select().count() == Alarm.select().count() == 0


@pytest.mark.slow
def test_four_devices_at_once_and_one_of_them_gets_the_code(office):
    _, keys, _ = office.make(6)
    with office.vault():
        invite = Pair.get(Pair.reference == keys[0]).invite
    racing = [process(office, "claim", f"{number}" * 43, REFERENCE=keys[0]) for number in range(4)]
    assert sorted(said(one) for one in racing) == sorted([invite, *["nothing"] * 3])


@pytest.mark.slow
@pytest.mark.parametrize("point", PASSING_ON)
def test_a_batch_whose_passing_on_is_killed_goes_out_once(office, point):
    _, keys, _ = office.make(PAIRS)
    batch = new_id()
    office.letter(
        "membership", "reconciliation-keys", {"batch": batch, "kind": "regular", "keys": keys, "reason": ""}
    )
    killed(process(office, "pass-on", batch, fault=point))
    with office.vault():
        try:
            reconciliation.pass_on(batch, by=CLARA, day=DAY)
        except reconciliation.NoBatch:
            assert reconciliation.find(batch).state == reconciliation.SENT
    office.catch_up()
    (letter,) = office.at("administration")["reconciliation-codes"]
    assert len(letter["codes"]) == PAIRS
    with office.cast.shared():
        assert Envelope.select().count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", RESTORING)
def test_a_key_whose_restoring_is_killed_is_good_again_once(office, point):
    _, keys, _ = office.make(PAIRS)
    office.letter("membership", "keys-deactivated", {"keys": keys[:6], "reason": "exit"})
    office.at("administration")
    office.letter("membership", "keys-restored", {"keys": keys[:1], "listed": True, "reason": ""})
    with office.vault():
        (one,) = restoring.waiting()
    killed(process(office, "restore", one.id, fault=point))
    with office.vault():
        try:
            restoring.carry_out(one.id, claim_key=office.claim_key, by=CLARA, day=DAY, agreed=True)
        except restoring.NoRestoration:
            assert restoring.find(one.id).done_on == DAY
    office.catch_up()
    (letter,) = office.at("administration")["codes-restored"]
    assert len(letter["codes"]) == 1
    with office.vault():
        assert service.total() == service.Counts(open=PAIRS - 5, deactivated=5)
        assert ClaimSlot.select().count() == PAIRS - 5


@pytest.mark.slow
def test_two_officers_passing_the_same_batch_on_send_it_once(office):
    _, keys, _ = office.make(PAIRS)
    batch = new_id()
    office.letter(
        "membership", "reconciliation-keys", {"batch": batch, "kind": "regular", "keys": keys, "reason": ""}
    )
    both = [process(office, "pass-on", batch) for _ in range(2)]
    for one in both:
        one.communicate(timeout=60)
    assert sorted(one.returncode for one in both) == [0, 1]
    assert len(office.at("administration")["reconciliation-codes"]) == 1
