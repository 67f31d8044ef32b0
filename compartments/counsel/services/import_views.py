"""Pages on which services are taken from a file: what it would do first, and then just that."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.guard import officer_required
from compartments.counsel.blueprint import blueprint
from compartments.counsel.services import importing, words
from compartments.counsel.services.forms import ImportForm, TakingForm
from compartments.counsel.tables import ChangedMeanwhile


@blueprint.get("/services/import")
@officer_required(junior=False)
def services_import() -> ResponseReturnValue:
    """Take services from a file: the form."""
    return _show(ImportForm(formdata=None))


@blueprint.post("/services/import")
@officer_required(junior=False)
def services_looked_at() -> ResponseReturnValue:
    """What a file would do. Nothing is changed yet."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _show(form)
    try:
        text = importing.decoded(form.file.data.read())
        plan = importing.plan(text, words.heads())
    except importing.Refused as refused:
        return _show(form, refused.rows)
    return _show_plan(plan, text)


@blueprint.post("/services/import/take")
@officer_required(junior=False)
def services_imported() -> ResponseReturnValue:
    """Take the services, all or none, if they would still do what somebody has looked at."""
    form, heads = TakingForm(), words.heads()
    text = (form.content.data or "").replace("\r\n", "\n")
    try:
        if not form.validate_on_submit():
            return _show_plan(importing.plan(text, heads), text, form)
        done = importing.take_in(text, heads, sign=form.sign.data)
    except importing.Refused as refused:
        return _show(ImportForm(formdata=None), refused.rows)
    except ChangedMeanwhile:
        flash(_("A colleague has changed the directory meanwhile. Please look at this once more."), "warning")
        return _show_plan(importing.plan(text, heads), text)
    flash(
        _("%(added)s added, %(changed)s changed.", added=len(done.added), changed=len(done.changed)),
        "success",
    )
    return redirect(url_for(".services"), 303)


def _show(form: ImportForm, bad: list[importing.BadRow] | None = None) -> ResponseReturnValue:
    return render_template(
        "counsel/services/import.html", form=form, bad=bad or [], columns=words.COLUMNS.values()
    )


def _show_plan(plan: importing.Plan, text: str, sent: TakingForm | None = None) -> ResponseReturnValue:
    form = sent or TakingForm(formdata=None)
    form.content.data, form.sign.data = text, plan.sign
    lines = [
        (one.service.name, column, old, new)
        for one in plan.changed
        for column, (old, new) in one.columns.items()
    ]
    return render_template(
        "counsel/services/plan.html", form=form, plan=plan, lines=lines, columns=words.COLUMNS
    )
