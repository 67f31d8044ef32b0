"""Pages for two entries that are the same human. They belong to the blueprint of the people's pages."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.shared.assignments import SeparationRefused
from app.web.guard import officer_required
from app.web.state import state
from compartments.board import reader
from compartments.board.appointments import merging, orders
from compartments.board.appointments.forms import MergeForm, PairForm
from compartments.board.appointments.merging import Entry, NoSuchEntry
from compartments.board.appointments.offers import blueprint

__all__ = ["blueprint"]


@blueprint.get("/merge")
@officer_required
def choose_pair() -> ResponseReturnValue:
    """Which two entries are to be compared: likely ones to choose from, or any two."""
    known = merging.entries()
    form = PairForm(request.args)
    form.offer([(one.person, _said(one)) for one in known])
    if "one" in request.args and form.validate():
        return redirect(url_for(".compare", one=form.one.data, other=form.other.data), 303)
    page = render_template(
        "board/people/merge.html", form=form, likely=merging.likely(known), titles=reader.titles()
    )
    return page, 422 if form.errors else 200


@blueprint.get("/merge/<one>/<other>")
@officer_required(stepped_up=True)
def compare(one: str, other: str) -> ResponseReturnValue:
    """Both side by side, and what would happen."""
    return _compare_page(MergeForm(), *_pair(one, other))


@blueprint.post("/merge/<one>/<other>")
@officer_required(stepped_up=True)
def merge(one: str, other: str) -> ResponseReturnValue:
    """Make them one, or say which rule stands against it."""
    both, form = _pair(one, other), MergeForm()
    if not form.validate_on_submit():
        return _compare_page(form, *both), 422
    kept, gone = (one, other) if form.kept.data == "one" else (other, one)
    try:
        merging.merge(kept, gone, actor=reader.actor())
    except SeparationRefused:
        return _compare_page(form, *both), 409
    orders.deliver()
    flash(_("The two entries are one now."), "success")
    return redirect(url_for(".index"), 303)


def _pair(one: str, other: str) -> tuple[Entry, Entry]:
    try:
        return merging.pair(one, other)
    except NoSuchEntry:
        abort(404)


def _said(one: Entry) -> str:
    """An entry in one line, to be chosen from a list."""
    name, offices = one.name or _("Name not known"), len(one.held)
    held = ngettext("%(num)s office", "%(num)s offices", offices)
    return f"{name} ({one.email or one.person[:6]}, {held})"


def _compare_page(form: MergeForm, one: Entry, other: Entry) -> str:
    return render_template(
        "board/people/compare.html",
        form=form,
        both=(one, other),
        rule=merging.rule_against(one, other),
        until=merging.cooling_off_until(one, other, state().today, state().settings.cooling_off),
        twice=merging.held_twice(one, other),
        titles=reader.titles(),
    )
