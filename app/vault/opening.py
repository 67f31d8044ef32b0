"""Opens a vault file for one request with the key that the request brought, and closes it again.

There is no pool and no cache: when the ``with`` block ends, the connection, the key in peewee's connection parameters and the
write-ahead log are gone. See docs/decisions for what that costs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseError, OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase

from app import faultpoints
from app.clock import utc_now
from app.instance import PRIVATE_FILE, PRIVATE_FOLDER, Instance, sync_folder
from app.offices import kind_of
from app.vault import locks
from app.vault.context import OpenVault, holding
from app.vault.errors import EmptyVaultKey, NewerVault, NoVault, PlaintextVault, WrongVaultKey
from app.vault.schema import Schema, version_of

KEY_BYTES = 32
PLAINTEXT_HEADER = b"SQLite format 3\x00"
SECONDS_TO_WAIT_FOR_A_WRITER = 30
PRAGMAS = (
    ("foreign_keys", "on"),
    ("temp_store", "memory"),
    ("secure_delete", "on"),
    ("synchronous", "full"),
    ("cache_size", -16000),
)


class _VaultFile(SqlCipherDatabase):
    """A connection that is made for one request: quickly, and without the functions in Python that peewee adds for others."""

    def _set_pragmas(self, conn: Any) -> None:
        conn.executescript(";".join(f"pragma {name} = {value}" for name, value in self._pragmas))

    def _load_functions(self, conn: Any) -> None:
        """Add none: no vault's queries use them."""


@contextmanager
def open_vault(
    instance: Instance, name: str, keys: Sequence[bytes], schema: Schema, *, officer: str | None = None
) -> Iterator[OpenVault]:
    """Open the vault called ``name`` with the first of ``keys`` (32 bytes each) that fits, for this context.

    Several keys are given only while a rotation is under way (active, then pending). The first opening after an upgrade of the
    program brings the schema up, after a copy of the file. Raises a :class:`~app.vault.errors.VaultError`.
    """
    file = _checked_file(instance, name)
    if kind_of(name) != schema.kind:
        raise NoVault(f"{name} is not a {schema.kind} vault")
    while True:
        with locks.shared(file), _connected(file, keys) as database:
            if _is_current(database, schema, file):
                with holding(OpenVault(name, database, officer)) as vault:
                    yield vault
                return
        _upgrade(file, keys, schema)


def create_vault(instance: Instance, name: str, key: bytes, schema: Schema) -> None:
    """Make an empty vault. The file gets its name only when it is whole; raises ``FileExistsError`` if there is one."""
    file = instance.vault_file(name)
    if file.exists():
        raise FileExistsError(file)
    file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with locks.alone(file):
        with closing(_database(unfinished, _checked_key(key))) as database:
            database.connect()
            database.execute_sql("pragma journal_mode = wal")
            schema.create(database)
        _refuse_plaintext(unfinished)
        unfinished.chmod(PRIVATE_FILE)
        unfinished.replace(file)
        sync_folder(file.parent)


def connect(file: Path, keys: Sequence[bytes]) -> SqlCipherDatabase:
    """Connect with the first key that reads the file. SQLCipher notices a wrong key only on reading, so read once."""
    for key in [_checked_key(key) for key in keys] or [_checked_key(b"")]:
        database = _database(file, key)
        try:
            database.connect()
            version_of(database)
        except OperationalError:
            # The disk or a lock, not the key: don't send anybody looking for another key.
            database.close()
            raise
        except DatabaseError:
            database.close()
            continue
        return database
    raise WrongVaultKey(f"{file.name}: no key that was given opens it")


def _database(file: Path, key: bytes) -> SqlCipherDatabase:
    # Without autoconnect: a query that outlives the opening, or runs in another thread, must fail and not open the file anew.
    database = _VaultFile(str(file), passphrase=f"x'{key.hex()}'", pragmas=PRAGMAS, autoconnect=False)
    # Said here, for peewee doesn't hand on to SQLCipher's driver the time-out that it is given.
    database.connect_params["timeout"] = SECONDS_TO_WAIT_FOR_A_WRITER
    return database


def _checked_key(key: bytes) -> bytes:
    if len(key) != KEY_BYTES or not any(key):
        raise EmptyVaultKey("a vault key is 32 random bytes")
    return key


def _checked_file(instance: Instance, name: str) -> Path:
    kind_of(name)
    file = instance.vault_file(name)
    if not file.is_file():
        raise NoVault(f"there is no vault called {name}")
    _refuse_plaintext(file)
    return file


def _refuse_plaintext(file: Path) -> None:
    with file.open("rb") as opened:
        header = opened.read(len(PLAINTEXT_HEADER))
    if header == PLAINTEXT_HEADER:
        raise PlaintextVault(f"{file.name} is not encrypted")
    if not header:
        raise WrongVaultKey(f"{file.name} is empty")


@contextmanager
def _connected(file: Path, keys: Sequence[bytes]) -> Iterator[SqlCipherDatabase]:
    database = connect(file, keys)
    try:
        yield database
    finally:
        database.close()


def _is_current(database: SqlCipherDatabase, schema: Schema, file: Path) -> bool:
    found = version_of(database)
    if schema.is_older_than(found):
        raise NewerVault(f"{file.name} has schema {found}, this program knows {schema.version}")
    return found == schema.version


def _upgrade(file: Path, keys: Sequence[bytes], schema: Schema) -> None:
    """Bring the vault up, alone; somebody else may have done it while this waited for the lock."""
    with locks.alone(file):
        with _connected(file, keys) as database:
            found = version_of(database)
            if _is_current(database, schema, file):
                return
        _copy_before_upgrade(file, found)
        with _connected(file, keys) as database:
            faultpoints.reached("upgrade.before-steps")
            schema.upgrade(database, found)
            faultpoints.reached("upgrade.after-steps")


def _copy_before_upgrade(file: Path, version: int) -> None:
    """Copy the closed, still encrypted file aside, once per state of it: an upgrade that fails is tried at every opening.

    With the lock held alone, and the file opened and closed since, there is no log beside it.
    """
    folder = file.parent / "before-upgrade"
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    changed = file.stat().st_mtime_ns
    if any(copy.stat().st_mtime_ns >= changed for copy in folder.glob(f"{file.stem}-{version}-*.db")):
        return
    copy = folder / f"{file.stem}-{version}-{utc_now():%Y%m%dT%H%M%S%f}.db"
    unfinished = copy.with_suffix(".new")
    with file.open("rb") as source, unfinished.open("wb") as target:
        os.fchmod(target.fileno(), PRIVATE_FILE)
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(copy)
    sync_folder(folder)
