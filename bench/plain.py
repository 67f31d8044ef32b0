"""Serves Schotten over a plain, kept-open SQLite copy of the membership vault: what the register is compared with.

Only here, and only on the invented members of the demo: everything else, session, grant and view, is the program's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from peewee import SqliteDatabase

from app.cli.server import Server
from app.config import Settings
from app.instance import Instance
from app.vault.context import OpenVault, holding
from app.vault.opening import PRAGMAS, SECONDS_TO_WAIT_FOR_A_WRITER
from app.vault.schema import Schema
from app.web import guard

FILE = "SCHOTTEN_BENCH_PLAIN"


class Plain(Server):
    """Schotten, but that a guard "opens" the plain file."""

    def load(self) -> Flask:
        """Build the app and exchange what opens vaults."""
        guard.open_vault = _keeping_open(Path(os.environ[FILE]))  # type: ignore[assignment]
        return super().load()


def export(vault: OpenVault, file: Path) -> None:
    """Write everything that an open vault holds into a plain SQLite file."""
    vault.database.execute_sql("attach database ? as plain key ''", (str(file),))
    vault.database.execute_sql("select sqlcipher_export('plain')")
    vault.database.execute_sql("pragma plain.journal_mode = wal")
    vault.database.execute_sql("detach database plain")


def _keeping_open(file: Path) -> object:
    database = SqliteDatabase(str(file), pragmas=PRAGMAS, timeout=SECONDS_TO_WAIT_FOR_A_WRITER)

    @contextmanager
    def kept_open(
        _instance: Instance, name: str, _keys: Sequence[bytes], _schema: Schema, *, officer: str | None = None
    ) -> Iterator[OpenVault]:
        database.connect(reuse_if_open=True)
        with holding(OpenVault(name, database, officer)) as vault:
            yield vault

    return kept_open


if __name__ == "__main__":
    Plain(Settings.from_environment(), None, "a plain copy is served\n").run()
