"""What tables a vault has and how it is brought up to date. Upgrading needs the key, so the first unlock does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from peewee import Database, Model

from app.vault.models import COMMON_MODELS, COMMON_STATEMENTS

Step = Callable[[Database], None]

COMMON_STEPS: tuple[Step, ...] = ()
"""Upgrades of the tables that every vault has. Append only; the position is the version."""

OWN_VERSIONS = 1000


@dataclass(frozen=True)
class Schema:
    """The tables of one kind of vault.

    ``statements`` run once at creation, for what peewee can't declare. ``steps`` bring an older vault up: appended to, never
    edited; step *i* leads from version *i + 1* to *i + 2*. Creation makes the newest version at once.
    """

    kind: str
    models: tuple[type[Model], ...]
    statements: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def version(self) -> int:
        """One number for both series of steps, kept in the file's ``user_version``."""
        return (len(COMMON_STEPS) + 1) * OWN_VERSIONS + len(self.steps) + 1

    def is_older_than(self, found: int) -> bool:
        """Whether a file of version ``found`` has seen a step of either series that this program doesn't know."""
        common, own = divmod(found, OWN_VERSIONS)
        return common > len(COMMON_STEPS) + 1 or own > len(self.steps) + 1

    def create(self, database: Database) -> None:
        """Make every table in a new file, in one transaction."""
        with database.atomic():
            for model in (*COMMON_MODELS, *self.models):
                with model.bind_ctx(database, bind_refs=False, bind_backrefs=False):
                    model.create_table(safe=False)
            for statement in (*COMMON_STATEMENTS, *self.statements):
                database.execute_sql(statement)
            database.execute_sql(f"pragma user_version = {self.version}")

    def upgrade(self, database: Database, found: int) -> None:
        """Run the steps missing since version ``found``, in one transaction."""
        common, own = divmod(found, OWN_VERSIONS)
        with database.atomic("EXCLUSIVE"):
            for step in (*COMMON_STEPS[common - 1 :], *self.steps[own - 1 :]):
                step(database)
            database.execute_sql(f"pragma user_version = {self.version}")


def version_of(database: Database) -> int:
    """Read the version a vault file was written with."""
    version: int = database.execute_sql("pragma user_version").fetchone()[0]
    return version
