"""The page of letters that couldn't be opened: what happened, and what to do."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, desk
from compartments.counsel.cases import unreadable as letters
from compartments.counsel.cases import words
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.opened import NoCase, open_case
from compartments.counsel.cases.unreadable import Unreadable


@blueprint.get("/cases/unreadable")
@officer_required
def unreadable() -> ResponseReturnValue:
    """What was put aside."""
    at = desk()
    return render_template(
        "counsel/cases/unreadable.html",
        letters=[(one, _head(at, one)) for one in letters.of(at)],
        unopened=letters.unopened(at, state().today),
        words=words,
        button=Confirmation(formdata=None),
    )


@blueprint.post("/cases/unreadable/<letter_id>/again")
@officer_required
def unreadable_again(letter_id: str) -> ResponseReturnValue:
    """Try to open a letter once more."""
    if not Confirmation().validate_on_submit():
        return _again()
    try:
        opened = letters.try_again(desk(), letter_id, now=utc_now())
    except NoCase:
        abort(404)
    if opened:
        flash(_("It could be opened, and stands in its case now."), "success")
    else:
        flash(_("It still can't be opened."), "warning")
    return redirect(url_for(".unreadable"), 303)


@blueprint.post("/cases/unreadable/<letter_id>/delete")
@officer_required(junior=False)
def unreadable_thrown_away(letter_id: str) -> ResponseReturnValue:
    """Delete a letter for good."""
    if not Confirmation().validate_on_submit():
        return _again()
    kept = state().settings.backups_kept
    try:
        letters.throw_away(desk(), letter_id, backups_kept=kept, now=utc_now())
    except NoCase:
        abort(404)
    flash(_("The letter is deleted."), "success")
    return redirect(url_for(".unreadable"), 303)


def _head(at: Desk, one: Unreadable) -> Head | None:
    case = open_case(at.ring, one.case.id, at.author)
    return case.head if case.has_head else None


def _again() -> ResponseReturnValue:
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".unreadable"), 303)
