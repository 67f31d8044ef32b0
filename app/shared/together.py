"""Writes to the shared layer that come at the same moment, in one transaction: they wait for the disk once and not one after the other.

Whoever's turn it is to write takes along what has gathered behind the last commit, and whoever's it is to wait for the disk waits for all
that is committed by then: a commit that waited itself would let nobody else write meanwhile. Each writer returns when its own is on the
disk, as if it had been alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from peewee import Database, OperationalError

from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.sqlcipher import DISK_FAILED, SharedFile

Result = TypeVar("Result")


def write_together(work: Callable[[], Result]) -> Result:
    """Carry ``work`` out in a transaction that may hold others' too, and return what it returns, or raise what it raises.

    It reads and writes the shared layer and does nothing else: another thread may carry it out, and, where one of those in its transaction
    fails, it is undone and carried out again alone.
    """
    database = shared_database.obj
    if database is not None and database.in_transaction():
        raise RuntimeError("who holds a transaction already would wait here for who waits for it")
    if not isinstance(database, SharedFile):
        # Other engines let many write at once, and gather what they commit themselves.
        return _alone(work)
    piece, queue = _Piece(work), _queue_of(database)
    committed = queue.carry_out(piece, database)
    if piece.error is not None:
        raise piece.error
    queue.wait_for_disk(committed, database)
    return cast("Result", piece.result)


@dataclass(eq=False)
class _Piece:
    work: Callable[[], Any]
    result: Any = None
    error: Exception | None = None
    done: bool = False


@dataclass
class _Queue:
    turn: Lock = field(default_factory=Lock)
    waiting: deque[_Piece] = field(default_factory=deque)
    committed: int = 0
    disk: Lock = field(default_factory=Lock)
    durable: int = 0
    lost: int = 0
    """Up to which commit, in the order they were made, they are on the disk; and up to which the disk has failed."""

    def carry_out(self, mine: _Piece, file: SharedFile) -> int:
        """Carry out what has gathered, unless another thread has; return by which commit it was done."""
        self.waiting.append(mine)
        with self.turn:
            if not mine.done:
                with file.synced_later():
                    self._carry_out(mine)
                self.committed += 1
            return self.committed

    def wait_for_disk(self, commit: int, file: SharedFile) -> None:
        """Return when the disk has everything up to this commit. Raises ``OperationalError`` where it failed at that."""
        with self.disk:
            if commit <= self.lost:
                # Asked again, the system would say that all is well: it tells of an error once.
                raise OperationalError(DISK_FAILED)
            if commit <= self.durable:
                return
            reached = self.committed
            try:
                file.sync()
            except OperationalError:
                self.lost = reached
                raise
            self.durable = reached

    def _carry_out(self, mine: _Piece) -> None:
        pieces = [self.waiting.popleft() for _ in range(len(self.waiting))]
        # Not among them where the thread that had taken it was ended before it came to it.
        pieces += [] if mine in pieces else [mine]
        if len(pieces) == 1 or not _all_at_once(pieces):
            for piece in pieces:
                _one(piece)


def _all_at_once(pieces: list[_Piece]) -> bool:
    try:
        results = _alone(lambda: [piece.work() for piece in pieces])
    except Exception:  # noqa: BLE001  (it is raised again where it belongs, when each is carried out alone)
        return False
    for piece, result in zip(pieces, results, strict=True):
        piece.result, piece.done = result, True
    return True


def _one(piece: _Piece) -> None:
    try:
        piece.result = _alone(piece.work)
    except Exception as error:  # noqa: BLE001  (raised again by the thread that waits for it)
        piece.error = error
    piece.done = True


def _alone(work: Callable[[], Result]) -> Result:
    with write_transaction(shared_database):
        return work()


_QUEUES: WeakKeyDictionary[Database, _Queue] = WeakKeyDictionary()
_MAKING = Lock()


def _queue_of(database: Database) -> _Queue:
    with _MAKING:
        return _QUEUES.setdefault(database, _Queue())
