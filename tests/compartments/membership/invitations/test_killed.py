"""kill -9 at every step of a run: no key lost, none given twice, nobody mailed twice, and what can't be known is said to be unclear."""

import os
import signal
import subprocess
import sys

import pytest

from app.clock import utc_now
from app.office.running import run
from app.vault import jobs
from compartments.membership.invitations import keys, runs, texts
from compartments.membership.invitations.models import Invitation, InvitationRun, ReferenceKey
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA
from tests.compartments.membership.invitations.conftest import SETTINGS, members, prepared, take_keys

BEFORE_THE_TEXT = ("mail.claimed", "mail.offered")
TEXT_MAY_BE_UNDER_WAY = ("mail.before-text", "mail.text-begins", "mail.text-sent", "mail.after-text")
AFTER_THE_NOTE = ("mail.noted", "job.after-step", "job.before-end")


def officer(cast, peer, what, subject, fault=None):
    member = cast["membership"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex()}
    if fault:
        environment["SCHOTTEN_FAULT_POINT"] = fault
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.compartments.membership.invitations.officer",
            str(cast.organisation.settings.instance),
            member.account_id,
            what,
            subject,
            str(peer.port),
        ],
        env=environment,
    )


def books_agree(cast, number_of_keys):
    """Every key is still there, and each in the hands of at most one person."""
    with cast.vault("membership"):
        assert keys.counts().issued == number_of_keys
        living = [row.person_id for row in ReferenceKey.select().where(ReferenceKey.state == "assigned")]
        assert len(living) == len(set(living))
        for invitation in Invitation.select():
            assert invitation.key.person_id == invitation.person_id


def finish(cast, place, job_id):
    with cast.vault("membership"):
        jobs.resume(job_id, by=MIKA, now=utc_now())
    run(job_id, place)


@pytest.mark.slow
@pytest.mark.parametrize("point", BEFORE_THE_TEXT)
def test_killed_before_the_text_the_mail_is_sent_later_once(cast, a_run, start, place, peer, mails, point):
    job_id = start(a_run(3))
    assert officer(cast, peer, "send", job_id, point).wait(60) == -signal.SIGKILL
    assert peer.mails == []
    finish(cast, place, job_id)
    assert len(peer.recipients) == len(set(peer.recipients)) == 3
    assert set(mails().values()) == {"sent"}
    books_agree(cast, 5)


@pytest.mark.slow
@pytest.mark.parametrize("point", TEXT_MAY_BE_UNDER_WAY)
def test_killed_while_the_text_may_be_under_way_it_is_unclear_and_never_sent_again(
    cast, a_run, start, place, peer, mails, point
):
    job_id = start(a_run(3))
    assert officer(cast, peer, "send", job_id, point).wait(60) == -signal.SIGKILL
    before = list(peer.recipients)
    finish(cast, place, job_id)
    assert sorted(mails().values()) == ["sent", "sent", "unclear"]
    assert len(peer.recipients) == len(set(peer.recipients)) == 2 + len(before)
    books_agree(cast, 5)


@pytest.mark.slow
@pytest.mark.parametrize("point", AFTER_THE_NOTE)
def test_killed_after_the_answer_was_noted_nothing_is_repeated(cast, a_run, start, place, peer, mails, point):
    job_id = start(a_run(3))
    assert officer(cast, peer, "send", job_id, point).wait(60) == -signal.SIGKILL
    finish(cast, place, job_id)
    assert len(peer.recipients) == len(set(peer.recipients)) == 3
    assert set(mails().values()) == {"sent"}
    books_agree(cast, 5)


@pytest.mark.slow
@pytest.mark.parametrize(("point", "prepared_then"), [("run.before-commit", 0), ("run.prepared", 1)])
def test_killed_while_a_run_is_prepared_it_is_there_as_a_whole_or_not_at_all(
    cast, peer, point, prepared_then
):
    run_id = new_id()
    with cast.vault("membership"):
        members(5)
        take_keys(5)
    assert officer(cast, peer, "prepare", run_id, point).wait(60) == -signal.SIGKILL
    with cast.vault("membership"):
        assert InvitationRun.select().count() == prepared_then
        assert keys.counts().assigned == 3 * prepared_then
        prepared(3, run_id=run_id)
        assert (InvitationRun.select().count(), keys.counts().assigned) == (1, 3)
    books_agree(cast, 5)


@pytest.mark.slow
def test_two_officers_who_prepare_at_the_same_time_give_nobody_two_keys(cast, peer):
    same, other = new_id(), new_id()
    with cast.vault("membership"):
        texts.save_settings(SETTINGS)
        members(5)
        take_keys(20)
    officers = [officer(cast, peer, "prepare", run_id) for run_id in (same, same, other)]
    assert [one.wait(60) for one in officers] == [0, 0, 0]
    with cast.vault("membership"):
        assert InvitationRun.select().count() == 2
        assert keys.counts().assigned == 5
    books_agree(cast, 20)


@pytest.mark.slow
def test_two_officers_who_send_the_same_run_mail_everybody_once(cast, a_run, start, peer, mails):
    peer.seconds_per_mail = 0.05
    job_id = start(a_run(6))
    assert start(_run_of(cast)) == job_id
    officers = [officer(cast, peer, "send", job_id) for _ in range(2)]
    assert [one.wait(60) for one in officers] == [0, 0]
    assert len(peer.recipients) == len(set(peer.recipients)) == 6
    assert set(mails().values()) == {"sent"}


def _run_of(cast):
    with cast.vault("membership"):
        return runs.newest()[0].id
