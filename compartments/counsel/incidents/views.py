"""Pages of incidents: counted out of a case, or by themselves."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office.blueprint import signed_in
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.cases.opened import OpenCase
from compartments.counsel.incidents import listing, service, words
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.forms import IncidentForm, in_words
from compartments.counsel.incidents.models import Incident
from compartments.counsel.tables import ChangedMeanwhile, database
from keys.randomness import new_id

add_nav(
    blueprint,
    "counsel",
    NavItem(lazy_gettext("Incidents"), ".incidents", order=30, section=(".incident",), visible=signed_in),
)


@blueprint.get("/incidents")
@officer_required
def incidents() -> ResponseReturnValue:
    """What was counted in one year."""
    today = state().today
    year = request.args.get("year", today.year, type=int)
    return render_template(
        "counsel/incidents/list.html",
        page=listing.page(year, request.args.get("page", 1, type=int)),
        year=year,
        years=sorted({today.year, *service.years()}, reverse=True),
        words=words,
        in_words=in_words,
    )


@blueprint.get("/incidents/new")
@officer_required(junior=False)
def incident_new() -> ResponseReturnValue:
    """Count an incident: the form."""
    return _show(_blank())


@blueprint.post("/incidents/new")
@officer_required(junior=False)
def incident_added() -> ResponseReturnValue:
    """Count an incident."""
    form = IncidentForm()
    form.offer(state().today)
    if not form.validate_on_submit():
        return _show(form)
    service.add(form.values(), half=form.half.data, incident_id=form.entry.data or new_id())
    flash(_("Counted."), "success")
    return redirect(url_for(".incidents", year=form.half.data[:4]), 303)


@blueprint.get("/cases/<case_id>/incident")
@officer_required(junior=False)
def incident_from_case(case_id: str) -> ResponseReturnValue:
    """Count an incident out of a case: the form. Nothing of the case is filled in."""
    return _show(_blank(), case_of(desk(), case_id))


@blueprint.post("/cases/<case_id>/incident")
@officer_required(junior=False)
def incident_added_from_case(case_id: str) -> ResponseReturnValue:
    """Count an incident out of a case, if the person agrees to be counted."""
    opened, form = case_of(desk(), case_id), IncidentForm()
    form.offer(state().today)
    if not form.validate_on_submit():
        return _show(form, opened)
    try:
        service.add_from(
            opened, form.values(), half=form.half.data, entry_id=form.entry.data or new_id(), now=utc_now()
        )
    except service.NotCounted:
        return _show(form, opened, [_("The person hasn't agreed that their case is counted.")])
    flash(_("Counted. Nothing leads from the incident back to this case."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@blueprint.get("/incidents/<incident_id>")
@officer_required(junior=False)
def incident(incident_id: str) -> ResponseReturnValue:
    """Correct an incident: the form."""
    found = _incident_of(incident_id)
    form = IncidentForm(formdata=None, obj=found)
    form.offer(state().today)
    form.seen.data = service.as_seen(found)
    return _show(form, found=found)


@blueprint.post("/incidents/<incident_id>")
@officer_required(junior=False)
def incident_changed(incident_id: str) -> ResponseReturnValue:
    """Correct an incident."""
    found, form = _incident_of(incident_id), IncidentForm()
    form.offer(state().today)
    if not form.validate_on_submit():
        return _show(form, found=found)
    try:
        with database.atomic("IMMEDIATE"):
            service.change(incident_id, form.values(), half=form.half.data, seen=form.seen.data or "")
    except ChangedMeanwhile:
        present = _incident_of(incident_id)
        form.seen.data = service.as_seen(present)
        return _show(form, found=present, stale=True)
    flash(_("Changed."), "success")
    return redirect(url_for(".incidents", year=form.half.data[:4]), 303)


@blueprint.get("/incidents/<incident_id>/remove")
@officer_required(junior=False)
def incident_remove(incident_id: str) -> ResponseReturnValue:
    """Whether an incident is really to be taken out of the count."""
    found = _incident_of(incident_id)
    return render_template(
        "counsel/sure.html",
        question=_("Don't count this incident?"),
        what=", ".join([str(words.CODES["kind"][found.kind]), in_words(found.half)]),
        follows=_(
            "It is gone from the count for everybody. A report that is released already stays as it is."
        ),
        does=_("Don't count it"),
        back=url_for(".incident", incident_id=incident_id),
        button=Confirmation(formdata=None),
    )


@blueprint.post("/incidents/<incident_id>/remove")
@officer_required(junior=False)
def incident_removed(incident_id: str) -> ResponseReturnValue:
    """Take an incident out of the count."""
    _incident_of(incident_id)
    if Confirmation().validate_on_submit():
        service.remove(incident_id)
        flash(_("The incident isn't counted any more."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".incidents"), 303)


def _blank() -> IncidentForm:
    form = IncidentForm(formdata=None)
    form.entry.data = new_id()
    form.offer(state().today)
    return form


def _incident_of(incident_id: str) -> Incident:
    try:
        return service.find(incident_id)
    except LookupError:
        abort(404)


def _show(
    form: IncidentForm,
    opened: OpenCase | None = None,
    trouble: list[str] | None = None,
    found: Incident | None = None,
    *,
    stale: bool = False,
) -> ResponseReturnValue:
    there = IncidentForm(formdata=None, obj=found) if stale else None
    if there:
        there.offer(state().today)
    return render_template(
        "counsel/incidents/form.html",
        form=form,
        fields=[form[name] for name in FIELDS],
        case=opened,
        head=opened.head if opened else None,
        counted=[in_words(one.data["half"]) for one in service.counted_of(opened)] if opened else [],
        found=found,
        there=[there[name] for name in ("half", *FIELDS)] if there else [],
        trouble=trouble or [],
        button=Confirmation(formdata=None),
    )
