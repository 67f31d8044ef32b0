"""The page on which a single exit is taken out of a full list."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author
from app.web.guard import officer_required
from compartments.membership.imports import leavers, sparing, staging
from compartments.membership.imports.forms import SpareForm

blueprint = Blueprint("sparing", __name__, url_prefix="/<int:import_id>/exits/<int:place>")


@blueprint.get("/")
@officer_required(junior=False)
def ask(import_id: int, place: int) -> ResponseReturnValue:
    """Who would stay."""
    return _ask(import_id, place, SpareForm(formdata=None))


@blueprint.post("/")
@officer_required(junior=False)
def spare(import_id: int, place: int) -> ResponseReturnValue:
    """Let this member stay."""
    form = SpareForm()
    if not form.validate_on_submit():
        return _ask(import_id, place, form)
    try:
        sparing.spare(import_id, place, form.reason.data or "", by=author(), now=utc_now())
        flash(_("The member stays. Please look through the list again before it is taken in."), "success")
    except (sparing.NoExit, staging.WrongState, staging.NoImport):
        flash(_("The import is no longer what you have seen."), "warning")
    return redirect(url_for("membership.imports.show", import_id=import_id, kind="exit"), 303)


def _ask(import_id: int, place: int, form: SpareForm) -> ResponseReturnValue:
    try:
        one, row = staging.find(import_id), sparing.find(import_id, place)
    except (staging.NoImport, sparing.NoExit):
        abort(404)
    name = leavers.names([row]).get(place, "")
    return render_template("membership/imports/spare.html", one=one, row=row, name=name, form=form)
