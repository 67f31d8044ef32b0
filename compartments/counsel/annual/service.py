"""The annual report: written together, counted from what may be counted, released by two, once, and then never changed. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.disclosure import Protected
from app.disclosure.registry import ANNUAL_REPORT
from app.office import releases
from app.vault import proposals
from app.vault.models import Proposal
from compartments.counsel.annual.models import TEXTS, YearText
from compartments.counsel.tables import database

ALL = 100


class ChangedMeanwhile(Exception):
    """A colleague has changed the texts since they were read; ``present`` is what they say now."""

    def __init__(self, present: YearText) -> None:
        super().__init__(present.year)
        self.present = present


class Proposed(Exception):
    """A colleague proposes to release this year's texts as they are; until somebody has decided, nobody changes them. ``proposal`` is theirs."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.id)
        self.proposal = proposal


def texts(year: int) -> YearText:
    """Return the year's texts; empty ones where nobody has written yet."""
    found: YearText = YearText.get_or_none(YearText.year == year) or YearText(year=year, version=0)
    return found


def write(year: int, said: Mapping[str, str], *, version: int, by_name: str) -> None:
    """Keep the texts. Raises :class:`ChangedMeanwhile` unless ``version`` is the one that was read, :class:`Proposed`, and ``AlreadyReleased``."""
    with database.atomic("IMMEDIATE"):
        if releases.is_released(str(year), ANNUAL_REPORT):
            raise releases.AlreadyReleased(str(year))
        if proposal := proposals.open_about(ANNUAL_REPORT, str(year)):
            raise Proposed(proposal)
        present = texts(year)
        if present.version != version:
            raise ChangedMeanwhile(present)
        kept = {name: said[name] for name in TEXTS}
        YearText.insert(
            year=year, version=version + 1, written_by_name=by_name, **kept
        ).on_conflict_replace().execute()


def before(year: int) -> dict[str, Protected]:
    """Return what was released of the year before, by table; nothing where nothing was. Beside this year's it tells nothing new."""
    for one in releases.releases(most=ALL, type_=ANNUAL_REPORT):
        if one.period == str(year - 1):
            tables = [Protected.from_json(text) for text in one.figures["tables"]]
            return {table.name: table for table in tables}
    return {}


def told_and_untold(
    tables: Sequence[Protected], known: Mapping[str, Protected]
) -> tuple[list[Protected], list[Protected]]:
    """Part the tables in which some number is told, of this year or the one before (``known``), from those that would be dashes alone."""
    told = [one for one in tables if not (_is_untold(one) and _is_untold(known.get(one.name)))]
    return told, [one for one in tables if one not in told]


def _is_untold(one: Protected | None) -> bool:
    return one is None or one.suppressed == len(one.cells)


def content(year: int, labels: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes to the board besides the tables."""
    row = texts(year)
    return {"texts": {name: getattr(row, name) for name in TEXTS}, "labels": dict(labels)}
