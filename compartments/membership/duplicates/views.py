"""Pages of duplicates: the open pairs, two records side by side, the exceptions, and what was merged."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office import jobs
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.jobs import add_job_kind
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from compartments.membership import divisions, persons
from compartments.membership.details import FIELDS, from_text
from compartments.membership.duplicates import merging, pairs, references
from compartments.membership.duplicates.forms import DistinctForm, merge_form
from compartments.membership.duplicates.merging import Merge
from compartments.membership.duplicates.models import DISTINCT, OPEN, MergedChange, Pair
from compartments.membership.duplicates.service import SEARCH
from compartments.membership.duplicates.sides import choices
from compartments.membership.duplicates.wording import against_it, for_it, grade
from compartments.membership.wording import FIELD_NAMES, edits, in_words
from keys.randomness import new_id

REGISTER = "register"
blueprint = Blueprint("duplicates", __name__, url_prefix="/duplicates")
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Duplicates"), ".index", order=25, section=(".",), visible=signed_in, more=True),
)
add_job_kind(
    blueprint,
    "membership",
    SEARCH,
    lazy_gettext("Search for duplicates"),
    url=lambda _job: url_for("membership.duplicates.index"),
)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The open pairs, the likeliest first."""
    page = pairs.listed(OPEN, page=request.args.get("page", 1, type=int))
    return render_template(
        "membership/duplicates/index.html",
        page=page,
        rows=[_in_words(pair) for pair in page.items],
        exceptions=pairs.count(DISTINCT),
        button=Confirmation(),
    )


@blueprint.post("/search")
@officer_required(junior=False)
def search() -> ResponseReturnValue:
    """Search the whole register, as a job."""
    if not Confirmation().validate_on_submit():
        return _too_long(url_for(".index"))
    job = jobs.begin(SEARCH, REGISTER)
    return redirect(url_for("office.job", job_id=job.id), 303)


@blueprint.get("/exceptions")
@officer_required
def exceptions() -> ResponseReturnValue:
    """Pairs that an officer has found to be two persons."""
    page = pairs.listed(DISTINCT, page=request.args.get("page", 1, type=int))
    return render_template(
        "membership/duplicates/exceptions.html",
        page=page,
        rows=[_in_words(pair) for pair in page.items],
        button=Confirmation(),
    )


@blueprint.route("/pairs/<int:pair_id>", methods=["GET", "POST"])
@officer_required(junior=False)
def pair(pair_id: int) -> ResponseReturnValue:
    """Two records side by side; POST makes one of them. That both were read is logged."""
    if request.method == "POST" and (done := merging.merged_into(request.form.get("entry", ""))):
        return redirect(url_for("membership.person", person_id=done.survivor_id), 303)
    found = _find(pair_id)
    first, second = persons.details_of(found.first), persons.details_of(found.second)
    form = merge_form(first, second)
    if request.method == "GET":
        for one in (found.first_id, found.second_id):
            persons.read(one, by=author(), now=utc_now())
        form.entry.data = new_id()
        form.revisions.data = f"{found.first.revision}-{found.second.revision}"
    if form.validate_on_submit() and (details := form.details(first, second)):
        decided = Merge(form.entry.data, found.id, form.seen(), details)
        if (answer := _merged(decided, form)) is not None:
            return answer
    return _side_by_side(found, form)


@blueprint.post("/pairs/<int:pair_id>/distinct")
@officer_required(junior=False)
def rule_out(pair_id: int) -> ResponseReturnValue:
    """These are two persons: never offer them again."""
    form = DistinctForm()
    if not form.validate_on_submit():
        return _too_long(url_for(".pair", pair_id=pair_id))
    try:
        pairs.rule_out(pair_id, by=author(), now=utc_now(), remark=form.remark.data or "")
    except pairs.NoPair:
        abort(404)
    flash(_("Noted: these are two persons. They won't be offered again."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/pairs/<int:pair_id>/reopen")
@officer_required(junior=False)
def reopen(pair_id: int) -> ResponseReturnValue:
    """Take a pair off the exceptions."""
    if not Confirmation().validate_on_submit():
        return _too_long(url_for(".exceptions"))
    try:
        pairs.reopen(pair_id)
    except pairs.NoPair:
        abort(404)
    flash(_("The pair is on the list again."), "success")
    return redirect(url_for(".exceptions"), 303)


@blueprint.get("/merged/<merged_id>")
@officer_required
def merged(merged_id: str) -> ResponseReturnValue:
    """A record that was merged into another: as it was, with its history. That it was read is logged with the survivor."""
    gone = merging.merged_into(merged_id)
    if gone is None:
        abort(404)
    if gone.survivor_id:
        persons.read(gone.survivor_id, by=author(), now=utc_now())
    names = divisions.names()
    record = json.loads(gone.record)
    history: list[Any] = list(
        MergedChange.select().where(MergedChange.merged == gone).order_by(MergedChange.id.desc())
    )
    words = {name: in_words(name, from_text(name, record[name]), names) for name in FIELDS if name in record}
    return render_template(
        "membership/duplicates/merged.html",
        gone=gone,
        words=words,
        names=FIELD_NAMES,
        edits=edits(history, names),
    )


def _merged(decided: Merge, form: Any) -> ResponseReturnValue | None:
    """Merge, and say how it went; None where the page is to be shown again."""
    try:
        kept = merging.merge(decided, by=author(), now=utc_now(), ticket=form.ticket.data or "")
    except merging.Changed:
        flash(_("One of the two was changed meanwhile. Nothing is merged yet; please look again."), "warning")
        return redirect(url_for(".pair", pair_id=decided.pair), 303)
    except references.Conflict as conflict:
        form.ticket.errors = [_conflict(table) for table in conflict.tables]
        return None
    flash(_("The two records are one now. The other number still leads here."), "success")
    return redirect(url_for("membership.person", person_id=kept.id), 303)


def _conflict(table: str) -> Any:
    if table == "reference_key":
        return _("Both have a valid reference key. Deactivate one of the two first: nobody may keep two.")
    return _("Both have something of which one person can have only one (%(table)s).", table=table)


def _side_by_side(found: Pair, form: Any) -> ResponseReturnValue:
    names = divisions.names()
    first, second = persons.details_of(found.first), persons.details_of(found.second)
    lines = [
        {
            "field": line.field,
            "name": _("Address") if line.field == "street" else str(FIELD_NAMES.get(line.field, line.field)),
            "choice": form[f"choose_{line.field}"] if line.differs else None,
            "first": _lines(first, line.fields, names),
            "second": _lines(second, line.fields, names),
        }
        for line in choices(first, second)
    ]
    lines = [line for line in lines if line["choice"] is not None or line["first"]]
    return render_template(
        "membership/duplicates/pair.html",
        pair=found,
        form=form,
        lines=lines,
        told=_in_words(found),
        distinct=DistinctForm(formdata=None),
    )


def _lines(details: Any, fields: tuple[str, ...], names: dict[int, str]) -> str:
    return ", ".join(filter(None, (in_words(name, getattr(details, name), names) for name in fields)))


def _in_words(pair: Pair) -> dict[str, Any]:
    reasons = pairs.reasons_of(pair)
    word, kind = grade(pair.score)
    return {
        "pair": pair,
        "grade": word,
        "kind": kind,
        "for": for_it(reasons),
        "against": against_it(reasons),
    }


def _find(pair_id: int) -> Pair:
    try:
        found = pairs.find(pair_id)
    except pairs.NoPair:
        abort(404)
    if found.state == DISTINCT:
        abort(404)
    return found


def _too_long(url: str) -> ResponseReturnValue:
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url, 303)
