"""Pages that change a posting's state: publish, extend, close, open again. They belong to the blueprint of the postings' pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.shared import posting_changes as changes
from app.shared.models import Posting
from app.shared.posting_changes import PostingError
from app.web.guard import officer_required
from app.web.state import state
from compartments.board import reader
from compartments.board.postings.forms import ExtendForm, ReopenForm, StateForm
from compartments.board.postings.views import blueprint, find_or_404, page_of

__all__ = ["blueprint"]


@blueprint.post("/<slug>/publish")
@officer_required
def publish(slug: str) -> ResponseReturnValue:
    """Show a draft to everybody."""

    def act(form: StateForm) -> None:
        changes.publish(slug, revision=form.revision.data, day=state().today, actor=reader.actor().id)

    return _act(slug, act, _("The posting is published."))


@blueprint.post("/<slug>/close")
@officer_required
def close(slug: str) -> ResponseReturnValue:
    """Take no more applications."""

    def act(form: StateForm) -> None:
        changes.close(slug, revision=form.revision.data, actor=reader.actor().id)

    return _act(slug, act, _("The posting is closed. It takes no more applications."))


@blueprint.get("/<slug>/extend")
@officer_required
def ask_extend(slug: str) -> ResponseReturnValue:
    """Ask for the later deadline."""
    return _ask_deadline(ExtendForm, slug, "extend")


@blueprint.post("/<slug>/extend")
@officer_required
def extend(slug: str) -> ResponseReturnValue:
    """Extend the deadline of one posting."""
    said = _("The deadline has been extended. The public page says so.")
    return _new_deadline(slug, ExtendForm(), "extend", changes.extend, said)


@blueprint.get("/<slug>/reopen")
@officer_required
def ask_reopen(slug: str) -> ResponseReturnValue:
    """Ask for the deadline of a posting that opens again."""
    return _ask_deadline(ReopenForm, slug, "reopen")


@blueprint.post("/<slug>/reopen")
@officer_required
def reopen(slug: str) -> ResponseReturnValue:
    """Publish a closed posting again."""
    return _new_deadline(slug, ReopenForm(), "reopen", changes.reopen, _("The posting is open again."))


def _act(slug: str, act: Callable[[StateForm], None], done: str) -> ResponseReturnValue:
    form = StateForm()
    if not form.validate_on_submit():
        return page_of(
            find_or_404(slug), _("This page was open for too long. Please press the button again."), 422
        )
    try:
        act(form)
    except changes.UnknownPosting:
        abort(404)
    except PostingError as error:
        return page_of(find_or_404(slug), _problem(error), 409)
    flash(done, "success")
    return redirect(url_for(".show", slug=slug), 303)


def _ask_deadline(form: type[ExtendForm | ReopenForm], slug: str, kind: str) -> ResponseReturnValue:
    posting = find_or_404(slug)
    return _deadline_page(form(revision=posting.revision), posting, kind)


def _deadline_page(
    form: ExtendForm | ReopenForm, posting: Posting, kind: str, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "board/postings/deadline.html",
        form=form,
        posting=posting,
        kind=kind,
        title=reader.title_of(posting, reader.language()),
    )
    return page, status


def _new_deadline(
    slug: str, form: ExtendForm | ReopenForm, kind: str, change: Callable[..., object], done: str
) -> ResponseReturnValue:
    posting = find_or_404(slug)
    if not form.validate_on_submit():
        return _deadline_page(form, posting, kind, 422)
    try:
        change(
            slug,
            form.deadline.data,
            revision=form.revision.data,
            day=state().today,
            actor=reader.actor().id,
        )
    except PostingError as error:
        form.deadline.errors = [*form.deadline.errors, _problem(error)]
        current = find_or_404(slug)
        form.revision.data, form.revision.raw_data = current.revision, None
        return _deadline_page(form, current, kind, 409)
    flash(done, "success")
    return redirect(url_for(".show", slug=slug), 303)


def _problem(error: PostingError) -> Any:
    match error:
        case changes.StalePosting():
            return _(
                "Somebody else has just changed this posting. You see it as it is now; please look and try again."
            )
        case changes.IncompletePosting():
            return _("A posting needs a title and a summary in German before it can be published.")
        case changes.DeadlineTooEarly():
            return _("The deadline has to be later than today, and later than the one before.")
    return _("This isn't possible any more: the posting is in another state now.")
