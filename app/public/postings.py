"""The list of open postings, and one posting in full. The same for everybody: no cookie, no form, nothing to keep secret."""

from __future__ import annotations

from flask import abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.public.blueprint import blueprint, for_everybody, language
from app.shared import pages, postings
from app.web.state import state

GONE = 410


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What one can apply for."""
    found = postings.open_postings(language(), state().today)
    introduction = pages.find(pages.INTRODUCTION, language())
    return for_everybody(
        make_response(render_template("public/index.html", postings=found, introduction=introduction))
    )


@blueprint.get("/postings/<slug>")
def posting(slug: str) -> ResponseReturnValue:
    """One posting. A closed one says so, with the status that tells search engines to forget it."""
    found = postings.find(slug, language(), state().today)
    if found is None:
        abort(404)
    page = for_everybody(make_response(render_template("public/posting.html", posting=found)))
    page.status_code = page.status_code if found.open else GONE
    return page
