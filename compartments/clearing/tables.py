"""Tables of the clearing vault."""

from __future__ import annotations

from peewee import Model

from app.vault.context import vault_database

database = vault_database("clearing")


class ClearingModel(Model):
    """Base of the tables that only a clearing vault has."""

    class Meta:
        database = database
        legacy_table_names = False


MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
