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
from compartments.board.appointments import orders, people, service, terms
from compartments.board.appointments.forms import NameForm, TermForm
from compartments.board.appointments.people import Held
from compartments.board.appointments.terms import DayHasPassed, NoSuchTerm, StaleTerm
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


@blueprint.get("/<assignment>/term")
@officer_required(stepped_up=True)
def ask_term(assignment: str) -> ResponseReturnValue:
    """Ask for another last day."""
    one = _running(assignment)
    return _term_page(TermForm(ends_on=one.ends_on), one)


@blueprint.post("/<assignment>/term")
@officer_required(stepped_up=True)
def term(assignment: str) -> ResponseReturnValue:
    """Let somebody's term end on another day, or on none."""
    one, form = _running(assignment), TermForm()
    if not form.validate_on_submit():
        return _term_page(form, one), 422
    try:
        terms.change(assignment, form.ends_on.data, was=form.shown(), actor=reader.actor(), day=state().today)
    except StaleTerm:
        return _term_page(form, one, is_stale=True), 409
    except DayHasPassed:
        form.ends_on.errors = [_("The last day is before the first, or has passed.")]
        return _term_page(form, one), 422
    except NoSuchTerm:
        abort(404)
    orders.deliver()
    flash(_("The last day has been changed."), "success")
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


def _running(assignment: str) -> Held:
    """Somebody whose term can be changed: not an offer that waits for an answer."""
    one = _held(assignment)
    if one.standing in people.OFFERS:
        abort(404)
    return one


def _term_page(form: TermForm, one: Held, *, is_stale: bool = False) -> str:
    """The page always sends along the last day that it shows."""
    form.was.data, form.was.raw_data = one.ends_on.isoformat() if one.ends_on else "", None
    return render_template(
        "board/people/term.html", form=form, one=one, titles=reader.titles(), is_stale=is_stale
    )


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
