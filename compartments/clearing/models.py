"""Tables of the clearing vault."""

from __future__ import annotations

from peewee import Model

from app.vault.context import vault_database
from app.vault.schema import Schema

database = vault_database("clearing")


class ClearingModel(Model):
    """Base of the tables that only a clearing vault has."""

    class Meta:
        database = database
        legacy_table_names = False


SCHEMA = Schema("clearing", models=())
