"""Somebody with an officer's keys and every file of the instance, the service key included, who tries everything on everything.

The program is not asked whether they may: they read tables, try each key that they come by on each sealed thing, and begin again with the
keys that they found on the way. A reader of the case who goes the same way finds its words, which shows that the way leads somewhere.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from app import pieces
from app.config import Settings
from app.envelopes.letter import Letter
from app.envelopes.receiving import _Reader
from app.instance import Instance
from app.offices import OFFICES
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.models import Envelope, EnvelopePiece, Grant
from app.vault.context import current_vault
from app.vault.errors import VaultError
from app.vault.models import OwnKeys
from app.vault.opening import open_vault
from compartments.counsel.cases.models import (
    Case,
    CaseEntry,
    CaseEntryPiece,
    CaseLetter,
    CaseLetterPiece,
    CaseSlot,
    Keyring,
)
from keys import cases
from keys.errors import BadSignature, KeysError
from keys.grants import open_grant
from keys.identity import KeyPairs
from keys.sealing import SEED_LENGTH, SealingKeyPair, bind, open_sealed
from keys.service import ServiceKey
from keys.streams import open_pieces
from keys.symmetric import KEY_LENGTH, open_with
from keys.visits import open_drop

PURPOSES = ("shared-database", "checked-forms", "flask")
ROUNDS = 3
_KEY, _SEED = (re.compile(rb'"([0-9a-f]{%d})"' % (2 * length)) for length in (KEY_LENGTH, SEED_LENGTH))
"""What looks like a key or a key pair's seed that somebody has written down: under which large files are sealed, where answers lie ..."""


@dataclass
class Attacker:
    """`officer` is a member of the cast; `kept` are keys that they wrote down while they still could: of cases, of vaults."""

    settings: Settings
    officer: Any
    kept: tuple[bytes, ...] = ()
    opened: set[str] = field(default_factory=set)
    """The vaults that they got open."""

    def __post_init__(self) -> None:
        self.instance = Instance(self.settings.instance)
        keys: KeyPairs = self.officer.keys
        self.pairs: list[SealingKeyPair] = [keys.sealing]
        service = ServiceKey.load(self.instance.service_key)
        self.secrets: set[bytes] = {
            *self.kept,
            keys.to_bytes()[:KEY_LENGTH],
            cases.keyring_key(keys),
            cases.private_key(keys),
            bytes.fromhex(self.instance.service_key.read_text().strip()),
            *(service.derive(purpose) for purpose in PURPOSES),
        }

    def finds(self, *words: str) -> list[str]:
        """Where they read one of these words, in whatever spelling, after trying everything; nowhere, if all is well."""
        spelled = [form for word in words for form in spellings(word)]
        found = set()
        for _round in range(ROUNDS):
            for place, content in self.everything():
                self._learn(content)
                if any(form in content for form in spelled):
                    found.add(place)
        return sorted(found)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Every byte that they can see, with where: files, rows, and what keys have opened."""
        for path in self.instance.path.rglob("*"):
            if path.is_file():
                yield f"file {path.name}", path.read_bytes()
        yield from self._rows("shared", shared_database.get_tables(), shared_database)
        yield from self._large(EnvelopePiece)
        for name in OFFICES:
            for key in sorted(self._vault_keys() | self.secrets):
                schema = import_module(f"compartments.{name}.models").SCHEMA
                with suppress(VaultError), open_vault(self.instance, name, [key], schema):
                    self.opened.add(name)
                    yield from self._in_vault(name)
                    break
        yield from self._drops()

    def _learn(self, content: bytes) -> None:
        """Keep what is written down like a secret or a key pair's seed."""
        self.secrets |= {bytes.fromhex(found.decode()) for found in _KEY.findall(content)}
        known = {pair.to_bytes() for pair in self.pairs}
        seeds = {bytes.fromhex(found.decode()) for found in _SEED.findall(content)}
        self.pairs += [SealingKeyPair.from_seed(seed) for seed in seeds - known]

    def _vault_keys(self) -> set[bytes]:
        """Every grant of everybody, tried as its holder and as oneself."""
        found = set()
        for grant in Grant.select():
            for holder in {grant.account_id, self.officer.account_id}:
                for keys in self.pairs:
                    with suppress(KeysError):
                        found.add(
                            open_grant(
                                bytes(grant.sealed_key),
                                vault=grant.vault_id,
                                epoch=grant.epoch,
                                account=holder,
                                keys=keys,
                            )
                        )
        return found

    def _in_vault(self, name: str) -> Iterator[tuple[str, bytes]]:
        database = current_vault().database
        self.pairs += [
            pairs
            for row in OwnKeys.select()
            for pairs in [KeyPairs.from_seed(bytes(row.private_keys)).sealing]
            if pairs.to_bytes() not in {one.to_bytes() for one in self.pairs}
        ]
        yield from self._rows(name, database.get_tables(), database)
        yield from self._envelopes(name)
        if name == "counsel":
            yield from self._cases()

    def _rows(self, place: str, tables: Iterable[str], database: Any) -> Iterator[tuple[str, bytes]]:
        for table in tables:
            for row in database.execute_sql(f'select * from "{table}"').fetchall():
                for value in row:
                    content = _bytes(value)
                    if len(content) == KEY_LENGTH:
                        self.secrets.add(content)
                    yield f"{place}.{table}", content

    def _envelopes(self, name: str) -> Iterator[tuple[str, bytes]]:
        reader = _Reader(name)
        reader.own = [*reader.own, *self.pairs]
        for row in Envelope.select():
            with suppress(KeysError, ValueError):
                letter = reader.open(row.id, bytes(row.ciphertext))
                yield "an envelope", json.dumps(letter.body).encode()
                yield from self._letter(letter, row.id)

    def _letter(self, letter: Letter, envelope: str) -> Iterator[tuple[str, bytes]]:
        case = str(letter.body.get("case", ""))
        for slot in letter.body.get("slots", ()):
            self._try_slot(bytes.fromhex(slot), case, epochs=3)
        for file in letter.files:
            yield "an envelope's file", file.content
            yield from self._sealed_letter(file.content, case, envelope)

    def _cases(self) -> Iterator[tuple[str, bytes]]:
        for row in Keyring.select():
            yield from self._try("a keyring", bytes(row.sealed), bind("case-keyring", row.account))
        for slot in CaseSlot.select():
            epoch = Case.get_by_id(slot.case_id).epoch
            self._try_slot(bytes(slot.sealed), slot.case_id, epochs=epoch + 1)
        for row in CaseEntry.select():
            info = bind("case-entry", row.case_id, row.id, row.version)
            yield from self._try("a case", bytes(row.sealed), info)
        for row in CaseLetter.select():
            yield from self._sealed_letter(bytes(row.sealed), row.case_id, row.id)
        yield from self._large(CaseEntryPiece)
        yield from self._large(CaseLetterPiece)

    def _large(self, table: Any) -> Iterator[tuple[str, bytes]]:
        for row in table.select().where(table.number == 0):
            for key in sorted(self.secrets):
                with suppress(KeysError):
                    sealed = pieces.read(table, row.owner_id)
                    yield "a large file", b"".join(open_pieces(key, sealed, info=bind("files-beside")))

    def _try_slot(self, slot: bytes, case: str, *, epochs: int) -> None:
        for keys in self.pairs:
            for epoch in range(epochs + 1):
                with suppress(KeysError):
                    self.secrets.add(cases.open_slot(slot, case=case, epoch=epoch, keys=keys))

    def _sealed_letter(self, sealed: bytes, case: str, letter: str) -> Iterator[tuple[str, bytes]]:
        yield from self._try("an intake", sealed, bind("counsel-intake", case))
        inboxes = [cases.inbox(key, case=case) for key in self.secrets]
        for keys in [*self.pairs, *inboxes]:
            with suppress(KeysError):
                yield "a letter", open_sealed(sealed, keys, info=bind("counsel-letter", case, letter))

    def _drops(self) -> Iterator[tuple[str, bytes]]:
        for row in Drop.select():
            for secret in sorted(self.secrets):
                with suppress(KeysError):
                    inner = open_drop(secret, row.id, bytes(row.ciphertext))
                    yield "a drop", inner
                    for keys in self.pairs:
                        with suppress(KeysError):
                            yield "an answer", open_sealed(inner, keys, info=bind("drop", row.id))

    def _try(self, place: str, sealed: bytes, info: bytes) -> Iterator[tuple[str, bytes]]:
        for key in sorted(self.secrets):
            with suppress(KeysError, BadSignature):
                yield place, open_with(key, sealed, info=info)


def spellings(word: str) -> list[bytes]:
    """How a word may stand in bytes."""
    plain = word.encode()
    return [
        plain,
        word.encode("utf-16-le"),
        json.dumps(word).strip('"').encode(),
        plain.hex().encode(),
        *(b64encode(bytes(shift) + plain)[4 * bool(shift) : -4] for shift in range(3)),
    ]


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value)
    return str(value).encode()
