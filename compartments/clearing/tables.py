"""Tables of the clearing office itself: its settings, and the figures that it has released."""

from __future__ import annotations

from peewee import CharField, DateField, IntegerField, Model, TextField

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


class AuditRelease(ClearingModel):
    """The figures of one period as they went to the board; there is one release per period, and it never changes."""

    period = CharField(primary_key=True, max_length=7)
    figures = TextField()
    released_by = TextField()
    released_on = DateField()


MODELS: tuple[type[Model], ...] = (Setting, AuditRelease)
STATEMENTS: tuple[str, ...] = ()
