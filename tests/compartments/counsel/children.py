"""Processes of their own for people, counsellors and the timer: at one time, or killed (SIGKILL) at each of their writes.

The shared layer's connection is closed while they live: it must not be that of two processes.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator

import peewee

from app.shared import cover
from app.shared.kept import Kept

READING = ("SELECT", "PRAGMA")


def at_once(office, *acts: Callable[[], None]) -> None:
    """Carry each out in a process of its own, all at the same time, and see to it that each came to its end."""
    shared = _shared(office)
    shared.close()
    children = {_begin(shared, act): (number, act.__name__) for number, act in enumerate(acts)}
    ended = {children[child]: os.waitpid(child, 0)[1] for child in children}
    shared.database.connect()
    assert set(ended.values()) == {0}, ended


def killed_at_each_write(office, act: Callable[[], None]) -> Iterator[int]:
    """Carry it out in a process that is killed before its first write to any database, then in one killed before its second, and so on.

    Yields after each kill, with the number of writes that were let through; ends when it came to its end.
    """
    shared = _shared(office)
    for number in range(1000):
        shared.close()
        ended = os.waitpid(_begin(shared, act, killed_before=number), 0)[1]
        shared.database.connect()
        if not ended:
            assert number > 3, "nothing was killed"
            return
        assert ended == signal.SIGKILL, f"{act.__name__} failed after {number} writes"
        yield number
    raise AssertionError("this never ends")


def _shared(office):
    return office.cast.app.extensions["schotten"].shared


def _begin(shared, act, killed_before=None):
    child = os.fork()
    if child:
        return child
    try:
        cover._FOUND = Kept(16)
        if killed_before is not None:
            _kill_before_write(killed_before)
        with shared.bound():
            act()
    except BaseException:  # noqa: BLE001  (a child must not go on as a second pytest)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _kill_before_write(number):
    left = number

    def counted(written):
        nonlocal left
        if written:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    execute, commit = peewee.Database.execute_sql, peewee.Database.commit

    def execute_sql(self, sql, *args, **kwargs):
        counted(not sql.lstrip().upper().startswith(READING))
        return execute(self, sql, *args, **kwargs)

    def commits(self):
        counted(True)
        return commit(self)

    peewee.Database.execute_sql, peewee.Database.commit = execute_sql, commits
