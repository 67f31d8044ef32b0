"""A vault by itself, for tests that need no organisation: one table of its own, and what opens it."""

from dataclasses import dataclass

from peewee import CharField, Model

from app.instance import Instance
from app.vault.context import vault_database
from app.vault.opening import open_vault
from app.vault.schema import Schema


class Cargo(Model):
    """A table that only vaults of the kind "desk" have."""

    name = CharField()

    class Meta:
        database = vault_database("desk")
        legacy_table_names = False


SCHEMA = Schema("desk", models=(Cargo,))


@dataclass(frozen=True)
class Place:
    """Where the vault lies, and what opens it."""

    instance: Instance
    key: bytes
    schema: Schema = SCHEMA
    name: str = "desk"

    @property
    def file(self):
        return self.instance.vault_file(self.name)

    def open(self, *keys: bytes, schema: Schema | None = None):
        return open_vault(self.instance, self.name, keys or (self.key,), schema or self.schema)
