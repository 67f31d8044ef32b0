"""The list of open postings, and one posting in full. The same for everybody: no cookie, no form, nothing to keep secret."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.clock import utc_now
from app.public.blueprint import blueprint, language
from app.public.feeds import job_posting
from app.shared import maintenance, pages, postings
from app.web.kept import kept
from app.web.state import state

GONE = 410


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What one can apply for."""
    day, now = state().today, utc_now()

    def render() -> tuple[str, int]:
        page = render_template(
            "public/index.html",
            postings=postings.open_postings(language(), day),
            introduction=pages.find(pages.INTRODUCTION, language()),
            windows=maintenance.announced(language(), now),
        )
        return page, 200

    facts = postings.stand_of_open(day), pages.stand(pages.INTRODUCTION), maintenance.stand(now), day
    return kept(facts, render)


@blueprint.get("/postings/<slug>")
def posting(slug: str) -> ResponseReturnValue:
    """One posting. A closed one says so, with the status that tells search engines to forget it."""
    day, stand = state().today, postings.stand(slug)
    if stand is None:
        abort(404)

    def render() -> tuple[str, int]:
        found = postings.find(slug, language(), day)
        if found is None:
            abort(404)
        described = job_posting(found) if found.open else None
        page = render_template("public/posting.html", posting=found, described=described)
        return page, 200 if found.open else GONE

    return kept((stand, day), render)
