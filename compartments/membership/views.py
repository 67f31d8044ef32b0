"""Pages of the membership compartment: the register, one person, their history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office.blueprint import author, signed_in
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership import (
    count_views,
    division_views,
    divisions,
    list_views,
    listing,
    months,
    persons,
    rule_views,
    settings,
)
from compartments.membership.admissions import letter_views as admission_letters
from compartments.membership.admissions import views as admissions
from compartments.membership.audit import add_figures
from compartments.membership.dues import rule_views as dues_rules
from compartments.membership.dues import views as dues
from compartments.membership.duplicates import aliases, entry
from compartments.membership.duplicates import views as duplicates
from compartments.membership.exports import views as exports
from compartments.membership.fields import divisions as division_choices
from compartments.membership.filters import Filter
from compartments.membership.forms import PersonForm, SearchForm
from compartments.membership.imports import views as imports
from compartments.membership.invitations import keys
from compartments.membership.invitations import views as invitations
from compartments.membership.list_forms import LeaveForm
from compartments.membership.models import SCHEMA, Person
from compartments.membership.reconciliation import views as reconciliation
from compartments.membership.rights import views as rights
from compartments.membership.service import ACTIONS, INCOMING, JOBS
from compartments.membership.wording import FIELD_NAMES, age, change_in_words, edits, in_words
from keys.randomness import new_id

blueprint = Blueprint("membership", __name__)
for part in (
    count_views,
    division_views,
    list_views,
    rule_views,
    admissions,
    admission_letters,
    dues_rules,
    dues,
    duplicates,
    exports,
    imports,
    invitations,
    reconciliation,
    rights,
):
    blueprint.register_blueprint(part.blueprint)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS, JOBS)
register_sections = (
    ".index", ".person", ".add_person", ".edit_person", ".history", ".leave", ".lists.", ".exports.",
)  # fmt: skip
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Register"), ".index", order=10, section=register_sections, visible=signed_in),
    NavItem(
        lazy_gettext("Divisions"),
        ".divisions.index",
        order=30,
        section=(".divisions.", ".counts."),
        visible=signed_in,
        more=True,
    ),
    NavItem(lazy_gettext("Dues"), ".dues.index", order=20, section=(".dues.", ".rule."), visible=signed_in),
)
add_figures(blueprint)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The register: one page of it, or who a search finds."""
    form, desk = SearchForm(request.args), settings.desk(author().id)
    table = list_views.table(desk.columns)
    more = table["more"]
    if form.q.data and form.q.data.strip():
        found = listing.search(form.q.data, page=request.args.get("page", 1, type=int), columns=more)
        return render_template(
            "membership/search.html", search=form, found=found, total=desk.total, table=table
        )
    sort, asked = request.args.get("sort", "name"), Filter.of(request.args)
    where = asked.conditions(state().today)
    stretch = listing.turn(
        sort=sort if sort in listing.SORTS else "name",
        after=request.args.get("after", type=_id),
        before=request.args.get("before", type=_id),
        letter=request.args.get("letter", ""),
        at_end="end" in request.args,
        where=where,
        columns=more,
    )
    return render_template(
        "membership/register.html",
        search=form,
        stretch=stretch,
        total=desk.total,
        sort=sort,
        letters=LETTERS,
        table=table,
        asked=asked.as_arguments(),
        saved=desk.filters,
        counted=listing.count(where) if where else None,
        most=listing.COUNTED,
        **reconciliation.reminded(),
    )


@blueprint.route("/persons/new", methods=["GET", "POST"])
@officer_required
def add_person() -> ResponseReturnValue:
    """Add a person."""
    form = _form()
    if request.method == "GET":
        form.entry.data = new_id()
        form.member_number.data = persons.next_number()
        form["entered_on"].data = state().today
    if form.validate_on_submit() and not entry.stops(form.details, form_id=form.entry.data):
        try:
            person = persons.add(
                form.details,
                entry_id=form.entry.data or new_id(),
                by=author(),
                now=utc_now(),
                ticket=form.ticket.data or "",
            )
        except persons.NumberTaken:
            form.member_number.errors = [_("Another person has this member number.")]
        else:
            entry.saved(person.id)
            flash(_("The person is in the register now."), "success")
            return redirect(url_for(".person", person_id=person.id), 303)
    return render_template("membership/add.html", form=form)


@blueprint.get("/persons/<int:person_id>")
@officer_required
def person(person_id: int) -> ResponseReturnValue:
    """Everything that is known of one person. That it was read is logged."""
    try:
        known = persons.read(person_id, by=author(), now=utc_now())
    except persons.NoPerson:
        abort(404)
    names = divisions.names()
    words = {
        name: in_words(name, value, names) for name, value in persons.details_of(known).as_dict().items()
    }
    return render_template(
        "membership/person.html",
        person=known,
        names=FIELD_NAMES,
        words=words,
        division_path=divisions.path(known.division_id),
        age=age(known.birth_date, state().today),
        arrears=0 if known.left_on else months.arrears(known.paid_until, state().today, known.dues_cents),
        recent=edits(persons.history(known), names)[:3],
        former=aliases.of(known.id),
        has_key=keys.living_key(known.id) is not None,
    )


@blueprint.route("/persons/<int:person_id>/edit", methods=["GET", "POST"])
@officer_required
def edit_person(person_id: int) -> ResponseReturnValue:
    """Change a person. Whoever saves second sees what the first one changed, and can save again."""
    try:
        known = persons.find(person_id)
    except persons.NoPerson:
        abort(404)
    form = _form()
    if request.method == "GET":
        persons.read(person_id, by=author(), now=utc_now())
        form.show(persons.details_of(known))
        form.revision.data = str(known.revision)
    if form.validate_on_submit() and not entry.stops(form.details, person=known):
        return _save(known, form)
    return render_template("membership/edit.html", form=form, person=known, conflict=None)


def _save(known: Person, form: PersonForm) -> ResponseReturnValue:
    conflict = None
    try:
        changed = persons.edit(
            known.id,
            form.details,
            revision=int(form.revision.data) if str(form.revision.data).isdecimal() else 0,
            by=author(),
            now=utc_now(),
            ticket=form.ticket.data or "",
        )
    except persons.NumberTaken:
        form.member_number.errors = [_("Another person has this member number.")]
    except persons.Stale as stale:
        conflict = _conflict(stale, form)
    else:
        entry.saved(known.id)
        # A second click finds everything done already.
        saved = changed or form.revision.data != str(known.revision)
        flash(
            _("The changes are saved.") if saved else _("Nothing was changed."),
            "success" if saved else "info",
        )
        return redirect(url_for(".person", person_id=known.id), 303)
    return render_template("membership/edit.html", form=form, person=known, conflict=conflict)


def _conflict(stale: persons.Stale, form: PersonForm) -> dict[str, Any]:
    """Show the merged record in the form, and say field by field what somebody else has done."""
    names = divisions.names()
    form.show(stale.merged.details)
    form.revision.data = str(stale.revision)
    typed = stale.merged.details.as_dict()
    return {
        "who": sorted({change.officer_name for change in stale.changes}),
        "at": max(change.at for change in stale.changes),
        "changes": [change_in_words(change, names) for change in stale.changes],
        "contested": {
            name: {"theirs": in_words(name, theirs, names), "yours": in_words(name, typed[name], names)}
            for name, theirs in stale.merged.contested.items()
        },
        "taken_over": stale.merged.taken_over,
    }


@blueprint.route("/persons/<int:person_id>/exit", methods=["GET", "POST"])
@officer_required
def leave(person_id: int) -> ResponseReturnValue:
    """End a membership, at once."""
    try:
        known = persons.find(person_id)
    except persons.NoPerson:
        abort(404)
    today = state().today
    form = LeaveForm(entered_on=known.entered_on, latest=max(today, known.entered_on))
    if request.method == "GET":
        form["left_on"].data = today
    if known.left_on is not None:
        flash(_("This membership has ended already."), "info")
        return redirect(url_for(".person", person_id=known.id), 303)
    if form.validate_on_submit():
        persons.leave(
            known.id,
            day=form["left_on"].data,
            reason=form.exit_reason.data,
            by=author(),
            now=utc_now(),
            ticket=form.ticket.data or "",
        )
        flash(_("The membership has ended."), "success")
        return redirect(url_for(".person", person_id=known.id), 303)
    return render_template("membership/leave.html", form=form, person=known)


@blueprint.get("/persons/<int:person_id>/history")
@officer_required
def history(person_id: int) -> ResponseReturnValue:
    """Who changed what, and who has read the record."""
    try:
        known = persons.read(person_id, by=author(), now=utc_now())
    except persons.NoPerson:
        abort(404)
    return render_template(
        "membership/history.html",
        person=known,
        edits=edits(persons.history(known), divisions.names()),
        readings=persons.readings(known),
    )


def _form() -> PersonForm:
    return PersonForm(today=state().today, division_choices=division_choices(divisions.every()))


def _id(text: str) -> int:
    """An id that SQLite can take; raises ``ValueError``."""
    if not 0 < (number := int(text)) < 2**63:
        raise ValueError(text)
    return number
