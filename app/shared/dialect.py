"""The only place with SQL that one engine knows and another does not: triggers, and what starts a write.

The triggers hold promise P2 below the code: whatever a view, a service or a later programmer does, a row that would give
an account a second compartment, or a person two offices that exclude one another, is refused by the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from peewee import Database, PostgresqlDatabase, SqliteDatabase

from app.offices import SEPARATION_RULES, SeparationRule
from app.shared.models import MODELS

SCHEMA_VERSION = 1


class OtherSchema(RuntimeError):
    """The shared layer was written by a newer Schotten than this one, or by an older one whose tables lack something."""


def write_transaction(database: Any) -> AbstractContextManager[Any]:
    """Begin a transaction that will write. SQLite takes the write lock now, so that it can't fail for it half-way."""
    if isinstance(getattr(database, "obj", database), SqliteDatabase):
        return database.atomic("IMMEDIATE")  # type: ignore[no-any-return]
    return database.atomic()  # type: ignore[no-any-return]


def spare_memory(database: Any) -> None:
    """Give back what this thread's connection keeps of pages, after something large went through it. Other engines keep none here."""
    if isinstance(getattr(database, "obj", database), SqliteDatabase):
        database.execute_sql("pragma shrink_memory")


def serialise_writers(database: Any, name: str) -> None:
    """Let one transaction at a time pass for ``name``. SQLite has one writer anyway."""
    if isinstance(getattr(database, "obj", database), PostgresqlDatabase):
        database.execute_sql("select pg_advisory_xact_lock(hashtext(%s))", (name,))


def keeps_rows_in_place(database: Any) -> bool:
    """Whether a changed row stays where it lay. PostgreSQL writes it elsewhere, with the number of the transaction."""
    return not isinstance(getattr(database, "obj", database), PostgresqlDatabase)


def held(rows: Any, database: Any) -> list[Any]:
    """Select rows that nobody else changes or deletes before this transaction ends. SQLite has one writer anyway."""
    if isinstance(getattr(database, "obj", database), PostgresqlDatabase):
        rows = rows.for_update()
    return list(rows)


def create_schema(database: Database) -> None:
    """Create tables and triggers in one transaction."""
    with database.atomic():
        for model in MODELS:
            model.create_table()
        for statement in triggers(postgresql=isinstance(database, PostgresqlDatabase)):
            database.execute_sql(statement)
        database.execute_sql("create table schema_version (version integer not null)")
        database.execute_sql(f"insert into schema_version values ({SCHEMA_VERSION})")


def copy_whole(database: Database, target: Path) -> bool:
    """Copy a SQLite file as of one instant, under the same key, while others write; return False for another engine, which is
    backed up by its own means. ``target`` must not exist.
    """
    if not isinstance(database, SqliteDatabase):
        return False
    database.execute_sql("vacuum into ?", (str(target),))
    return True


def check_schema(database: Database) -> int:
    """Return the version found; raises :class:`OtherSchema` where this program is too old for it, or a table or column is missing."""
    found: int = database.execute_sql("select version from schema_version").fetchone()[0]
    if found > SCHEMA_VERSION:
        raise OtherSchema(f"the shared layer has schema {found}, this program knows {SCHEMA_VERSION}")
    if missing := list(_missing(database)):
        raise OtherSchema(f"the shared layer was founded by an older Schotten: it lacks {', '.join(missing)}")
    return found


def _missing(database: Database) -> Iterator[str]:
    for model in MODELS:
        table = model._meta.table_name  # noqa: SLF001  (peewee's own way to ask)
        there = {column.name for column in database.get_columns(table)}
        if not there:
            yield table
            continue
        wanted = {field.column_name for field in model._meta.sorted_fields}  # noqa: SLF001
        yield from (f"{table}.{name}" for name in sorted(wanted - there))


IMMUTABLE = (
    ("account", ("id", "compartment", "role", "assignment_id", "commitment_id", "public_keys")),
    ("assignment", ("id", "compartment", "role")),
    ("grant", ("account_id", "vault_id", "epoch")),
    ("commitment", ("id", "assignment_id", "version_id", "text_sha256", "signature")),
    ("vault", ("name", "kind")),
    ("session", ("id", "account_id", "stage", "blob", "created_at")),
)
APPEND_ONLY = ("act", "commitment", "commitment_text", "compartment_key")
# SQLite's "insert or replace" deletes the row in its way without asking a delete trigger.
IRREPLACEABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("account", ("id", "assignment_id", "commitment_id")),
    ("assignment", ("id",)),
    ("commitment", ("id", "assignment_id")),
    ("commitment_text", ("version",)),
    ("vault", ("name",)),
    ("act", ("number",)),
)
REFUSALS = (
    ("grant_stays_in_its_compartment", "grant", "insert",
     ("not exists (select 1 from account join vault on vault.kind = account.compartment "
     "where account.id = new.account_id and vault.name = new.vault_id)"),
     "a grant opens a vault of the account's own compartment"),
    ("grant_goes_to_the_living", "grant", "insert",
     "(select state from account where id = new.account_id) = 'ended'",
     "an ended account gets no grant"),
    ("account_follows_its_assignment", "account", "insert",
     ("not exists (select 1 from assignment join commitment on commitment.assignment_id = assignment.id "
     "where assignment.id = new.assignment_id and commitment.id = new.commitment_id "
     "and assignment.compartment = new.compartment and assignment.role = new.role and assignment.state <> 'ended')"),
     "an account belongs to its assignment's compartment, role and commitment"),
    ("account_ends_for_ever", "account", "update",
     "old.state = 'ended' and new.state <> 'ended'",
     "an ended account does not come back"),
    ("account_ends_without_grants", "account", "update",
     """new.state = 'ended' and exists (select 1 from "grant" where account_id = new.id)""",
     "an account that ends holds no grants"),
    ("account_is_not_deleted", "account", "delete", "1 = 1", "an account ends, it is not deleted"),
    ("assignment_ends_for_ever", "assignment", "update",
     "old.state = 'ended' and new.state <> 'ended'",
     "an ended assignment does not come back"),
    ("assignment_ends_with_its_account", "assignment", "update",
     "new.state = 'ended' and exists (select 1 from account where assignment_id = new.id and state <> 'ended')",
     "an assignment does not end before its account"),
    ("assignment_moves_only_with_a_merge", "assignment", "update",
     ("new.person_id <> old.person_id and not exists "
     "(select 1 from person where id = old.person_id and merged_into_id = new.person_id)"),
     "an assignment stays with its person"),
    ("assignment_is_of_one_who_is_not_merged", "assignment", "insert",
     "(select merged_into_id from person where id = new.person_id) is not null",
     "a merged person takes no office"),
    ("person_is_merged_once", "person", "update",
     "new.id <> old.id or (old.merged_into_id is not null and new.merged_into_id is distinct from old.merged_into_id)",
     "a merge is not undone"),
    ("compartment_key_is_not_replaced", "compartment_key", "insert",
     "exists (select 1 from compartment_key where vault_id = new.vault_id and epoch = new.epoch)",
     "compartment_key: there is one already"),
    ("vault_is_of_its_kind", "vault", "insert",
     "new.name <> new.kind and substr(new.name, 1, length(new.kind) + 1) <> new.kind || '-'",
     "a vault's name begins with its kind"),
)  # fmt: skip


def triggers(*, postgresql: bool) -> list[str]:
    """Return the statements that create every trigger."""
    make = _postgresql if postgresql else _sqlite
    statements: list[str] = []
    for table, columns in IMMUTABLE:
        changed = " or ".join(f"new.{column} is distinct from old.{column}" for column in columns)
        statements += make(
            f"{table}_keeps_its_place", table, "update", changed, f"{table}: this never changes"
        )
    for table in APPEND_ONLY:
        statements += make(f"{table}_is_not_edited", table, "update", "1 = 1", f"{table} is append-only")
        statements += make(f"{table}_is_not_deleted", table, "delete", "1 = 1", f"{table} is append-only")
    for table, identifying in IRREPLACEABLE:
        there = " or ".join(f"{column} = new.{column}" for column in identifying)
        exists = f'exists (select 1 from "{table}" where {there})'
        statements += make(
            f"{table}_is_not_replaced", table, "insert", exists, f"{table}: there is one already"
        )
    for name, table, event, condition, refusal in REFUSALS:
        statements += make(name, table, event, condition, refusal)
    for rule in SEPARATION_RULES:
        for event in ("insert", "update"):
            name = f"separation_{rule.name.replace('-', '_')}_{event}"
            statements += make(name, "assignment", event, _breaks(rule), f"separation: {rule.name}")
    return statements


def _breaks(rule: SeparationRule) -> str:
    names = ", ".join(f"'{name}'" for name in sorted(rule.offices))
    return (
        f"new.state <> 'ended' and new.compartment in ({names}) and {rule.at_most} <= "
        "(select count(*) from assignment as other where other.person_id = new.person_id and other.id <> new.id "
        f"and other.state <> 'ended' and other.compartment in ({names}))"
    )


def _sqlite(name: str, table: str, event: str, condition: str, refusal: str) -> list[str]:
    return [
        (
            f'create trigger {name} before {event} on "{table}" when {condition} '
            f"begin select raise(abort, '{_quoted(refusal)}'); end"
        )
    ]


def _postgresql(name: str, table: str, event: str, condition: str, refusal: str) -> list[str]:
    """A function and its trigger. ``old`` is returned for deletes: returning ``new`` (null) would cancel them silently."""
    row = "old" if event == "delete" else "new"
    return [
        (
            f"create function {name}() returns trigger language plpgsql as $$ begin "
            f"if {condition} then raise exception '{_quoted(refusal)}' using errcode = 'check_violation'; end if; "
            f"return {row}; end $$"
        ),
        f'create trigger {name} before {event} on "{table}" for each row execute function {name}()',
    ]


def _quoted(text: str) -> str:
    return text.replace("'", "''")
