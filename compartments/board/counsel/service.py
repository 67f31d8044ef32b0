"""Takes in and shows the counsellors' annual reports. There is one per year, and it never changes. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.clock import day_of, utc_now
from app.disclosure import Protected
from app.envelopes.letter import Letter
from compartments.board.models import CounselReport, CounselReportFile

_OFFICERS = 2
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Report:
    """A released report. ``labels`` are words by language."""

    row: CounselReport
    tables: Sequence[Protected] = field(repr=False)

    @property
    def content(self) -> Mapping[str, Any]:
        """The texts and the words of the tables."""
        content: Mapping[str, Any] = self.row.report
        return content

    @property
    def released_on(self) -> date:
        """The day on which two counsellors released it; of older reports, the day on which it came."""
        return released_on(self.row)


def take_report(letter: Letter) -> None:
    """Store a report. Raises ``ValueError``, ``TypeError`` or ``KeyError`` where it isn't one, or the year has one already."""
    year, report = str(letter.body["year"]), dict(letter.body["report"])
    names = [str(name)[:_LONGEST_NAME] for name in letter.body["released_by"]]
    if len(names) != _OFFICERS or len(set(names)) != _OFFICERS:
        raise ValueError("two officers release a report")
    for text in report["tables"]:
        Protected.from_json(text)
    date.fromisoformat(report.get("released_on", "2000-01-01"))
    for language in report["labels"].values():
        if not {"titles", "dimensions", "categories", "texts"} <= set(language):
            raise ValueError("the words of the tables are missing")
    CounselReport.create(year=year, report=report, released_by=names, received_on=day_of(utc_now()))
    for file in letter.files:
        CounselReportFile.create(report=year, name=file.name, content=file.content)


def released_on(row: CounselReport) -> date:
    """Return the day on which a report was released, as far as it says so itself."""
    said = row.report.get("released_on")
    return date.fromisoformat(said) if said else row.received_on


def years() -> list[CounselReport]:
    """Return the reports, newest first."""
    return list(CounselReport.select().order_by(CounselReport.year.desc()))


def find(year: str) -> Report:
    """Return a year's report; raises ``LookupError``."""
    row = CounselReport.get_or_none(CounselReport.year == year)
    if row is None:
        raise LookupError(year)
    return Report(row, [Protected.from_json(text) for text in row.report["tables"]])


def tables_before(year: str) -> dict[str, Protected]:
    """Return the tables of the year before by name, to stand beside this one's; none where there is no report."""
    try:
        return {table.name: table for table in find(str(int(year) - 1)).tables}
    except LookupError:
        return {}


def printed(year: str, language: str) -> CounselReportFile:
    """Return a year's PDF in a language; raises ``LookupError``."""
    files = CounselReportFile.select().where(CounselReportFile.report == year)
    for file in files:
        if file.name.endswith(f"-{language}.pdf"):
            found: CounselReportFile = file
            return found
    raise LookupError(year)
