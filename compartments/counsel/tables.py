"""What every table of the counsel vault stands on."""

from __future__ import annotations

from peewee import Model

from app.vault.context import vault_database

database = vault_database("counsel")


class ChangedMeanwhile(Exception):
    """A colleague has changed this record since it was read."""


class CounselModel(Model):
    """Base of the tables that only a counsel vault has."""

    class Meta:
        database = database
        legacy_table_names = False
