"""Sets that a job makes: pair by pair with its slot, nothing leaves before all are there, and kill -9 at any step loses and doubles nothing (P9)."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from app.clock import utc_now
from app.envelopes import outbox
from app.shared.claim_models import ClaimSlot
from app.shared.models import Envelope
from app.vault import jobs
from app.vault.jobs import Outside
from app.vault.models import Alarm, Job, Outgoing
from compartments.clearing import reports
from compartments.clearing.keysets import large, making, service
from compartments.clearing.keysets.models import KeyRequest, KeySet, Pair
from compartments.clearing.service import ACTIONS
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.randomness import new_id
from tests.compartments.clearing.conftest import CLARA, DAY
from tests.pages import fill, words

PAIRS = 30
POINTS = [
    "large-set.before-commit",
    "large-set.after-commit",
    "job.after-step",
    "job.after-note",
    "slots.half-put",
    "slots.before-commit",
    "outbox.after-action",
    "large-set.before-lists",
    "large-set.after-lists",
    "job.before-end",
    "job.after-end",
]


@pytest.fixture
def few(monkeypatch):
    """A set is large from 21 pairs on, and made 12 at a time."""
    monkeypatch.setattr(making, "AT_ONCE", 20)
    monkeypatch.setattr(large, "STEP", 12)


def started(office, set_id, count=PAIRS, **more):
    """A large set and its job, written down as the page does; the job's id."""
    with office.vault():
        made = large.begin(set_id, "Herbst", count, by=CLARA, day=DAY, **more)
        parameters = {large.CLAIM_KEY: office.claim_key.to_bytes().hex()}
        return jobs.start(large.KIND, made.id, parameters, by=CLARA, now=utc_now()).id


def steps(office, job_id):
    """The job's steps, one by one, in the open vault."""
    work, answer = large.make(jobs.task(jobs.find(job_id), DAY)), None
    while True:
        try:
            said = work.send(answer)
        except StopIteration:
            return
        answer = said.call() if isinstance(said, Outside) else None
        if not isinstance(said, Outside):
            outbox.deliver(ACTIONS)
            yield said


def complete(office):
    """Every pair has its slot and opens it, every slot its pair, and both neighbours have the whole list once."""
    face = ClaimKeyPair.load(office.organisation.instance.claim_key)
    with office.vault():
        assert (Outgoing.select().count(), Alarm.select().count()) == (0, 0)
        truth = {pair.reference: pair.invite for pair in Pair.select()}
        assert ClaimSlot.select().count() == len(truth) == len(set(truth.values())) == PAIRS
        for reference, invite in truth.items():
            keys = ClaimKeys.from_reference(reference)
            assert face.open_slot(bytes(ClaimSlot.get_by_id(keys.slot_id).ciphertext), keys) == invite
        assert service.total() == service.Counts(open=PAIRS)
    (letter,) = office.at("membership")["reference-keys"]
    assert sorted(letter["keys"]) == sorted(truth)
    (letter,) = office.at("administration")["invite-codes"]
    assert sorted(letter["codes"]) == sorted(truth.values())


def test_nothing_leaves_and_nothing_counts_before_all_pairs_are_there(office, few):
    request = new_id()
    office.letter("membership", "keys-request", {"request": request, "count": PAIRS})
    job_id = started(office, new_id(), request=request)
    with office.vault():
        work = steps(office, job_id)
        for done in (12, 24):
            assert next(work).done == done
            assert ClaimSlot.select().count() == Pair.select().count() == done
            assert (service.total().issued, reports.audit_figures()["issued"]) == (0, 0)
            assert Envelope.select().count() == 0
            assert service.open_requests() == [], "nobody answers it a second time"
        assert [one.done for one in work] == [PAIRS, PAIRS]
    complete(office)


def test_the_lists_of_a_large_set_are_shuffled_over_all_its_steps(office, few):
    job_id = started(office, new_id(), count=60)
    with office.vault():
        list(steps(office, job_id))
        made = {pair.reference: (pair.id - 1) // 12 for pair in Pair.select()}
    (letter,) = office.at("membership")["reference-keys"]
    assert {made[key] for key in letter["keys"][:30]} == set(range(5))


def test_what_no_job_makes_is_refused_and_leaves_nothing(office, few):
    with office.vault():
        making.make(new_id(), "Herbst", 6, claim_key=office.claim_key, by=CLARA, day=DAY)
        for count in (0, making.AT_ONCE, making.MOST + 1):
            with pytest.raises(ValueError, match="pairs"):
                large.begin(new_id(), "Winter", count, by=CLARA, day=DAY)
        with pytest.raises(making.NameTaken):
            large.begin(new_id(), "Herbst", 30, by=CLARA, day=DAY)
        with pytest.raises(making.NoRequest):
            large.begin(new_id(), "Winter", 30, by=CLARA, day=DAY, request=new_id())
        assert KeySet.select().count() == 1


def process(office, job_id, fault=""):
    member = office.cast["clearing"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex(), "SCHOTTEN_FAULT_POINT": fault}
    folder = str(office.organisation.settings.instance)
    arguments = ["-m", "tests.compartments.clearing.process", folder, "job", member.account_id, job_id]
    return subprocess.run([sys.executable, *arguments], env=environment, check=False, timeout=120).returncode


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_large_set_whose_making_is_killed_is_made_whole_and_once(office, point):
    with office.vault():
        KeySet.create(
            id="s" * 32, name="Herbst", size=PAIRS, made_on=DAY, made_by=CLARA.id, made_by_name=CLARA.name,
            whole=False,
        )  # fmt: skip
        parameters = {large.CLAIM_KEY: office.claim_key.to_bytes().hex()}
        job_id = jobs.start(large.KIND, "s" * 32, parameters, by=CLARA, now=utc_now()).id
    assert process(office, job_id, point) == -signal.SIGKILL
    with office.vault():
        slots, pairs = ClaimSlot.select().count(), Pair.select().count()
        waiting = Outgoing.select().where(Outgoing.action == making.PUT).exists()
        assert slots == pairs or (slots < pairs and waiting), "what is missing is ordered"
    assert process(office, job_id) == 0
    office.catch_up()
    complete(office)
    with office.vault():
        assert Job.get_by_id(job_id).state == jobs.DONE


def test_the_page_starts_the_job_and_shows_it(office, few):
    client = office.cast["clearing"].client()
    client.set_cookie("lang", "en")
    office.letter("membership", "keys-request", {"request": "r" * 32, "count": 40})
    page = client.get("/clearing/keysets/new?request=" + "r" * 32)
    sent = fill(client, page, "/new", request="r" * 32, name="Winter", count="40")
    assert "/clearing/jobs/" in sent.location
    again = fill(client, page, "/new", request="r" * 32, name="Winter", count="40")
    assert again.location in (sent.location, "/clearing/keysets/")
    for thread in threading.enumerate():
        if thread.name.startswith("job "):
            thread.join(60)
    assert "Making a large key set" in words(client.get(sent.location))
    shown = words(client.get("/clearing/keysets/"))
    assert "Winter" in shown
    assert "being made" not in shown
    with office.vault():
        assert KeyRequest.get().issued == 40
    assert len(office.at("membership")["reference-keys"][0]["keys"]) == 40


def test_a_set_that_is_being_made_is_shown_as_such(office, few):
    client = office.cast["clearing"].client()
    client.set_cookie("lang", "en")
    job_id = started(office, new_id())
    page = client.get("/clearing/keysets/")
    assert "30 pairs are being made" in words(page)
    assert f"/clearing/jobs/{job_id}" in page.text
