"""An officer's own list of case keys: made by trying each slot once, kept sealed under a key that follows from the officer's private keys.

The slots are what counts; the keyring only saves trying them at every page. It names every case that was tried, also those that don't open: its
length says nothing of how many an officer reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from compartments.counsel.cases.models import Case, CaseSlot, Keyring
from compartments.counsel.tables import database
from keys import cases
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.padding import pad, unpad
from keys.sealing import bind
from keys.symmetric import KEY_LENGTH, open_with, seal_with

_NONE = bytes(KEY_LENGTH)
"""Stands where a case was tried in vain."""


@dataclass(frozen=True)
class CaseKey:
    """The key of one case and its number."""

    epoch: int
    key: bytes = field(repr=False)


class Ring:
    """The keys of the cases that an officer may read. Lives as long as the request."""

    def __init__(self, account: str, keys: KeyPairs) -> None:
        self.account = account
        self._keys = keys
        self._held: dict[str, CaseKey] = {}
        self._tried: dict[str, int] = {}
        self._load()

    @classmethod
    def of(cls, account: str, keys: KeyPairs) -> Ring:
        """Return an officer's keyring, with whatever has come since they last looked."""
        ring = cls(account, keys)
        ring.catch_up()
        return ring

    @property
    def cases(self) -> list[str]:
        """The cases that this officer reads."""
        return list(self._held)

    def key(self, case: Case) -> bytes | None:
        """Return the case's present key, or None where this officer may not read it."""
        held = self._held.get(case.id)
        if held is None or held.epoch != case.epoch:
            self.catch_up()
            held = self._held.get(case.id)
        return held.key if held and held.epoch == case.epoch else None

    def hold(self, case: str, epoch: int, key: bytes) -> None:
        """Note a key that this officer has just made; call it in the transaction that writes its slots."""
        self._held[case], self._tried[case] = CaseKey(epoch, key), epoch
        self._save()

    def drop(self, case: str) -> None:
        """Forget a case's key."""
        self._held.pop(case, None)
        self._save()

    def catch_up(self) -> None:
        """Try the slots of every case whose present key was not tried yet; forget the keys of cases that are gone."""
        rows: Any = Case.select(Case.id, Case.epoch).tuples()
        present: dict[str, int] = dict(rows)
        if present == self._tried:
            return
        with database.atomic("IMMEDIATE"):
            self._load()
            for case in [one for one in self._held if present.get(one) != self._held[one].epoch]:
                del self._held[case]
            for case, epoch in present.items():
                if self._tried.get(case) != epoch:
                    self._try(case, epoch)
            self._tried = present
            self._save()

    def _try(self, case: str, epoch: int) -> None:
        for slot in CaseSlot.select(CaseSlot.sealed).where(CaseSlot.case == case):
            try:
                key = cases.open_slot(bytes(slot.sealed), case=case, epoch=epoch, keys=self._keys.sealing)
            except CannotOpen:
                continue
            self._held[case] = CaseKey(epoch, key)
            return

    def _load(self) -> None:
        row = Keyring.get_or_none(Keyring.account == self.account)
        if row is None:
            return
        kept = json.loads(unpad(open_with(self._key, bytes(row.sealed), info=self._info)))
        self._tried = {case: epoch for case, (epoch, _key) in kept.items()}
        keys = {case: CaseKey(epoch, bytes.fromhex(key)) for case, (epoch, key) in kept.items()}
        self._held = {case: one for case, one in keys.items() if any(one.key)}

    def _save(self) -> None:
        keys = {case: one.key for case, one in self._held.items()}
        kept = {case: (epoch, keys.get(case, _NONE).hex()) for case, epoch in self._tried.items()}
        sealed = seal_with(self._key, pad(json.dumps(kept).encode()), info=self._info)
        Keyring.insert(account=self.account, sealed=sealed).on_conflict_replace().execute()

    @property
    def _key(self) -> bytes:
        return cases.keyring_key(self._keys)

    @property
    def _info(self) -> bytes:
        return bind("case-keyring", self.account)

    def __repr__(self) -> str:
        return f"<Ring of {self.account}>"
