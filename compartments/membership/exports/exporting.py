"""Rules of exports: asked for with a purpose, confirmed by a second officer, made for the asker until they expire. Knows no Flask."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import Value, fn

from app.envelopes import outbox
from app.faultpoints import reached
from app.office.authors import Author
from app.vault import proposals
from app.vault.models import Proposal
from compartments.membership.exports import marking
from compartments.membership.exports.columns import COLUMNS, NUMBER, Words, chosen
from compartments.membership.exports.models import ASKED, CONFIRMED, DELETED, Download, Export
from compartments.membership.exports.writing import csv_file
from compartments.membership.filters import Filter
from compartments.membership.tables import Person, ReadEvent, database
from keys.randomness import new_id, shuffle

KIND = NOTED = "export"
USUAL_DAYS, MOST_DAYS = 14, 90
LEAST_PURPOSE, LONGEST_PURPOSE = 20, 1000
SHOWN_OF_PURPOSE = 80
SPARE_PERCENT, SPARE_ROWS = 10, 5
"""The register lives: so many more persons than were confirmed may be in the file. A second officer agreed to no more."""
AT_MOST = 200


class NoExport(LookupError):
    """There is no such export."""


class NotNow(Exception):
    """It isn't confirmed, has expired, is somebody else's, or was deleted. ``why`` is one of "state", "expired", "other"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Grown(Exception):
    """The filter lets through far more persons than were confirmed."""


@dataclass(frozen=True)
class Wanted:
    """What an officer asks for."""

    purpose: str
    recipient: str
    columns: Sequence[str]
    asked: Filter
    days: int = USUAL_DAYS


@dataclass(frozen=True)
class File:
    """A file as it goes to the officer."""

    name: str
    content: bytes
    rows: int


def count(asked: Filter, day: date) -> int:
    """Return how many persons a filter lets through."""
    return int(Person.select(Person.id).where(*_conditions(asked, day)).count())


def ask(
    wanted: Wanted,
    *,
    entry_id: str,
    summary: Callable[[Export], str],
    by: Author,
    now: datetime,
    day: date,
) -> Proposal:
    """Ask for an export and propose it to a colleague, in one transaction. The same ``entry_id`` again returns the same proposal.

    Raises ``ValueError`` for a purpose too short, or an expiry out of bounds.
    """
    if not LEAST_PURPOSE <= len(wanted.purpose) <= LONGEST_PURPOSE or not 0 < wanted.days <= MOST_DAYS:
        raise ValueError("a purpose in a sentence, and an expiry within bounds")
    with database.atomic("IMMEDIATE"):
        if Export.get_or_none(Export.id == entry_id):
            return proposal_of(entry_id)
        last = int(Export.select(fn.MAX(Export.number)).scalar() or 0)
        made = Export.create(
            id=entry_id,
            number=last + 1,
            purpose=wanted.purpose,
            recipient=wanted.recipient,
            columns=json.dumps(chosen(wanted.columns)),
            asked=json.dumps(wanted.asked.as_arguments()),
            rows=count(wanted.asked, day),
            asked_by=by.id,
            asked_by_name=by.name,
            asked_on=day,
            expires_on=day + timedelta(days=wanted.days),
        )
        return proposals.propose(KIND, {"export": made.id}, summary(made), about=made.id, by=by, now=now)


def confirm(export_id: str, *, by: Author, day: date) -> Export:
    """A second officer agrees. In the transaction of the confirmation. Raises :class:`NotNow` and :class:`Grown`."""
    one = find(export_id)
    if one.state != ASKED or one.asked_by == by.id:
        raise NotNow("state")
    if day > one.expires_on:
        raise NotNow("expired")
    if count(filter_of(one), day) > _most(one):
        raise Grown(export_id)
    one.state, one.confirmed_by_name, one.confirmed_on = CONFIRMED, by.name, day
    one.save()
    reached("export.confirmed")
    return one


def check(one: Export, *, by: Author, day: date) -> None:
    """Raise :class:`NotNow` where ``by`` can't download the export today."""
    if one.asked_by != by.id:
        raise NotNow("other")
    if one.state != CONFIRMED:
        raise NotNow("state")
    if day > one.expires_on:
        raise NotNow("expired")


def download(export_id: str, words: Words, *, by: Author, now: datetime, day: date) -> File:
    """Make the file, after it is written down that it was made: by whom, with which marks, and that these persons were read.

    Raises :class:`NoExport`, :class:`NotNow`, :class:`Grown`; then nothing is written and nothing made.
    """
    with database.atomic("IMMEDIATE"):
        one = find(export_id)
        check(one, by=by, day=day)
        where = _conditions(filter_of(one), day)
        names = json.loads(one.columns)
        found: Any = Person.select(*(COLUMNS[name] for name in names)).where(*where).tuples()
        rows = [dict(zip(names, row, strict=True)) for row in found]
        if len(rows) > _most(one):
            raise Grown(export_id)
        reader = f"{by.name} · Export {one.number}"
        ReadEvent.insert_from(
            Person.select(Person.id, Value(by.id), Value(reader), Value(now)).where(*where),
            [ReadEvent.person, ReadEvent.officer, ReadEvent.officer_name, ReadEvent.at],
        ).execute()
        reached("export.half-way")
        made = _note(one, rows, filter_of(one), now)
        outbox.order(NOTED, {"export": one.id, "actor": by.id})
        reached("export.before-commit")
    reached("export.after-commit")
    if made.invented:
        rows.append(_read_back(json.loads(made.invented)))
    rows.sort(key=lambda row: marking.place(made.mark, row[NUMBER]))
    origin = f"Export {one.number}/{made.number} · {by.name} · {day.isoformat()} · {one.purpose}"
    origin = " ".join(origin.split())[: SHOWN_OF_PURPOSE + 80]
    lines = ([*(words.cell(name, row[name]) for name in names), origin] for row in rows)
    header = [*(words.columns[name] for name in names), words.origin]
    return File(f"export-{one.number}-{made.number}.csv", csv_file(header, lines), made.rows)


def note_deleted(export_id: str, *, by: Author, day: date) -> None:
    """The asker says that every copy of the file is deleted. There is no download afterwards. Raises :class:`NoExport`, :class:`NotNow`."""
    with database.atomic("IMMEDIATE"):
        one = find(export_id)
        if one.asked_by != by.id:
            raise NotNow("other")
        if one.state == ASKED:
            raise NotNow("state")
        if one.state == CONFIRMED:
            one.state, one.deleted_on = DELETED, day
            one.save()


def recall(downloaded_at: Sequence[datetime], *, day: date) -> list[Export]:
    """Note that somebody was erased who is in files made at these moments; return the exports whose files aren't deleted yet."""
    concerned = Export.select().join(Download).where(Download.at.in_(list(downloaded_at))).distinct()
    open_ = [one for one in concerned if one.state != DELETED]
    Export.update(recalled_on=day).where(Export.id.in_([one.id for one in open_])).execute()
    return open_


def find(export_id: str) -> Export:
    """Return an export; raises :class:`NoExport`."""
    found: Export | None = Export.get_or_none(Export.id == export_id)
    if found is None:
        raise NoExport(export_id)
    return found


def newest() -> list[Export]:
    """Return the exports, newest first."""
    return list(Export.select().order_by(Export.number.desc()).limit(AT_MOST))


def downloads(one: Export) -> list[Download]:
    """Return the files that were made, newest first."""
    return list(Download.select().where(Download.export == one.id).order_by(Download.number.desc()))


def count_downloads() -> dict[str, int]:
    """Return how many files were made of each export, by its id."""
    rows: Any = Download.select(Download.export, fn.COUNT(Download.id)).group_by(Download.export).tuples()
    return dict(rows)


def to_delete(account: str, day: date) -> list[Export]:
    """Return the exports whose files this officer should have deleted by now, the oldest first."""
    over = (Export.expires_on < day) | Export.recalled_on.is_null(False)
    mine = (Export.asked_by == account) & (Export.state == CONFIRMED) & over
    made = Export.id.in_(Download.select(Download.export))
    return list(Export.select().where(mine, made).order_by(Export.number).limit(AT_MOST))


def filter_of(one: Export) -> Filter:
    """Return whom an export is about."""
    return Filter.of(json.loads(one.asked))


def proposal_of(export_id: str) -> Proposal:
    """Return the proposal of an export, decided or not; raises :class:`NoExport`."""
    open_ = proposals.open_about(KIND, export_id)
    if open_ is not None:
        return open_
    subject = json.dumps({"export": export_id}, sort_keys=True)
    found: Proposal | None = Proposal.get_or_none(Proposal.kind == KIND, Proposal.subject == subject)
    if found is None:
        raise NoExport(export_id)
    return found


def _most(one: Export) -> int:
    return int(one.rows + max(SPARE_ROWS, one.rows * SPARE_PERCENT // 100))


def _conditions(asked: Filter, day: date) -> list[Any]:
    return asked.conditions(day) or [Person.id > 0]


def _note(one: Export, rows: list[dict[str, Any]], asked: Filter, now: datetime) -> Download:
    last = int(Download.select(fn.MAX(Download.number)).where(Download.export == one.id).scalar() or 0)
    invented = "" if asked.voting == "yes" or not rows else json.dumps(_invented(rows), default=str)
    made: Download = Download.create(
        export=one.id,
        number=last + 1,
        mark=new_id(),
        invented=invented,
        rows=len(rows) + bool(invented),
        at=now,
    )
    return made


def _invented(rows: list[dict[str, Any]]) -> dict[str, Any]:
    used = [json.loads(one.invented) for one in Download.select().where(Download.invented != "")]
    taken = {(one["last_name"], one["first_name"]) for one in used}
    while True:
        named = marking.name(taken)
        taken.add(named)
        is_real = Person.select().where(Person.last_name == named[0], Person.first_name == named[1]).exists()
        if not is_real or len(taken) > len(marking.LAST_NAMES) * len(marking.FIRST_NAMES):
            return marking.invent(named, _free_number(), shuffle(rows[:AT_MOST])[0])


def _free_number() -> int:
    """A number that nobody has: between those that are given, where there is a gap, or else a little above."""
    highest = int(Person.select(fn.MAX(Person.member_number)).scalar() or 0)
    for candidate in shuffle(range(1, min(highest, 100_000)))[:AT_MOST]:
        number = candidate * max(1, highest // 100_000)
        if not Person.select().where(Person.member_number == number).exists():
            return number
    return highest + 20 + shuffle(range(400))[0]


def _read_back(invented: dict[str, Any]) -> dict[str, Any]:
    days = {name for name, field in COLUMNS.items() if field.field_type == "DATE"}
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in invented.items()
    }
