"""Writes that come at the same moment share a transaction, and nothing else: each stands or falls alone."""

import os
import signal
from contextlib import suppress
from errno import EIO
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from peewee import OperationalError

from app.shared.database import SharedLayer, shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Person
from app.shared.sqlcipher import SharedFile
from app.shared.together import _queue_of, write_together


class Refused(Exception):
    pass


@pytest.fixture
def layer(organisation) -> SharedLayer:
    return organisation.shared_layer()


@pytest.fixture
def at_once(layer):
    """Carry pieces of work out that have all gathered behind one that is being written; return results or errors in their order."""

    def run(*works, tell=lambda _number: None):
        begun, go_on = Event(), Event()
        outcomes = {}

        def first():
            begun.set()
            assert go_on.wait(30)
            Person.create(id="first")

        def write(number, work):
            with layer.bound():
                try:
                    outcomes[number] = write_together(work)
                    tell(number)
                except Refused as error:
                    outcomes[number] = error
            layer.close()

        leader = Thread(target=write, args=(-1, first))
        leader.start()
        assert begun.wait(30)
        others = [Thread(target=write, args=one) for one in enumerate(works)]
        for thread in others:
            thread.start()
        queue = _queue_of(layer.database)
        while len(queue.waiting) < len(works):
            sleep(0.001)
        go_on.set()
        for thread in [leader, *others]:
            thread.join(30)
        return [outcomes[number] for number in range(len(works))]

    return run


def persons(layer):
    with layer.bound():
        return sorted(row.id for row in Person.select())


def create(name):
    def work():
        Person.create(id=name)
        return name

    return work


def test_it_returns_what_the_work_returns(layer):
    before = persons(layer)
    with layer.bound():
        assert write_together(create("alone")) == "alone"
    assert persons(layer) == sorted([*before, "alone"])


def test_those_that_gathered_are_written_in_one_transaction(layer, at_once, organisation):
    """Each sees what those before it wrote; somebody from outside sees nothing of it before all of them are done."""
    outside = organisation.shared_layer()
    names = ["a", "b", "c"]

    def work(name):
        def carried_out():
            Person.create(id=name)
            inside = Person.select().where(Person.id << names).count()
            with outside.bound():
                return inside, Person.select().where(Person.id << names).count()

        return carried_out

    assert sorted(at_once(*map(work, names))) == [(1, 0), (2, 0), (3, 0)]
    assert set(names) <= set(persons(layer))


def test_one_that_is_refused_takes_none_of_the_others_along(layer, at_once):
    def refused():
        Person.create(id="half")
        raise Refused

    outcomes = at_once(create("a"), refused, create("b"))
    assert [outcomes[0], outcomes[2]] == ["a", "b"]
    assert isinstance(outcomes[1], Refused)
    found = persons(layer)
    assert {"a", "b", "first"} <= set(found)
    assert "half" not in found


def test_what_the_database_refuses_stays_with_whom_it_refused(layer, at_once):
    def twice():
        try:
            Person.create(id="first")
        except Exception as error:
            raise Refused from error

    outcomes = at_once(create("a"), twice)
    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], Refused)
    assert "a" in persons(layer)


def test_the_next_can_write_after_one_was_refused(layer):
    def refused():
        raise Refused

    with layer.bound():
        with pytest.raises(Refused):
            write_together(refused)
        assert write_together(create("after")) == "after"
    assert "after" in persons(layer)


def test_killed_half_way_none_of_a_transaction_is_there_and_nobody_was_told_otherwise(layer, at_once):
    """In a child, for the kill takes the whole process; it tells through a pipe who was told that theirs is written."""
    before = persons(layer)
    told, tell = os.pipe()

    def killed():
        Person.create(id="half")
        os.kill(os.getpid(), signal.SIGKILL)

    layer.close()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            at_once(create("a"), killed, create("b"), tell=lambda number: os.write(tell, b"%d," % number))
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    os.close(tell)
    assert os.read(told, 100) in {b"", b"-1,"}  # at most the one before them
    assert persons(layer) == sorted([*before, "first"])


def test_inside_a_transaction_it_refuses_rather_than_wait_for_itself(layer):
    with layer.bound(), write_transaction(shared_database), pytest.raises(RuntimeError):
        write_together(lambda: None)


def test_another_engine_gathers_its_own_commits(postgres):
    layer = SharedLayer.at(Path("nowhere"), bytes(32), postgres)
    with layer.bound():
        assert write_together(lambda: shared_database.execute_sql("select 7").fetchone()[0]) == 7
    layer.close()


@pytest.fixture
def disk(monkeypatch):
    """The disk, which takes what it is given only when it is told to, and fails when it is told to. It counts how often it was asked."""
    real = SharedFile.sync

    class Disk:
        asked, go_on, failing, times = Event(), Event(), False, 0

    def sync(file):
        Disk.times += 1
        Disk.asked.set()
        assert Disk.go_on.wait(30)
        if Disk.failing:
            raise OperationalError("no more")
        real(file)

    monkeypatch.setattr(SharedFile, "sync", sync)
    return Disk


@pytest.fixture
def writing(layer):
    """Write together in a thread; return it and where its result or error will be."""
    threads = []

    def writing(work):
        outcome = []

        def write():
            with layer.bound():
                try:
                    outcome.append(write_together(work))
                except OperationalError as error:
                    outcome.append(error)
            layer.close()

        threads.append(Thread(target=write))
        threads[-1].start()
        return threads[-1], outcome

    yield writing
    for thread in threads:
        thread.join(30)


def committed(layer, number):
    """Wait until so many transactions have been carried out. Ask for one at a time: those who come at once may share one."""
    until = monotonic() + 30
    while _queue_of(layer.database).committed < number:
        assert monotonic() < until
        sleep(0.001)


def test_nobody_is_told_before_the_disk_has_it_and_others_write_meanwhile(layer, disk, writing, organisation):
    thread, outcome = writing(create("a"))
    assert disk.asked.wait(30)
    other = organisation.shared_layer()
    with other.bound(), write_transaction(shared_database):
        Person.create(id="b")
    other.close()
    assert thread.is_alive()
    assert outcome == []
    disk.go_on.set()
    thread.join(30)
    assert outcome == ["a"]
    assert {"a", "b"} <= set(persons(layer))


def test_those_that_are_committed_while_one_waits_for_the_disk_wait_for_it_once(layer, disk, writing):
    first = writing(create("first"))
    assert disk.asked.wait(30)
    others = []
    for number, name in enumerate("abc", 2):
        others.append(writing(create(name)))
        committed(layer, number)
    disk.go_on.set()
    for thread, _outcome in [first, *others]:
        thread.join(30)
    assert [outcome for _thread, outcome in others] == [["a"], ["b"], ["c"]]
    assert disk.times == 2


def test_where_the_disk_fails_all_that_waited_for_it_are_told_and_nobody_later(layer, disk, writing):
    first = writing(create("first"))
    assert disk.asked.wait(30)
    disk.go_on.set()
    first[0].join(30)
    disk.asked.clear()
    disk.go_on.clear()
    disk.failing = True
    queue = _queue_of(layer.database)
    with queue.disk:
        both = []
        for number, name in enumerate("ab", 2):
            both.append(writing(create(name)))
            committed(layer, number)
    disk.go_on.set()
    for thread, _outcome in both:
        thread.join(30)
    assert [str(outcome[0]) for _thread, outcome in both].count("no more") == 1
    assert all(isinstance(outcome[0], OperationalError) for _thread, outcome in both)
    disk.failing = False
    thread, outcome = writing(create("later"))
    thread.join(30)
    assert outcome == ["later"]


def test_every_other_commit_waits_for_the_disk_itself(layer):
    full, normal = (2,), (1,)

    def how():
        return shared_database.execute_sql("pragma synchronous").fetchone()

    with layer.bound():
        assert how() == full
        assert write_together(how) == normal
        assert how() == full
        with suppress(Refused):
            write_together(lambda: (_ for _ in ()).throw(Refused))
        assert how() == full


def test_a_log_that_the_disk_refuses_is_an_error_as_of_a_commit(layer, monkeypatch):
    def refused(_log):
        raise OSError(EIO, "no")

    monkeypatch.setattr(os, "fdatasync", refused)
    with layer.bound(), pytest.raises(OperationalError, match="disk I/O error"):
        write_together(create("lost"))
