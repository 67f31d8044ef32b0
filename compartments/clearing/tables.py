"""Tables of the clearing office itself: its settings."""

from __future__ import annotations

from peewee import CharField, IntegerField, Model

from app.vault.context import vault_database

database = vault_database("clearing")


class ClearingModel(Model):
    """Base of the tables that only a clearing vault has."""

    class Meta:
        database = database
        legacy_table_names = False


class Setting(ClearingModel):
    """A number that the office has agreed on."""

    name = CharField(primary_key=True)
    number = IntegerField()


MODELS: tuple[type[Model], ...] = (Setting,)
STATEMENTS: tuple[str, ...] = ()
