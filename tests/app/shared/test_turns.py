"""Processes take turns at writing to the shared layer's file: none waits for ever, and none for one that was killed."""

import os
import signal
from contextlib import contextmanager, suppress
from threading import Thread
from time import monotonic

import pytest
from peewee import OperationalError

from app.shared import sqlcipher
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Person
from app.shared.together import write_together

PROCESSES, THREADS, WRITES = 3, 2, 15


@pytest.fixture
def layer(organisation):
    layer = organisation.shared_layer()
    yield layer
    layer.close()


def persons(layer):
    with layer.bound():
        return {row.id for row in Person.select()}


@contextmanager
def another_process(work):
    """Let a child do ``work(tell)``; yield its id when it has told that it is that far. It is killed at the end where it isn't yet."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            work(lambda: os.write(tell, b"."))
        os._exit(0)
    os.close(tell)
    try:
        assert os.read(told, 1) == b"."
        yield child
    finally:
        os.close(told)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


@pytest.fixture
def holder(organisation):
    """A process that has written half of something and waits in the middle of its turn, for ever."""

    def hold(tell):
        with organisation.shared_layer().bound(), write_transaction(shared_database):
            Person.create(id="half")
            tell()
            signal.pause()

    with another_process(hold) as child:
        yield child


def test_the_turn_of_one_that_is_killed_ends_with_it(layer, holder):
    """Whether the kill comes before or while the other waits: what the killed one had begun isn't there, what waited is."""
    before = persons(layer)

    def write():
        with layer.bound():
            write_together(lambda: Person.create(id="after"))
        layer.close()

    waiting = Thread(target=write)
    waiting.start()
    os.kill(holder, signal.SIGKILL)
    waiting.join(60)
    assert persons(layer) == before | {"after"}


def test_nobody_waits_for_ever_for_one_that_stands_still(layer, holder, monkeypatch):
    monkeypatch.setattr(sqlcipher, "SECONDS_TO_WAIT_FOR_A_WRITER", 0.2)
    began = monotonic()
    with layer.bound():
        with pytest.raises(OperationalError, match="locked"):
            write_together(lambda: Person.create(id="never"))
        assert monotonic() - began >= 0.2
        os.kill(holder, signal.SIGKILL)
        write_together(lambda: Person.create(id="later"))
    monkeypatch.undo()
    assert "later" in persons(layer)
    assert "never" not in persons(layer)


def test_other_statements_wait_as_long_as_before(layer):
    def seconds():
        return layer.database.execute_sql("pragma busy_timeout").fetchone()[0] / 1000

    with layer.bound():
        before = seconds()
        with write_transaction(shared_database):
            assert seconds() == before == sqlcipher.SECONDS_TO_WAIT_FOR_A_WRITER
        assert seconds() == before


def test_what_is_wrong_with_a_statement_is_told_at_once(layer):
    with layer.bound(), write_transaction(shared_database), pytest.raises(OperationalError, match="within"):
        layer.database.begin("IMMEDIATE")


def test_what_several_processes_write_at_once_is_all_there(layer, organisation):
    before = persons(layer)
    layer.close()

    def write(name):
        own = organisation.shared_layer()

        def some(thread):
            with own.bound():
                for number in range(WRITES):
                    write_together(lambda number=number: Person.create(id=f"{name}-{thread}-{number}"))
            own.close()

        threads = [Thread(target=some, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    children = []
    for name in range(PROCESSES):
        child = os.fork()
        if not child:
            with suppress(BaseException):
                write(name)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * PROCESSES
    everything = {
        f"{name}-{thread}-{number}"
        for name in range(PROCESSES)
        for thread in range(THREADS)
        for number in range(WRITES)
    }
    assert persons(layer) - before == everything
