"""Pages of this part of the membership compartment: what persons ask for, the month to answer, and the access report."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership import divisions, persons
from compartments.membership.models import Person
from compartments.membership.rights import erasure_views, requests, wording
from compartments.membership.rights.forms import RequestForm
from compartments.membership.rights.printing import pdf
from compartments.membership.rights.readable import readable
from compartments.membership.rights.report import report as make_report
from keys.randomness import new_id

blueprint = Blueprint("rights", __name__, url_prefix="/rights")
blueprint.register_blueprint(erasure_views.blueprint)
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Data requests"), ".index", order=45, section=(".",), visible=signed_in, more=True),
)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What is not answered yet, the most urgent first."""
    waiting = requests.waiting()
    return render_template(
        "membership/rights/index.html",
        requests=waiting,
        kinds=wording.kind_names(),
        today=state().today,
        button=Confirmation(),
    )


@blueprint.get("/persons/<int:person_id>")
@officer_required(junior=False, stepped_up=True)
def person(person_id: int) -> ResponseReturnValue:
    """One person's requests, and the report. That it was read is logged."""
    form = RequestForm(formdata=None, today=state().today)
    form.entry.data, form["received_on"].data = new_id(), state().today
    return _page(_read(person_id), form)


@blueprint.post("/persons/<int:person_id>/requests")
@officer_required(junior=False)
def note(person_id: int) -> ResponseReturnValue:
    """Write a request down."""
    form = RequestForm(today=state().today)
    if not form.validate_on_submit():
        return _page(_read(person_id), form)
    try:
        requests.note(
            person_id,
            form.kind.data,
            received_on=form["received_on"].data,
            entry_id=form.entry.data or new_id(),
            by=author(),
            ticket=form.ticket.data or "",
        )
    except persons.NoPerson:
        abort(404)
    flash(_("The request is noted. The month to answer has begun."), "success")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/requests/<request_id>/answered")
@officer_required(junior=False)
def answered(request_id: str) -> ResponseReturnValue:
    """A request is answered."""
    if Confirmation().validate_on_submit():
        try:
            requests.answer(request_id, by=author(), day=state().today)
        except requests.NoRequest:
            abort(404)
        flash(_("The request is answered."), "success")
    else:
        flash(_("The page was open for too long. Please try again."), "warning")
    return redirect(url_for(".index"), 303)


@blueprint.post("/persons/<int:person_id>/report")
@officer_required(junior=False, stepped_up=True)
def report(person_id: int) -> ResponseReturnValue:
    """The access report, made in memory; that it was made is written into the log of acts."""
    if not Confirmation().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
        return redirect(url_for(".person", person_id=person_id), 303)
    known = _read(person_id)
    made = make_report(
        known.id,
        organisation=state().settings.organisation,
        day=state().today,
        statements=wording.statements(),
    )
    language = str(get_locale() or "de")[:2]
    if request.form.get("go") == "pdf":
        words = wording.report_words()
        content, kind, ending = (
            pdf(readable(made, divisions.names()), words, language),
            "application/pdf",
            "pdf",
        )
    else:
        written = json.dumps(made, ensure_ascii=False, indent=2)
        content, kind, ending = written.encode(), "application/json", "json"
    with write_transaction(shared_database):
        acts.record(acts.Kind.EXPORTED, compartment="membership", actor=author().id)
    headers = {
        "Content-Disposition": f"attachment; filename=report.{ending}",
        "Cache-Control": "no-store",
    }
    return Response(content, mimetype=kind, headers=headers)


def _read(person_id: int) -> Person:
    try:
        return persons.read(person_id, by=author(), now=utc_now())
    except persons.NoPerson:
        abort(404)


def _page(known: Person, form: RequestForm) -> ResponseReturnValue:
    return render_template(
        "membership/rights/person.html",
        person=known,
        form=form,
        button=Confirmation(formdata=None),
        requests=requests.of(known.id),
        kinds=wording.kind_names(),
    )
