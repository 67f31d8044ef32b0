"""Pages of this part of the membership compartment: exports, asked for, confirmed, downloaded, and what became of the files."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.clock import utc_now
from app.envelopes import outbox
from app.office.authors import Author
from app.office.blueprint import author
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.proposals import ProposalKind, add_proposal_kind
from app.office.sources import add_source
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import divisions
from compartments.membership.exports import exporting, tracing, wording
from compartments.membership.exports.forms import ExportForm, TraceForm
from compartments.membership.exports.models import Export
from compartments.membership.exports.service import ACTIONS
from compartments.membership.filters import Filter
from compartments.membership.imports.sniffing import decode, encoding_of
from keys.randomness import new_id

blueprint = Blueprint("exports", __name__, url_prefix="/exports")


# --- the second officer ------------------------------------------------------------------------------------------------


def _carry_out(proposal: Proposal, by: Author) -> str | None:
    export_id = proposals.subject_of(proposal)["export"]
    try:
        exporting.confirm(export_id, by=by, day=state().today)
    except (exporting.NoExport, exporting.NotNow, exporting.Grown) as error:
        raise proposals.Stale(_("The register has changed, or the export has expired.")) from error
    return url_for("membership.exports.show", export_id=export_id)


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    one = exporting.find(proposals.subject_of(proposal)["export"])
    now = exporting.count(exporting.filter_of(one), state().today)
    return [
        (_("What for"), one.purpose),
        (_("Who gets it"), one.recipient),
        (_("Persons"), _("%(now)s now, %(then)s when it was asked for", now=now, then=one.rows)),
        (_("Whom"), wording.whom(exporting.filter_of(one), divisions.names())),
        (_("What of each person"), ", ".join(wording.columns(json.loads(one.columns)))),
        (_("Until"), format_date(one.expires_on, "long")),
    ]


def _url(proposal: Proposal) -> str:
    return url_for("membership.exports.show", export_id=proposals.subject_of(proposal)["export"])


def _reminders() -> list[Entry]:
    return [
        Entry(
            _("Export"),
            _("Delete every copy of export %(number)s, and say so", number=one.number),
            one.recipient,
            one.recalled_on or one.expires_on,
            url_for("membership.exports.show", export_id=one.id),
        )
        for one in exporting.to_delete(author().id, state().today)
    ]


add_proposal_kind(
    blueprint, "membership", ProposalKind(exporting.KIND, lazy_gettext("Export"), _carry_out, _explain, _url)
)
add_source(
    blueprint,
    "membership",
    Source(_reminders, lambda: len(exporting.to_delete(author().id, state().today))),
)


# --- pages -------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Every export, for every officer."""
    return render_template(
        "membership/exports/index.html",
        exports=exporting.newest(),
        downloads=exporting.count_downloads(),
        state_of=_state_of,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@officer_required(junior=False)
def new() -> ResponseReturnValue:
    """Ask for an export of whom the register's filter lets through."""
    asked = Filter.of(request.args)
    form = ExportForm(names=wording.names())
    if request.method == "GET":
        form.entry.data = new_id()
    if form.validate_on_submit():
        proposal = exporting.ask(
            exporting.Wanted(
                form.purpose.data or "",
                form.recipient.data or "",
                form["columns"].data or [],
                asked,
                form.days.data or exporting.USUAL_DAYS,
            ),
            entry_id=form.entry.data or new_id(),
            summary=lambda one: _("Export %(number)s: %(rows)s persons", number=one.number, rows=one.rows),
            by=author(),
            now=utc_now(),
            day=state().today,
        )
        flash(_("A colleague has to confirm it now. They find it in their inbox."), "success")
        return redirect(_url(proposal), 303)
    return render_template(
        "membership/exports/new.html",
        form=form,
        rows=exporting.count(asked, state().today),
        whom=wording.whom(asked, divisions.names()),
        asked=asked.as_arguments(),
    )


@blueprint.get("/<export_id>")
@officer_required
def show(export_id: str) -> ResponseReturnValue:
    """One export, and what became of it."""
    one = _find(export_id)
    try:
        exporting.check(one, by=author(), day=state().today)
        is_ready = True
    except exporting.NotNow:
        is_ready = False
    return render_template(
        "membership/exports/show.html",
        one=one,
        columns=wording.columns(json.loads(one.columns)),
        whom=wording.whom(exporting.filter_of(one), divisions.names()),
        state=_state_of(one),
        downloads=exporting.downloads(one),
        proposal=exporting.proposal_of(one.id),
        is_ready=is_ready,
        mine=one.asked_by == author().id,
        button=Confirmation(formdata=None),
    )


@blueprint.post("/<export_id>/download")
@officer_required(junior=False, stepped_up=True)
def download(export_id: str) -> ResponseReturnValue:
    """Make the file, in memory, for the asker."""
    one = _find(export_id)
    here = redirect(url_for(".show", export_id=one.id), 303)
    if not Confirmation().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
        return here
    try:
        words = wording.of_file(divisions.names())
        file = exporting.download(one.id, words, by=author(), now=utc_now(), day=state().today)
    except exporting.NotNow as error:
        flash(wording.WHY_NOT[error.why], "warning")
        return here
    except exporting.Grown:
        flash(_("Far more persons pass the filter now than were confirmed. Please ask anew."), "warning")
        return here
    outbox.deliver(ACTIONS)
    headers = {"Content-Disposition": f"attachment; filename={file.name}", "Cache-Control": "no-store"}
    return Response(file.content, content_type="text/csv; charset=utf-8; header=present", headers=headers)


@blueprint.post("/<export_id>/deleted")
@officer_required(junior=False)
def deleted(export_id: str) -> ResponseReturnValue:
    """The asker has deleted every copy."""
    one = _find(export_id)
    if not Confirmation().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
    else:
        try:
            exporting.note_deleted(one.id, by=author(), day=state().today)
            flash(_("It is noted that every copy is deleted."), "success")
        except exporting.NotNow as error:
            flash(wording.WHY_NOT[error.why], "warning")
    return redirect(url_for(".show", export_id=one.id), 303)


@blueprint.route("/trace", methods=["GET", "POST"])
@officer_required(junior=False)
def trace() -> ResponseReturnValue:
    """Find out which download a list was that has turned up."""
    if request.method == "POST":
        request.max_content_length = tracing.LARGEST + 100_000
    form, found = TraceForm(), None
    if form.validate_on_submit():
        content = form.file.data.read(tracing.LARGEST)
        found = tracing.trace(decode(content, encoding_of(content)))
        form = TraceForm(formdata=MultiDict())
    return render_template("membership/exports/trace.html", form=form, found=found)


def _state_of(one: Export) -> str:
    is_open = proposals.open_about(exporting.KIND, one.id) is not None
    return wording.state_of(one, is_open=is_open, day=state().today)


def _find(export_id: str) -> Export:
    try:
        return exporting.find(export_id)
    except exporting.NoExport:
        abort(404)
