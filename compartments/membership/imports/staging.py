"""From an uploaded file to rows that an officer can look through: upload, reading as a job in batches, comparing anew. Knows no Flask.

Every batch is a transaction of its own. A job that is continued goes on after the last row that is in the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from peewee import chunked, fn

from app.faultpoints import reached
from app.office.authors import Author
from app.paging import Page, page_of
from app.vault.jobs import Progress, Steps, Task
from compartments.membership.imports import files, leavers
from compartments.membership.imports import mapping as mappings
from compartments.membership.imports.bulk import write
from compartments.membership.imports.comparing import Comparison, Reader, Row
from compartments.membership.imports.models import (
    ADD,
    BAD,
    CHANGE,
    DROPPED,
    EXIT,
    KINDS,
    NEW,
    READING,
    STAGED,
    Import,
    SparedExit,
    StagedRow,
)
from compartments.membership.imports.sniffing import decode, records, table_of
from compartments.membership.room import without_collector
from compartments.membership.tables import Person, database

JOB = "import-reading"
BATCH, PER_PAGE = 2000, 50
_INSERT = (
    "insert into staged_row (import_id, place, line, kind, number, person, revision, locks, given, changes, problem)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REPLACE = _INSERT.replace("insert", "replace", 1)
_OUTDATED = (
    (
        "select s.place from staged_row s left join person p on p.id = s.person"
        " where s.import_id = ? and s.person is not null and (p.id is null or p.revision != s.revision)"
    ),
    "select s.place from staged_row s join person p on p.member_number = s.number where s.import_id = ? and s.kind = 'add'",
    "select s.place from staged_row s join merged_person m on m.member_number = s.number where s.import_id = ? and s.kind = 'add'",
    (
        "select place from staged_row where import_id = ? and kind in ('add', 'change', 'exit') and"
        """ iif(given like '%"division":%', json_extract(given, '$.division') not in (select id from division), 0)"""
    ),
)


class NoImport(LookupError):
    """There is no such import."""


class WrongState(Exception):
    """This can't be done with an import in its present state."""


def find(import_id: int) -> Import:
    """Return an import; raises :class:`NoImport`."""
    found: Import | None = Import.get_or_none(Import.id == min(import_id, 2**63 - 1))
    if found is None:
        raise NoImport(import_id)
    return found


def newest(limit: int = 50) -> list[Import]:
    """Return the imports, newest first."""
    return list(Import.select().order_by(Import.id.desc()).limit(limit))


def upload(entry: str, file_name: str, content: bytes, *, by: Author, now: datetime) -> Import:
    """Keep a file and guess its columns. The same entry again returns the import it made. Raises :class:`sniffing.Unreadable`."""
    table = table_of(content)
    with database.atomic("IMMEDIATE"):
        if known := Import.get_or_none(Import.entry == entry):
            return known
        one = Import.create(
            entry=entry,
            file_name=file_name[:120],
            size=len(content),
            encoding=table.encoding,
            delimiter=table.delimiter,
            columns=json.dumps(table.columns, ensure_ascii=False),
            mapping=json.dumps(mappings.guess(table.columns)),
            uploaded_by=by.id,
            uploaded_by_name=by.name,
            uploaded_at=now,
        )
        files.keep(one.id, content)
        return one


def first_rows(one: Import, number: int = 3) -> list[list[str]]:
    """Return the first rows of the file, for choosing columns."""
    text = decode(files.of(one.id) or b"", one.encoding)
    return [row for _, row in islice(records(text[:200_000], one.delimiter), 1, number + 1) if row]


def begin(import_id: int, mapping: Mapping[str, int], *, full: bool = False) -> None:
    """Read the file by this mapping, from its first row on; in a ``full`` list, who is missing has left. Raises :class:`WrongState` once it is committed, and while it is being read."""
    with database.atomic("IMMEDIATE"):
        one = find(import_id)
        if one.state not in (NEW, STAGED):
            raise WrongState(one.state)
        StagedRow.delete().where(StagedRow.import_id == import_id).execute()
        one.mapping, one.state, one.full = json.dumps(dict(mapping)), READING, full
        one.save(only=[Import.mapping, Import.state, Import.full])


def drop(import_id: int) -> None:
    """Forget a file that was not committed, and its rows."""
    with database.atomic("IMMEDIATE"):
        one = find(import_id)
        if one.state not in (NEW, READING, STAGED):
            raise WrongState(one.state)
        StagedRow.delete().where(StagedRow.import_id == import_id).execute()
        SparedExit.delete().where(SparedExit.import_id == import_id).execute()
        files.forget([import_id])
        one.state = DROPPED
        one.save(only=[Import.state])


def stage(task: Task) -> Steps:
    """The job: read what is left of the file, a batch at a time."""
    import_id = int(task.subject)
    one = find(import_id)
    if one.state != READING:
        return
    text = decode(files.of(import_id) or b"", one.encoding)
    total = text.count("\n")
    comparison = comparison_of(one, task.day)
    seen = _seen(import_id)
    place = StagedRow.select().where(StagedRow.import_id == import_id).count()
    left = islice(records(text, one.delimiter), place + 1, None)
    for batch in _batches(left):
        with without_collector():
            rows = comparison.compare([_once(comparison.reader.read(line, row), seen) for line, row in batch])
            with database.atomic("IMMEDIATE"):
                if find_state(import_id) != READING:
                    return
                write(_INSERT, (row.columns(import_id, place + step) for step, row in enumerate(rows, 1)))
                reached("import.before-batch")
        place += len(rows)
        reached("import.after-batch")
        yield Progress(done=place, total=max(total, place))
    with database.atomic("IMMEDIATE"):
        if one.full and find_state(import_id) == READING:
            exits = enumerate(leavers.missing(import_id, task.day), place + 1)
            write(_INSERT, [row.columns(import_id, at) for at, row in exits])
        Import.update(state=STAGED, version=Import.version + 1).where(
            Import.id == import_id, Import.state == READING
        ).execute()
    reached("import.staged")
    yield Progress(done=place, total=place)


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def find_state(import_id: int) -> str:
    """Return the state an import is in now."""
    return str(Import.select(Import.state).where(Import.id == import_id).scalar())


def comparison_of(one: Import, day: date) -> Comparison:
    """Return what reads and compares the rows of an import."""
    columns = json.loads(one.columns)
    return Comparison(Reader(mappings.read(one.mapping), len(columns), day), ticket_of(one))


def ticket_of(one: Import) -> str:
    """How the history names an import."""
    return f"Import {one.id}"


def _seen(import_id: int) -> dict[int, int]:
    rows: Any = StagedRow.select(StagedRow.number, StagedRow.line).where(
        StagedRow.import_id == import_id, StagedRow.number.is_null(False)
    )
    return dict(rows.tuples())


def _once(row: Row, seen: dict[int, int]) -> Row:
    """The first row with a number counts; a further one is a bad row."""
    if row.number is None:
        return row
    first = seen.setdefault(row.number, row.line)
    if first == row.line:
        return row
    return Row(row.line, BAD, given=row.given, problem=("twice", "member_number", str(first)))


def counts(import_id: int) -> dict[str, int]:
    """Return how many rows there are of each kind, and as "locks" how many changes take the entitlement to vote away."""
    rows: Any = (
        StagedRow.select(StagedRow.kind, fn.COUNT(StagedRow.place), fn.SUM(StagedRow.locks))
        .where(StagedRow.import_id == import_id)
        .group_by(StagedRow.kind)
    )
    found = {kind: (number, locks) for kind, number, locks in rows.tuples()}
    return {
        **{kind: found.get(kind, (0, 0))[0] for kind in KINDS},
        "locks": sum(locks for _, locks in found.values()),
    }


def members() -> int:
    """Return how many persons have not left."""
    return int(Person.select().where(Person.left_on.is_null()).count())


def outdated(import_id: int) -> list[int]:
    """Return the places of rows whose person was changed since they were compared, or has come in since, or whose division has gone."""
    found: set[int] = set()
    for statement in _OUTDATED:
        found.update(place for (place,) in database.execute_sql(statement, (import_id,)).fetchall())
    return sorted(found)


def refresh(one: Import, places: Sequence[int], day: date) -> None:
    """Compare these rows anew, in the caller's transaction; what officers have seen until now no longer counts."""
    comparison = comparison_of(one, day)
    for some in chunked(places, 500):
        stale = StagedRow.select().where(StagedRow.import_id == one.id, StagedRow.place.in_(some))
        before = [
            (row.place, Row(row.line, row.kind, row.number, given=json.loads(row.given))) for row in stale
        ]
        after = comparison.compare([row for _, row in before])
        write(_REPLACE, [row.columns(one.id, place) for (place, _), row in zip(before, after, strict=True)])
    one.version += 1
    one.save(only=[Import.version])


def compare_again(import_id: int, day: date) -> None:
    """Compare the rows anew whose persons were changed, or came in, meanwhile."""
    with database.atomic("IMMEDIATE"):
        one = find(import_id)
        if one.state == STAGED and (places := outdated(import_id)):
            refresh(one, places, day)


def rows_of(import_id: int, kind: str, number: int) -> Page[StagedRow]:
    """Return one page of the rows of a kind, in the file's order."""
    of_kind = StagedRow.select().where(StagedRow.import_id == import_id, StagedRow.kind == kind)
    return page_of(of_kind.order_by(StagedRow.place), number, PER_PAGE)


def changing(import_id: int, limit: int) -> Iterator[list[StagedRow]]:
    """Yield the rows that change somebody or let them leave, so many at a time."""
    for kind in (CHANGE, EXIT):
        place = 0
        while rows := list(
            StagedRow.select()
            .where(StagedRow.import_id == import_id, StagedRow.kind == kind, StagedRow.place > place)
            .order_by(StagedRow.place)
            .limit(limit)
        ):
            yield rows
            place = rows[-1].place


def adds(import_id: int, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """Return (place, what is given) of rows that add somebody, from ``after`` on."""
    rows = database.execute_sql(
        "select place, given from staged_row where import_id = ? and kind = ? and place > ? order by place limit ?",
        (import_id, ADD, after, limit),
    )
    found = rows.fetchall()
    # Parsed as one text, which takes half of the time.
    return [
        (place, given)
        for (place, _), given in zip(
            found, json.loads(f"[{','.join(text for _, text in found)}]"), strict=True
        )
    ]
