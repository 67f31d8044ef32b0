"""A case that is open to one of its readers: its entries, read and written under its key. Nothing outside this module touches the key.

Every entry is sealed by itself, bound to its case, its id and its version, so that none can be moved, exchanged or set back unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from peewee import SQL

from app import pieces
from app.clock import day_of
from app.envelopes.package import (
    Beside,
    Enclosed,
    Enclosure,
    beside,
    beside_already,
    in_memory,
    pack,
    unpack,
)
from app.office.authors import Author
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.models import Case, CaseEntry, CaseEntryPiece
from compartments.counsel.tables import database
from keys import cases
from keys.padding import pad, unpad
from keys.randomness import new_id
from keys.sealing import SealingKeyPair, bind
from keys.symmetric import open_with, seal_with

FIRST_VERSION = 1
_AT_ONCE = 500


class Kind(StrEnum):
    """What an entry is. The head is the one whose id is the case's."""

    HEAD = "head"
    RECEIVED = "received"
    ANSWER = "answer"
    FILE = "file"
    NOTE = "note"
    CONTACT = "contact"
    NEED = "need"
    STEP = "step"
    SAFETY = "safety"
    FOLLOW_UP = "follow-up"
    CONSENT = "consent"
    REFERRAL = "referral"
    RECORD = "record"
    EVENT = "event"


class NoCase(LookupError):
    """There is no such case for this officer: none at all, or none that they may read. Which of the two isn't told."""


class ChangedMeanwhile(Exception):
    """A colleague has changed this entry since it was read; ``present`` is what it says now."""

    def __init__(self, present: Entry) -> None:
        super().__init__(present.id)
        self.present = present


@dataclass(frozen=True)
class Entry:
    """One entry, opened. ``at`` is an ISO moment (UTC, minutes); ``by`` is None for what the person or the program wrote."""

    id: str
    version: int
    kind: str
    at: str
    by: Author | None
    data: Mapping[str, Any] = field(repr=False)
    files: Sequence[Enclosed] = field(default=(), repr=False)


class OpenCase:
    """A case and its key. Lives as long as the request."""

    def __init__(self, row: Case, key: bytes, reader: Author) -> None:
        self.row = row
        self.reader = reader
        self._key = key

    @property
    def id(self) -> str:
        """The case's id, 32 hexadecimal signs."""
        return str(self.row.id)

    @property
    def head(self) -> Head:
        """The first sheet. Raises :class:`NoCase` before the intake was unfolded."""
        return Head.from_json(self.entry(self.id).data)

    def head_in(self, row: CaseEntry) -> Head:
        """Return the first sheet out of its row, where that was read together with others'."""
        return Head.from_json(self._open(row).data)

    @property
    def has_head(self) -> bool:
        """Whether the intake was unfolded."""
        return bool(CaseEntry.select().where(CaseEntry.id == self.id).exists())

    def has_entry(self, entry_id: str) -> bool:
        """Whether there is an entry of this id."""
        return bool(CaseEntry.select().where(CaseEntry.id == entry_id).exists())

    @property
    def inbox(self) -> SealingKeyPair:
        """What later letters are sealed to."""
        return cases.inbox(self._key, case=self.id)

    @property
    def key(self) -> bytes:
        """The case's key, for sealing slots."""
        return self._key

    def must_be_current(self) -> None:
        """Raise :class:`NoCase` where the case was erased, or got another key, since it was opened: what an old key seals nobody reads.

        Call it in the transaction that writes.
        """
        if not Case.select().where(Case.id == self.id, Case.epoch == self.row.epoch).exists():
            raise NoCase(self.id)

    def entry(self, entry_id: str) -> Entry:
        """Return one entry; raises :class:`NoCase` where the case has none of that id."""
        row = CaseEntry.get_or_none(CaseEntry.id == entry_id, CaseEntry.case == self.id)
        if row is None:
            raise NoCase(entry_id)
        return self._open(row)

    def entries(self, *kinds: str) -> list[Entry]:
        """Return the entries of these kinds (default: all but the head), oldest first."""
        rows = CaseEntry.select().where(CaseEntry.case == self.id).order_by(SQL("rowid"))
        opened = [self._open(row) for row in rows]
        wanted = [one for one in opened if (one.kind in kinds if kinds else one.kind != Kind.HEAD)]
        return sorted(wanted, key=lambda one: one.at)

    def add(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        now: datetime,
        by: Author | None,
        files: Sequence[Enclosure] = (),
        entry_id: str | None = None,
    ) -> Entry | None:
        """Write a new entry; None where this form (``entry_id``) has written it already. Call it in a transaction of the vault.

        Large files lie beside it in pieces, under a key that stands in it.
        """
        self.must_be_current()
        entry_id = entry_id or new_id()
        if CaseEntry.select().where(CaseEntry.id == entry_id).exists():
            return None
        large = beside(files)
        enclosed = () if large else tuple(in_memory(files))
        at = now.isoformat(timespec="minutes")
        entry = Entry(entry_id, FIRST_VERSION, kind, at, by, dict(data), enclosed)
        row = CaseEntry.create(id=entry.id, case=self.id, sealed=self._seal(entry, large))
        if large:
            pieces.put(CaseEntryPiece, entry.id, large.pieces())
        self._touch(day_of(now))
        return self._open(row) if large else entry

    def change(
        self,
        entry_id: str,
        data: Mapping[str, Any],
        *,
        version: int,
        now: datetime,
        by: Author | None,
    ) -> Entry:
        """Write an entry anew. Raises :class:`ChangedMeanwhile` unless ``version`` is the one that was read."""
        self.must_be_current()
        present = self.entry(entry_id)
        if present.version != version:
            raise ChangedMeanwhile(present)
        author = present.by if by is None else by
        changed = Entry(entry_id, version + 1, present.kind, present.at, author, dict(data), present.files)
        sealed = self._seal(changed, beside_already(present.files))
        CaseEntry.update(version=changed.version, sealed=sealed).where(CaseEntry.id == entry_id).execute()
        self._touch(day_of(now))
        return changed

    def set_head(self, head: Head, *, now: datetime) -> None:
        """Write the first sheet. Call it in the transaction that read it."""
        if not self.has_head:
            self.add(Kind.HEAD, head.to_json(), now=now, by=None, entry_id=self.id)
            return
        self.change(self.id, head.to_json(), version=self.entry(self.id).version, now=now, by=None)

    def strike_out(self, entry_id: str, *, now: datetime) -> None:
        """Delete an entry."""
        pieces.remove(CaseEntryPiece, entry_id)
        CaseEntry.delete().where(CaseEntry.id == entry_id, CaseEntry.case == self.id).execute()
        self._touch(day_of(now))

    def seal_anew(self, key: bytes, epoch: int) -> None:
        """Seal every entry under another key and take it on. Call it in the transaction that writes the new slots.

        The keys of large files go along: whoever knew them has read the files.
        """
        for row in list(CaseEntry.select().where(CaseEntry.case == self.id)):
            plain = open_with(self._key, bytes(row.sealed), info=self._info(row.id, row.version))
            sealed = seal_with(key, plain, info=self._info(row.id, row.version))
            CaseEntry.update(sealed=sealed).where(CaseEntry.id == row.id).execute()
        self._key, self.row.epoch = key, epoch

    def _touch(self, day: date) -> None:
        Case.update(changed_on=day).where(Case.id == self.id).execute()

    def _seal(self, entry: Entry, large: Beside | None) -> bytes:
        by = {"id": entry.by.id, "name": entry.by.name} if entry.by else None
        header = {"kind": entry.kind, "at": entry.at, "by": by, "data": dict(entry.data)}
        content = pack(header, () if large else in_memory(entry.files), large=large)
        return seal_with(self._key, pad(content), info=self._info(entry.id, entry.version))

    def _open(self, row: CaseEntry) -> Entry:
        plain = open_with(self._key, bytes(row.sealed), info=self._info(row.id, row.version))
        # A case is looked at far oftener than its files.
        beside_it = partial(pieces.read, CaseEntryPiece, row.id)
        header, files = unpack(unpad(plain), beside_it, checked=False)
        by = Author(**header["by"]) if header["by"] else None
        return Entry(row.id, row.version, header["kind"], header["at"], by, header["data"], tuple(files))

    def _info(self, entry_id: str, version: int) -> bytes:
        return bind("case-entry", self.id, entry_id, version)

    def __repr__(self) -> str:
        return f"<OpenCase {self.id[:8]}>"


def open_case(ring: Ring, case_id: str, reader: Author) -> OpenCase:
    """Open a case for one of its readers. Raises :class:`NoCase`."""
    row = Case.get_or_none(Case.id == case_id)
    if row is None:
        raise NoCase(case_id)
    return open_case_of(ring, row, reader)


def open_case_of(ring: Ring, row: Case, reader: Author) -> OpenCase:
    """Open the case of a row that has just been read. Raises :class:`NoCase`."""
    key = ring.key(row)
    if key is None:
        raise NoCase(row.id)
    return OpenCase(row, key, reader)


def open_several(ring: Ring, rows: Iterable[Case], reader: Author) -> list[tuple[OpenCase, Head | None]]:
    """Open those of some cases that an officer reads, with their first sheets in few queries; None where the intake wasn't unfolded yet."""
    mine = set(ring.cases)
    opened = [open_case_of(ring, row, reader) for row in rows if row.id in mine]
    sheets: dict[str, CaseEntry] = {}
    ids = [case.id for case in opened]
    for start in range(0, len(ids), _AT_ONCE):
        found = CaseEntry.select().where(CaseEntry.id.in_(ids[start : start + _AT_ONCE]))
        sheets |= {row.id: row for row in found}
    return [(case, case.head_in(sheets[case.id]) if case.id in sheets else None) for case in opened]


def in_one_piece() -> Any:
    """A transaction of the vault that takes the write lock at once."""
    return database.atomic("IMMEDIATE")
