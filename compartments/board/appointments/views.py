"""Pages for the people who hold offices."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.offices import OFFICES
from app.web.guard import officer_required
from app.web.state import state
from compartments.board import reader, reports
from compartments.board.appointments import orders, people, service
from compartments.board.appointments.forms import (
    NameForm,
)
from compartments.board.appointments.people import Held
from compartments.board.forms import EmptyForm

blueprint = Blueprint("people", __name__)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Who holds what."""
    compartment = request.args.get("compartment", "")
    chosen = compartment if compartment in OFFICES else None
    figures = reports.per_posting(reader.language(), state().today)
    return render_template(
        "board/people/index.html",
        held=people.held(chosen),
        chosen=chosen,
        offices=OFFICES,
        vacancies=reports.vacancies(figures),
        titles=reader.titles(),
        today=state().today,
        soon=state().today + timedelta(days=reports.REMINDERS[0]),
    )


@blueprint.get("/<assignment>/name")
@officer_required
def ask_name(assignment: str) -> ResponseReturnValue:
    """Ask for somebody's name."""
    one = _held(assignment)
    return _name_page(NameForm(name=one.name, email=one.email), one)


@blueprint.post("/<assignment>/name")
@officer_required
def name(assignment: str) -> ResponseReturnValue:
    """Keep somebody's name."""
    one, form = _held(assignment), NameForm()
    if not form.validate_on_submit():
        return _name_page(form, one), 422
    service.name_person(one.person, form.name.data, form.email.data or "")
    flash(_("The name has been saved."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<assignment>/end")
@officer_required(stepped_up=True)
def ask_end(assignment: str) -> ResponseReturnValue:
    """Ask whether it is meant."""
    return _end_page(EmptyForm(), _held(assignment))


@blueprint.post("/<assignment>/end")
@officer_required(stepped_up=True)
def end(assignment: str) -> ResponseReturnValue:
    """End somebody's office, and their access, at once."""
    one, form = _held(assignment), EmptyForm()
    if not form.validate_on_submit():
        return _end_page(form, one), 422
    service.end(assignment, actor=reader.actor(), day=state().today)
    orders.deliver()
    flash(_("The office has ended, and all access with it."), "success")
    return redirect(url_for(".index"), 303)


def _held(assignment: str) -> Held:
    one = people.find(assignment)
    if one is None:
        abort(404)
    return one


def _name_page(form: NameForm, one: Held) -> str:
    return render_template("board/people/name.html", form=form, one=one, titles=reader.titles())


def _end_page(form: EmptyForm, one: Held) -> str:
    return render_template(
        "board/people/end.html",
        form=form,
        one=one,
        titles=reader.titles(),
        is_last=people.is_last_officer(one),
    )
