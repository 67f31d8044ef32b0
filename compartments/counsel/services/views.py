"""Pages of the directory of services."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.office.blueprint import signed_in
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.blueprint import blueprint
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.services import service
from compartments.counsel.services.forms import ServiceForm
from compartments.counsel.services.models import COLUMNS, Service
from compartments.counsel.tables import ChangedMeanwhile
from keys.randomness import new_id

_BY = ("region", "language", "topic", "access")
add_nav(
    blueprint,
    "counsel",
    NavItem(lazy_gettext("Services"), ".services", order=40, section=(".service",), visible=signed_in),
)


@blueprint.get("/services")
@officer_required
def services() -> ResponseReturnValue:
    """The directory, searched."""
    wanted = {name: request.args.get(name, "").strip()[:100] for name in ("words", *_BY)}
    return render_template(
        "counsel/services/list.html",
        found=service.search(**wanted),
        wanted=wanted,
        choices={
            "region": service.choices("region"),
            "language": service.choices("languages"),
            "topic": service.choices("topics"),
            "access": service.choices("accessibility"),
        },
        to_check=len(service.to_check(state().today)),
        oldest=state().today - service.CHECK_EVERY,
    )


@blueprint.get("/services/new")
@officer_required(junior=False)
def service_new() -> ResponseReturnValue:
    """Add a service: the form."""
    form = ServiceForm(formdata=None)
    form.entry.data, form.version.data = new_id(), "0"
    return _show(form)


@blueprint.post("/services/new")
@officer_required(junior=False)
def service_added() -> ResponseReturnValue:
    """Add a service."""
    form = ServiceForm()
    return _keep(form.entry.data or new_id(), form, None)


@blueprint.get("/services/<service_id>")
@officer_required
def service_one(service_id: str) -> ResponseReturnValue:
    """One service."""
    return render_template(
        "counsel/services/one.html",
        one=_find(service_id),
        oldest=state().today - service.CHECK_EVERY,
        button=Confirmation(formdata=None),
    )


@blueprint.get("/services/<service_id>/change")
@officer_required(junior=False)
def service_change(service_id: str) -> ResponseReturnValue:
    """Change a service: the form."""
    found = _find(service_id)
    form = ServiceForm(formdata=None, obj=found)
    form.version.data = str(found.version)
    return _show(form, found)


@blueprint.post("/services/<service_id>/change")
@officer_required(junior=False)
def service_changed(service_id: str) -> ResponseReturnValue:
    """Change a service."""
    return _keep(service_id, ServiceForm(), _find(service_id))


@blueprint.post("/services/<service_id>/checked")
@officer_required(junior=False)
def service_checked(service_id: str) -> ResponseReturnValue:
    """Note that all is as it stands here."""
    _find(service_id)
    if Confirmation().validate_on_submit():
        service.checked(service_id, state().today)
        flash(_("Noted as checked today."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".service_one", service_id=service_id), 303)


@blueprint.get("/services/<service_id>/remove")
@officer_required(junior=False)
def service_remove(service_id: str) -> ResponseReturnValue:
    """Whether a service is really to be deleted."""
    one = _find(service_id)
    return render_template(
        "counsel/sure.html",
        question=_("Delete this service?"),
        what=one.name,
        follows=_(
            "It is gone from the directory for everybody. What was passed on to it stays noted in the cases."
        ),
        does=_("Delete from the directory"),
        back=url_for(".service_one", service_id=service_id),
        button=Confirmation(formdata=None),
    )


@blueprint.post("/services/<service_id>/remove")
@officer_required(junior=False)
def service_removed(service_id: str) -> ResponseReturnValue:
    """Delete a service."""
    _find(service_id)
    if Confirmation().validate_on_submit():
        service.remove(service_id)
        flash(_("The service is gone from the directory."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".services"), 303)


@blueprint.get("/services.csv")
@officer_required
def services_export() -> ResponseReturnValue:
    """The directory as a file."""
    headers = {"Content-Disposition": "attachment; filename=services.csv", "Cache-Control": "no-store"}
    return Response(service.export(), mimetype="text/csv", headers=headers)


def _find(service_id: str) -> Service:
    try:
        return service.find(service_id)
    except LookupError:
        abort(404)


def _keep(service_id: str, form: ServiceForm, found: Service | None) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _show(form, found)
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    values = {name: form[name].data or ("" if name != "checked_on" else None) for name in COLUMNS}
    try:
        service.keep(service_id, values, version=version)
    except ChangedMeanwhile:
        present = service.find(service_id)
        form.version.data = str(present.version)
        return _show(form, present, stale=True)
    flash(_("Kept."), "success")
    return redirect(url_for(".service_one", service_id=service_id), 303)


def _show(form: ServiceForm, found: Service | None = None, *, stale: bool = False) -> ResponseReturnValue:
    there = ServiceForm(formdata=None, obj=found) if stale else None
    return render_template(
        "counsel/services/form.html",
        form=form,
        found=found,
        there=[there[name] for name in COLUMNS] if there else [],
        columns=COLUMNS,
    )
