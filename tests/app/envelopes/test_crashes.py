"""kill -9 at each step of importing and delivering, and several at once: nothing lost, nothing twice (promise P9)."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest

from app.clock import utc_now
from app.envelopes import outbox
from app.office.authors import Author
from app.shared.models import Envelope, MailboxMessage
from app.vault.models import Alarm, ImportedEnvelope, Notice, Outgoing, RefusedEnvelope
from compartments.desk import service as desk
from compartments.desk.models import Answer, ContactRequest
from keys.randomness import new_id
from tests.app.envelopes.post import DAY, contact, deliver_from, notice, notice_body, order_notice, take_in

IMPORTING = ["import.before-commit", "import.after-commit", "import.after-delete"]
MANY = 12


def another_officer(
    cast, vault: str, what: str, fault: str | None = None, times: int = 1
) -> subprocess.Popen:
    """The same officer at another machine, as it were: a process of its own."""
    with cast.shared():
        (key,) = cast[vault].session().vault_keys(vault)
    environment = {**os.environ, "VAULT_KEY": key.hex()}
    if fault:
        environment["SCHOTTEN_FAULT_POINT"] = fault
    folder = str(cast.organisation.settings.instance)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.app.envelopes.officer", folder, vault, what, str(times)],
        env=environment,
    )


def requests_of(cast) -> Counter:
    with cast.vault("desk"):
        assert RefusedEnvelope.select().count() == 0
        assert Alarm.select().count() == 0
        return Counter(row.text for row in ContactRequest.select())


@pytest.mark.slow
@pytest.mark.parametrize("point", IMPORTING)
def test_an_import_that_is_killed_loses_nothing_and_takes_nothing_twice(cast, point):
    for number in range(3):
        contact(cast, f"Anfrage {number}")
    assert another_officer(cast, "desk", "receive", point).wait(60) == -signal.SIGKILL
    take_in(cast, "desk")
    assert requests_of(cast) == Counter({f"Anfrage {number}": 1 for number in range(3)})
    with cast.shared():
        assert Envelope.select().count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", IMPORTING)
def test_notices_of_the_board_survive_it_too_and_no_gap_is_cried(cast, point):
    for number in range(3):
        notice(cast, "clearing", f"Notiz {number}")
    assert another_officer(cast, "clearing", "receive", point).wait(60) == -signal.SIGKILL
    take_in(cast, "clearing")
    with cast.vault("clearing"):
        assert sorted(row.subject for row in Notice.select()) == ["Notiz 0", "Notiz 1", "Notiz 2"]
        assert Alarm.select().count() == 0


def test_two_threads_that_import_at_once_take_each_envelope_once(cast):
    sent = {contact(cast, f"Anfrage {number}").envelope_id for number in range(MANY)}
    taken, together = [], threading.Barrier(3)

    def officer():
        together.wait(60)
        taken.append(take_in(cast, "desk"))

    threads = [threading.Thread(target=officer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(taken) == MANY
    assert requests_of(cast) == Counter({f"Anfrage {number}": 1 for number in range(MANY)})
    with cast.vault("desk"):
        assert {row.id for row in ImportedEnvelope.select()} == sent


@pytest.mark.slow
def test_two_processes_that_import_at_once_take_each_envelope_once(cast):
    officers = [another_officer(cast, "desk", "receive", times=40) for _ in range(2)]
    for number in range(MANY):
        contact(cast, f"Anfrage {number}")
    assert [officer.wait(60) for officer in officers] == [0, 0]
    take_in(cast, "desk")
    assert requests_of(cast) == Counter({f"Anfrage {number}": 1 for number in range(MANY)})


# --- the outbox --------------------------------------------------------------------------------------------------------


def test_a_decision_that_is_taken_back_sends_nothing(cast):
    with cast.vault("board") as vault:

        def change_ones_mind():
            outbox.send("notice", "clearing", notice_body("Doch nicht"), day=DAY)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), vault.database.atomic("IMMEDIATE"):
            change_ones_mind()
        assert Outgoing.select().count() == 0


@pytest.mark.slow
def test_a_delivery_that_is_killed_is_finished_later_and_arrives_once(cast):
    for number in range(3):
        order_notice(cast, "clearing", f"Notiz {number}")
    assert another_officer(cast, "board", "deliver", "outbox.after-action").wait(60) == -signal.SIGKILL
    with cast.vault("board"):
        assert Outgoing.select().count() == 3, (
            "the first one has arrived, and its order isn't crossed out yet"
        )
    take_in(cast, "clearing")
    deliver_from(cast, "board")
    take_in(cast, "clearing")
    with cast.vault("clearing"):
        assert sorted(row.subject for row in Notice.select()) == ["Notiz 0", "Notiz 1", "Notiz 2"]
        assert (Alarm.select().count(), RefusedEnvelope.select().count()) == (0, 0)


@pytest.mark.slow
def test_an_answer_whose_delivery_is_killed_is_in_the_mailbox_once(cast):
    keys = contact(cast, "Bitte antworten")
    take_in(cast, "desk")
    with cast.vault("desk"):
        desk.answer(
            keys.envelope_id,
            "Gern",
            seen=0,
            entry_id=new_id(),
            by=Author("a", "Dana"),
            now=utc_now(),
            day=DAY,
        )
    assert another_officer(cast, "desk", "deliver", "outbox.after-action").wait(60) == -signal.SIGKILL
    deliver_from(cast, "desk")
    deliver_from(cast, "desk")
    with cast.shared():
        assert MailboxMessage.select().where(MailboxMessage.mailbox == keys.id).count() == 1
    with cast.vault("desk"):
        assert (Answer.select().count(), Outgoing.select().count()) == (1, 0)


def test_an_order_that_fails_stays_raises_one_alarm_and_lets_the_others_through(cast):

    done = []

    def broken(order_id, payload):
        raise RuntimeError

    with cast.vault("board") as vault:
        with vault.database.atomic("IMMEDIATE"):
            outbox.order("broken", {})
            outbox.order("works", {"number": 7})
        actions = {"broken": broken, "works": lambda _id, payload: done.append(payload["number"])}
        assert [outbox.deliver(actions), outbox.deliver(actions)] == [1, 0]
        assert done == [7]
        assert [row.kind for row in Alarm.select()] == ["stuck-order"]
        assert outbox.deliver({"broken": lambda _id, _payload: None}) == 1
