"""Jobs: they outlive the request, the log-in and the process that started them, and nobody runs one twice."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.binding import NotOpen
from app.clock import today
from app.envelopes import rotation
from app.office.running import job_file, launch, run
from app.shared import assignments
from app.shared.models import Account
from app.vault import jobs, locks
from app.vault.jobs import Outside, Progress
from app.vault.models import Note
from tests.pages import fill, words

FAULTS = ("job.after-step", "job.after-note", "job.before-end", "job.after-end")


def notes(cast):
    with cast.vault("membership"):
        return [note.text for note in Note.select().order_by(Note.id)]


def found(cast, job_id):
    with cast.vault("membership"):
        return jobs.find(job_id)


def wait(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def killed_at(point, cast, job_id):
    """Run the job in a process of its own that dies at a fault point."""
    keys = cast["membership"].keys.to_bytes().hex()
    instance = cast.organisation.settings.instance
    command = [sys.executable, "-m", "tests.app.office.counting", str(instance)]
    died = subprocess.run(
        [*command, cast["membership"].account_id, job_id],
        env={**os.environ, "OFFICER_KEYS": keys, "SCHOTTEN_FAULT_POINT": point},
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


def test_a_job_does_every_step_and_says_how_far_it_is(cast, place_of, start):
    job_id = start(notes=7)
    run(job_id, place_of())
    job = found(cast, job_id)
    assert notes(cast) == [str(number) for number in range(1, 8)]
    assert (job.state, job.done, job.total, job.note) == ("done", 7, 7, "note 7")
    assert not job_file(cast.organisation.instance, "membership", job_id).exists()


@pytest.mark.parametrize("point", FAULTS)
def test_a_job_that_is_killed_goes_on_with_what_is_left(cast, place_of, start, english, point):
    job_id = start(notes=5)
    killed_at(point, cast, job_id)
    if point != "job.after-end":
        assert "The job was interrupted" in words(english().get(f"/membership/jobs/{job_id}"))
    run(job_id, place_of())
    assert notes(cast) == ["1", "2", "3", "4", "5"]
    assert found(cast, job_id).state == "done"


def test_two_officers_who_start_the_same_start_one_job(cast, mona, place_of, start):
    first, second = start(notes=30), start(notes=30, by="mona")
    assert first == second
    threads = [launch(first, place_of()), launch(first, place_of("mona"))]
    for thread in threads:
        thread.join(20)
    assert notes(cast) == [str(number) for number in range(1, 31)]


def test_a_finished_job_can_be_started_again(cast, place_of, start):
    first = start(notes=1)
    run(first, place_of())
    assert start(notes=2) != first


@pytest.fixture
def gate(tmp_path):
    """A job with this gate stands half-way until the file is there."""
    return tmp_path / "gate"


def test_the_keys_are_renewed_while_a_job_runs(cast, place_of, start, gate):
    job_id = start(notes=20, pause=0.01, gate=str(gate))
    thread = launch(job_id, place_of())
    wait(lambda: len(notes(cast)) > 2)
    with cast.shared():
        rotation.renew(cast.organisation.instance, "membership", by=cast["membership"].session(), day=today())
    assert thread.is_alive()
    gate.touch()
    thread.join(20)
    assert found(cast, job_id).state == "done"
    assert len(notes(cast)) == 20


def test_a_job_goes_on_when_its_starter_logs_out(cast, place_of, start, english, gate):
    job_id, client = start(notes=20, pause=0.01, gate=str(gate)), english()
    place_of()
    fill(client, client.get(f"/membership/jobs/{job_id}"), "/continue")
    page = client.get(f"/membership/jobs/{job_id}")
    assert "You can close this page or log out" in words(page)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    client.post("/membership/logout", data={"csrf_token": token})
    gate.touch()
    wait(lambda: found(cast, job_id).state == "done")
    assert len(notes(cast)) == 20


def test_a_job_stands_still_when_its_keepers_access_ends_and_a_colleague_continues_it(
    cast, mona, place_of, start, english, gate
):
    job_id = start(notes=40, pause=0.01, by="mona", gate=str(gate))
    thread = launch(job_id, place_of("mona"))
    wait(lambda: len(notes(cast)) > 2)
    with cast.shared():
        assignments.end(Account.get_by_id(mona.account_id).assignment_id, day=today())
    thread.join(20)
    assert found(cast, job_id).state == "running"
    assert 2 < len(notes(cast)) < 40
    client = english()
    assert "interrupted" in words(client.get("/membership/inbox"))
    gate.touch()
    fill(client, client.get(f"/membership/jobs/{job_id}"), "/continue")
    wait(lambda: found(cast, job_id).state == "done")
    assert found(cast, job_id).kept_by == cast["membership"].account_id
    assert len(notes(cast)) == 40


def test_a_job_pauses_and_goes_on(cast, place_of, start, english, gate):
    job_id, client = start(notes=40, pause=0.01, gate=str(gate)), english()
    thread = launch(job_id, place_of())
    wait(lambda: len(notes(cast)) > 2)
    assert client.get(f"/membership/jobs/{job_id}/progress").json["moving"] is True
    fill(client, client.get(f"/membership/jobs/{job_id}"), "/pause")
    thread.join(20)
    page = client.get(f"/membership/jobs/{job_id}")
    assert "paused" in words(page)
    assert 2 < len(notes(cast)) < 40
    gate.touch()
    fill(client, page, "/continue")
    wait(lambda: found(cast, job_id).state == "done")
    assert "done" in words(client.get("/membership/jobs"))


def test_what_is_done_outside_finds_the_vault_closed_and_its_errors_reach_the_work(cast, place_of, start):
    seen = []

    def work(_task):
        for call in (lambda: Note.select().count(), lambda: 42, lambda: 1 / 0):
            try:
                seen.append((yield Outside(call)))
            except (NotOpen, ZeroDivisionError) as error:
                seen.append(type(error))
        yield Progress(1)

    place = place_of()
    place.compartment.jobs["outside"] = work
    run(start("outside"), place)
    assert seen == [NotOpen, 42, ZeroDivisionError]


@pytest.mark.parametrize(("kind", "error"), [("leave-open", "UnendedStep"), ("break-off", "ValueError")])
def test_a_job_that_breaks_off_says_so_without_content(cast, place_of, start, english, caplog, kind, error):
    job_id = start(kind)
    run(job_id, place_of())
    assert notes(cast) == (["1"] if kind == "break-off" else [])
    assert (found(cast, job_id).state, found(cast, job_id).note) == ("failed", error)
    page = english().get(f"/membership/jobs/{job_id}")
    assert "The job failed" in words(page)
    assert "Müller" not in page.text + caplog.text


def test_the_thread_knows_when_somebody_is_at_the_job(tmp_path):
    file, inside, leave = tmp_path / "j.job", threading.Event(), threading.Event()

    def hold():
        with locks.at_work(file):
            inside.set()
            leave.wait(60)

    holder = threading.Thread(target=hold)
    assert not locks.is_at_work(file)
    holder.start()
    assert inside.wait(60)
    assert locks.is_at_work(file)
    with pytest.raises(locks.Held), locks.at_work(file, patience=0.1):
        pass
    leave.set()
    holder.join(60)
    assert not locks.is_at_work(file)


def test_no_key_is_kept_when_the_job_is_over(place_of, start):
    job_id = start(notes=1)
    launch(job_id, place_of()).join(20)
    assert f"job {job_id}" not in {thread.name for thread in threading.enumerate()}
    assert "OfficerSession" not in repr(place_of())


def test_an_officer_of_another_compartment_sees_no_job(cast, start, english):
    job_id = start(notes=1)
    assert english("clearing").get(f"/clearing/jobs/{job_id}").status_code == 404


def test_a_page_that_is_left_open_stops_asking(cast, place_of, start, english, gate):
    job_id, client = start(notes=400, pause=0.01, gate=str(gate)), english()
    thread = launch(job_id, place_of())
    wait(lambda: client.get(f"/membership/jobs/{job_id}/progress").json["moving"])
    assert "looked=1" in client.get(f"/membership/jobs/{job_id}").text
    assert 'http-equiv="refresh"' not in client.get(f"/membership/jobs/{job_id}?looked=300").text
    assert client.get(f"/membership/jobs/{job_id}?looked=x").status_code == 200
    fill(client, client.get(f"/membership/jobs/{job_id}"), "/pause")
    thread.join(20)
