"""Pages for writing postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.shared import posting_changes as changes
from app.shared.models import Posting
from app.shared.postings import filled_seats, view
from app.web.guard import officer_required
from app.web.state import state
from compartments.board import reader, reports
from compartments.board.postings.forms import (
    LANGUAGES,
    PostingForm,
    StateForm,
    values_of,
)
from compartments.board.postings.service import Difference, differences

blueprint = Blueprint("postings", __name__)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """All postings with seats and applications."""
    rows = reports.per_posting(reader.language(), state().today)
    return render_template("board/postings/index.html", rows=rows, today=state().today)


@blueprint.get("/new")
@officer_required
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form(PostingForm(), None)


@blueprint.post("/new")
@officer_required
def create() -> ResponseReturnValue:
    """Store a new draft."""
    form = PostingForm()
    if not form.validate_on_submit():
        return _form(form, None, 422)
    slug = form.slug.data or changes.slug_for(form.de.form.title.data)
    try:
        changes.create(slug, form.to_draft())
    except (changes.SlugTaken, ValueError):
        form.slug.errors = [_("There is a posting with this address already. Please choose another one.")]
        form.slug.data = slug
        return _form(form, None, 422)
    flash(_("The posting has been saved as a draft. Nobody outside the board sees it yet."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.get("/<slug>")
@officer_required
def show(slug: str) -> ResponseReturnValue:
    """A posting as the board sees it."""
    posting = find_or_404(slug)
    return page_of(posting)


@blueprint.get("/<slug>/edit")
@officer_required
def edit(slug: str) -> ResponseReturnValue:
    """The form, filled in."""
    posting = find_or_404(slug)
    return _form(PostingForm(data=values_of(posting)), posting)


@blueprint.post("/<slug>/edit")
@officer_required
def save(slug: str) -> ResponseReturnValue:
    """Save what was changed. If somebody else was faster, both versions are shown and nothing is lost."""
    posting, form = find_or_404(slug), PostingForm()
    if posting.state != "draft":
        form.compartment.data, form.role.data = posting.compartment or "", posting.role
        form.deadline.data = posting.deadline
    if not form.validate_on_submit():
        return _form(form, posting, 422)
    try:
        changes.save(slug, form.to_draft(), revision=form.revision.data)
    except changes.StalePosting as stale:
        found = differences(values_of(stale.current), form.data)
        form.revision.data, form.revision.raw_data = stale.current.revision, None
        return _form(form, stale.current, 409, differing=found)
    except changes.PlaceIsFixed:
        abort(400)
    flash(_("The posting has been saved."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.post("/preview")
@officer_required
def preview() -> ResponseReturnValue:
    """The form again with what it would look like; nothing is saved."""
    posting, form = _edited(), PostingForm()
    form.validate()
    return _form(form, posting, preview=True)


@blueprint.post("/rows")
@officer_required
def more_rows() -> ResponseReturnValue:
    """The form again with one more empty row; nothing is saved."""
    posting, form = _edited(), PostingForm()
    form.csrf_token.validate(form)
    return _form(form, posting)


def find_or_404(slug: str) -> Posting:
    """Return a posting of any state, or end the request."""
    posting: Posting | None = Posting.get_or_none(Posting.slug == slug)
    if posting is None:
        abort(404)
    return posting


def _edited() -> Posting | None:
    slug = request.args.get("of", "")
    return find_or_404(slug) if slug else None


def _form(
    form: PostingForm,
    posting: Posting | None,
    status: int = 200,
    *,
    preview: bool = False,
    differing: list[Difference] | None = None,
) -> ResponseReturnValue:
    shown: dict[str, Markup] = {}
    if preview:
        for tongue, texts in form.typed_texts.items():
            shown[tongue] = _reading(
                tongue,
                texts=texts,
                requirements=_asked(form.typed_requirements, tongue),
                questions=_asked(form.typed_questions, tongue),
            )
    form.more_rows()
    page = render_template(
        "board/postings/form.html", form=form, posting=posting, preview=shown, differing=differing or []
    )
    return page, status


def page_of(posting: Posting, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page of one posting, as the board sees it."""
    day, filled = state().today, filled_seats(posting.slug)
    figures = {row.posting.slug: row for row in reports.per_posting(reader.language(), day)}[posting.slug]
    page = render_template(
        "board/postings/show.html",
        posting=posting,
        readings={tongue: _whole_reading(posting, tongue) for tongue in LANGUAGES if tongue in posting.texts},
        here=view(posting, reader.language(), day, filled),
        figures=figures,
        form=StateForm(revision=posting.revision),
        problem=problem,
        today=day,
    )
    return page, status


def _whole_reading(posting: Posting, tongue: str) -> Markup:
    here = view(posting, tongue, state().today, 0)
    return _reading(tongue, texts=here.texts, requirements=here.requirements, questions=here.questions)


def _reading(tongue: str, **content: Any) -> Markup:
    """A posting's text with the headings of its own language, whatever the officer's is."""
    with force_locale(tongue):
        return Markup(render_template("board/postings/texts.html", **content))  # noqa: S704  (rendered, so escaped)


def _asked(entries: Sequence[Mapping[str, Any]], tongue: str) -> list[dict[str, Any]]:
    return [{**entry, "text": entry["texts"].get(tongue) or entry["texts"]["de"]} for entry in entries]
