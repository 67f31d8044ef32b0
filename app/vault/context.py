"""Which vault a query goes to: the one this context has opened, if it is of the model's kind, and otherwise none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from peewee import Database

from app.binding import ContextDatabase, NotOpen
from app.offices import kind_of


@dataclass(frozen=True)
class OpenVault:
    """A vault while it is open. ``officer`` is the account that opened it, for histories; None for commands."""

    name: str
    database: Database = field(repr=False)
    officer: str | None = None

    @property
    def kind(self) -> str:
        """The compartment whose tables are inside."""
        return kind_of(self.name)


_open: ContextVar[OpenVault | None] = ContextVar("open_vault", default=None)


def current_vault() -> OpenVault:
    """Return the vault open in this context; raises :class:`~app.binding.NotOpen`."""
    vault = _open.get()
    if vault is None:
        raise NotOpen("no vault is open in this context")
    return vault


@contextmanager
def holding(vault: OpenVault) -> Iterator[OpenVault]:
    """Make ``vault`` the open one in this context. Only one can be open at a time."""
    if _open.get() is not None:
        raise NotOpen("another vault is open in this context")
    token = _open.set(vault)
    try:
        yield vault
    finally:
        _open.reset(token)


def _database_of(kind: str | None) -> Database | None:
    vault = _open.get()
    if vault is None or (kind is not None and vault.kind != kind):
        return None
    return vault.database


def vault_database(kind: str) -> ContextDatabase:
    """Return the proxy for models that only vaults of ``kind`` have."""
    return ContextDatabase(f"{kind} vault", lambda: _database_of(kind))


any_vault = ContextDatabase("vault", lambda: _database_of(None))
