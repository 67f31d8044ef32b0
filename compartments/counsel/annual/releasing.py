"""What two counsellors release: the year's texts, tables and words as they were proposed, and the PDF made of just these, in each language.

Words and PDF need a place to look translations up (Flask-Babel); nothing else here knows of pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.disclosure import Protected
from app.disclosure.registry import ANNUAL_REPORT
from app.envelopes.letter import File
from app.office import releases
from app.vault.proposals import Stale
from compartments.counsel.annual import figures, printing, service, words
from compartments.counsel.annual.models import TEXTS


def subject(year: int) -> dict[str, Any]:
    """Return what is proposed: everything that will leave, so that two see the same."""
    tables = [one.to_json() for one in figures.protected(year)]
    return {**service.content(year, words.labels()), "year": year, "tables": tables}


def carry_out(
    proposed: Mapping[str, Any], *, released_by: tuple[str, str], organisation: str, day: date
) -> int:
    """Release exactly what was proposed; return the year.

    Raises ``Stale`` where the figures aren't these any more (somebody may have withdrawn their consent to be counted since), and what
    :func:`app.office.releases.release_report` raises.
    """
    year, tables = int(proposed["year"]), [Protected.from_json(text) for text in proposed["tables"]]
    if not releases.is_released(str(year), ANNUAL_REPORT):
        if tables != figures.protected(year):
            raise Stale("what is counted has changed since this report was proposed")
        if dict(proposed["texts"]) != service.content(year, {})["texts"]:
            raise Stale("a text has changed since this report was proposed")
    content = {
        "texts": proposed["texts"],
        "labels": proposed["labels"],
        "released_on": day.isoformat(),
    }
    files = [
        File(f"report-{year}-{language}.pdf", "application/pdf", made)
        for language in words.LANGUAGES
        for made in [pdf(year, content, tables, language, organisation=organisation)]
    ]
    releases.release_report(str(year), content, tables, released_by=released_by, day=day, files=files)
    return year


def pdf(
    year: int,
    content: Mapping[str, Any],
    tables: Sequence[Protected],
    language: str,
    *,
    organisation: str,
    draft: bool = False,
) -> bytes:
    """Return the report as a PDF in one language. A ``draft`` says on every page that it isn't released: two versions can be subtracted."""
    kept, known = json.loads(json.dumps(content)), service.before(year)
    labels, (told, untold) = kept["labels"][language], service.told_and_untold(tables, known)
    with force_locale(language):
        return printing.pdf(
            _("Confidential counsel: annual report %(year)s", year=year),
            organisation,
            {name: kept["texts"][name] for name in TEXTS},
            told,
            labels,
            method=" ".join(_method(year, known)),
            total=_("all"),
            number=_("How many"),
            untold=_untold([labels["titles"][one.name] for one in untold]),
            language=language,
            draft=_("Draft, not released. Not to be passed on.") if draft else "",
            before=known,
            year_before=str(year - 1),
        )


def _method(year: int, before: Mapping[str, Protected]) -> list[str]:
    """What a reader has to know of the tables."""
    said = [
        _(
            "A dash, in the charts a hatched box, stands for a number that isn't told, so that nobody can be found in the tables. Zeros aren't told either."
        )
    ]
    if before:
        said.append(_("The last column is what the report of %(year)s told in all.", year=year - 1))
    return said


def _untold(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    return str(
        _(
            "Of these tables nothing can be told, for there are too few people behind the numbers: %(titles)s.",
            titles="; ".join(titles),
        )
    )
