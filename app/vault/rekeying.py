"""Encrypts a vault file under another key, in place. The caller holds the vault alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app import faultpoints
from app.vault.errors import WrongVaultKey
from app.vault.opening import connect


def encrypt_anew(file: Path, old: bytes, new: bytes) -> None:
    """Make ``new`` the key of ``file``; nothing where it is so already. Both keys are 32 bytes.

    Under a rollback journal, not a write-ahead log: whatever happens half-way, SQLite plays the journal back at the next opening, with
    the old key, which is the one tried first. Raises :class:`~app.vault.errors.WrongVaultKey` where neither key opens the file.
    """
    try:
        database = connect(file, [old])
    except WrongVaultKey:
        pass
    else:
        with closing(database):
            database.execute_sql("pragma journal_mode = delete")
            faultpoints.reached("rotation.before-rekey")
            database.execute_sql(f"pragma rekey = \"x'{new.hex()}'\"")
    faultpoints.reached("rotation.after-rekey")
    with closing(connect(file, [new])) as database:
        database.execute_sql("pragma journal_mode = wal")
