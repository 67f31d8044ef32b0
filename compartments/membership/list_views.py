"""Pages beside the register's list: filters that can be saved, and columns to choose."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.office.blueprint import author
from app.web.guard import officer_required
from compartments.membership import divisions, settings
from compartments.membership.fields import divisions as division_choices
from compartments.membership.filters import Filter
from compartments.membership.list_forms import ButtonForm, ColumnsForm, FilterForm
from compartments.membership.listing import MORE
from compartments.membership.wording import FIELD_NAMES, in_words

blueprint = Blueprint("lists", __name__, url_prefix="/lists")

FIXED = {
    "number": lazy_gettext("Number"),
    "division": lazy_gettext("Division"),
    "entry": lazy_gettext("Entry"),
    "status": lazy_gettext("Status"),
}
USUAL = tuple(FIXED)
PAID_UNTIL = {"paid_until": lazy_gettext("Paid until")}


@blueprint.route("/filters", methods=["GET", "POST"])
@officer_required
def filters() -> ResponseReturnValue:
    """Put a filter together, look through it, and save it under a name."""
    form = FilterForm(division_choices=division_choices(divisions.every()))
    asked = Filter.of(form.data if request.method == "POST" else request.args)
    if form.validate_on_submit():
        if form.name.data:
            settings.keep(author().id, settings.FILTER, form.name.data, asked.as_arguments())
            flash(_("The filter is saved."), "success")
        shown: Any = asked.as_arguments()
        return redirect(url_for("membership.index", **shown), 303)
    if request.method == "GET":
        for name, value in vars(asked).items():
            field = form[name]
            field.data = str(value or "") if name in {"division", "status", "voting"} else value
    saved = settings.every(author().id, settings.FILTER)
    return render_template(
        "membership/filters.html", form=form, saved=saved, button=ButtonForm(formdata=None)
    )


@blueprint.post("/filters/forget")
@officer_required
def forget() -> ResponseReturnValue:
    """Forget a saved filter."""
    form = ButtonForm()
    if form.validate_on_submit():
        settings.forget(author().id, settings.FILTER, form.name.data or "")
        flash(_("The filter is gone."), "success")
    return redirect(url_for(".filters"), 303)


@blueprint.route("/columns", methods=["GET", "POST"])
@officer_required
def columns() -> ResponseReturnValue:
    """Choose the columns of the list."""
    form = ColumnsForm()
    form.columns.choices = [(name, str(label)) for name, label in names().items()]
    if form.validate_on_submit():
        settings.keep(author().id, settings.COLUMNS, "", form.columns.data)
        flash(_("The list shows these columns now."), "success")
        return redirect(url_for("membership.index"), 303)
    if request.method == "GET":
        kept = settings.kept(author().id, settings.COLUMNS)
        form.columns.data = list(USUAL) if kept is None else kept
    return render_template("membership/columns.html", form=form)


def names() -> dict[str, object]:
    """Every column that can be chosen, and what it is called."""
    return {**FIXED, **{name: {**FIELD_NAMES, **PAID_UNTIL}[name] for name in MORE}}


def table(kept: list[str] | None) -> dict[str, Any]:
    """What the list's template needs: the chosen columns, what they are called, and which of them are no part of every line."""
    called = names()
    known = [name for name in (USUAL if kept is None else kept) if name in called]
    more = [name for name in known if name in MORE]
    labels = [called[name] for name in known]
    return {"columns": known, "labels": labels, "names": called, "more": more, "words": in_words}
