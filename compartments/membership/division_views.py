"""Pages of the tree of divisions: who belongs where, and how many members each has. The figures stay inside the vault."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import divisions, headcount, member_counts
from compartments.membership.fields import divisions as division_choices
from compartments.membership.list_forms import KIND_NAMES, ButtonForm, DivisionForm
from compartments.membership.models import Division
from compartments.membership.tables import MemberCount

blueprint = Blueprint("divisions", __name__, url_prefix="/divisions")


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The tree, with the members of each division today."""
    return render_template(
        "membership/divisions.html", lines=headcount.members_on(state().today), kinds=KIND_NAMES
    )


@blueprint.get("/members")
@officer_required
def members() -> ResponseReturnValue:
    """The members on 31 December (PartG section 24(10)), for print."""
    latest = state().today.year - 1
    year = request.args.get("year", latest, type=int)
    if not 1900 <= year <= latest + 1:  # noqa: PLR2004
        abort(404)
    day = min(state().today.replace(year=year, month=12, day=31), state().today)
    lines = headcount.members_on(day)
    signed = [_signed(one) for one in member_counts.of_year(year)]
    return render_template(
        "membership/members.html",
        lines=lines,
        day=day,
        year=year,
        latest=latest,
        signed=signed,
        button=ButtonForm(formdata=None),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@officer_required(junior=False)
def add() -> ResponseReturnValue:
    """Add a division."""
    form = _form()
    if request.method == "GET":
        form.parent.data = request.args.get("parent", "")
    if form.validate_on_submit():
        try:
            divisions.create(form.name.data or "", form.kind.data, _parent(form))
        except divisions.NameTaken:
            form.name.errors = [_("Another division at this place has this name.")]
        else:
            flash(_("The division is added."), "success")
            return redirect(url_for(".index"), 303)
    return render_template("membership/division.html", form=form, division=None)


@blueprint.route("/<int:division_id>", methods=["GET", "POST"])
@officer_required(junior=False)
def edit(division_id: int) -> ResponseReturnValue:
    """Rename or move a division."""
    division, form = _found(division_id), _form()
    if request.method == "GET":
        form.name.data, form.kind.data = division.name, division.kind
        form.parent.data = str(division.__data__["parent"] or "")
    if form.validate_on_submit():
        try:
            divisions.change(division.id, form.name.data or "", form.kind.data, _parent(form))
        except divisions.NameTaken:
            form.name.errors = [_("Another division at this place has this name.")]
        except divisions.Circle:
            form.parent.errors = [_("A division can't belong to itself or to one below it.")]
        else:
            flash(_("The changes are saved."), "success")
            return redirect(url_for(".index"), 303)
    return render_template(
        "membership/division.html", form=form, division=division, button=ButtonForm(formdata=None)
    )


@blueprint.post("/<int:division_id>/remove")
@officer_required(junior=False)
def remove(division_id: int) -> ResponseReturnValue:
    """Remove an empty division."""
    division = _found(division_id)
    if ButtonForm().validate_on_submit():
        try:
            divisions.remove(division.id)
        except divisions.StillUsed:
            flash(_("Members, former members or other divisions belong to it; it stays."), "warning")
            return redirect(url_for(".edit", division_id=division.id), 303)
        flash(_("The division is removed."), "success")
    return redirect(url_for(".index"), 303)


def _signed(count: MemberCount) -> tuple[int, dict[str, Any], str, date]:
    statement, fingerprint = member_counts.verified(count.document)
    return count.id, statement, fingerprint, date.fromisoformat(statement["signed_on"])


def _form() -> DivisionForm:
    return DivisionForm(division_choices=division_choices(divisions.every()))


def _parent(form: DivisionForm) -> int | None:
    return int(form.parent.data) if form.parent.data else None


def _found(division_id: int) -> Division:
    try:
        return divisions.find(division_id)
    except divisions.NoDivision:
        abort(404)
