"""Pages of imports: upload, columns, preview, commit and undo."""

from __future__ import annotations

import json

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office import jobs
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.jobs import add_job_kind
from app.office.proposals import add_proposal_kind
from app.vault import proposals
from app.vault.jobs import unfinished
from app.vault.models import Job
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership import divisions
from compartments.membership.imports import (
    committing,
    files,
    leavers,
    mapping,
    proposing,
    retention,
    sparing,
    sparing_views,
    staging,
    thresholds,
    undoing,
    words,
)
from compartments.membership.imports.forms import LARGEST_MB, ColumnsForm, SeenForm, ThresholdForm, UploadForm
from compartments.membership.imports.models import COMMITTED, KINDS, STAGED, UNDONE, Import
from compartments.membership.imports.sniffing import Unreadable
from keys.randomness import new_id

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Imports"), ".index", order=25, section=(".",), visible=signed_in, more=True),
)


def _back(job: Job) -> str:
    return url_for("membership.imports.show", import_id=int(job.subject))


add_job_kind(blueprint, "membership", staging.JOB, lazy_gettext("Reading a list"), _back)
add_job_kind(blueprint, "membership", committing.JOB, lazy_gettext("Import into the register"), _back)
add_job_kind(blueprint, "membership", undoing.JOB, lazy_gettext("Undoing an import"), _back)


for _proposal_kind in (proposing.KIND, proposing.THRESHOLD_KIND):
    add_proposal_kind(blueprint, "membership", _proposal_kind)
blueprint.register_blueprint(sparing_views.blueprint)


# --- pages -------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The imports so far, and the form for another."""
    if retention.is_any_due(state().today):
        # Not at anybody's wish: their time is over.
        retention.erase_due(state().today)
    form = UploadForm(formdata=None)
    form.entry.data = new_id()
    return _index(form)


@blueprint.post("/")
@officer_required
def upload() -> ResponseReturnValue:
    """Take a file in; it is in memory and in the vault, and nowhere else."""
    request.max_content_length = (LARGEST_MB + 1) * 1024 * 1024
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form)
    try:
        entry = form.entry.data or new_id()
        one = staging.upload(entry, form.name, form.content, by=author(), now=utc_now())
    except Unreadable:
        form.file.errors = [_("This is no list with a header and several columns.")]
        return _index(form)
    return redirect(url_for(".columns", import_id=one.id), 303)


@blueprint.route("/<int:import_id>/columns", methods=["GET", "POST"])
@officer_required
def columns(import_id: int) -> ResponseReturnValue:
    """Say which column holds which field, and read the list by that."""
    one = _find(import_id)
    if files.of(import_id) is None:
        return redirect(url_for(".show", import_id=import_id), 303)
    names = json.loads(one.columns)
    form = ColumnsForm()
    form.choose(names)
    if form.validate_on_submit():
        if form.keep_as.data:
            mapping.save(form.keep_as.data, form.mapping, names)
        try:
            staging.begin(import_id, form.mapping, full=form.full.data)
        except staging.WrongState:
            flash(_("The list is being read already."), "info")
        job = jobs.begin(staging.JOB, str(import_id))
        return redirect(url_for("office.job", job_id=job.id), 303)
    if not form.is_submitted():
        form.show(mapping.read(one.mapping))
        form.full.data = one.full
    return render_template(
        "membership/imports/columns.html",
        form=form,
        one=one,
        names=names,
        rows=staging.first_rows(one),
        words=words,
    )


@blueprint.get("/<int:import_id>")
@officer_required
def show(import_id: int) -> ResponseReturnValue:
    """What an import would do, or has done."""
    one = _find(import_id)
    found = staging.counts(import_id)
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        kind = next((kind for kind in ("bad", "exit", "change", "add", "same") if found[kind]), "bad")
    page = staging.rows_of(import_id, kind, request.args.get("page", 1, type=int))
    seen = SeenForm(formdata=None)
    seen.version.data = one.version
    needs = committing if one.state == STAGED else undoing
    return render_template(
        "membership/imports/show.html",
        one=one,
        counts=found,
        kind=kind,
        page=page,
        words=words,
        divisions=divisions.names(),
        seen=seen,
        button=Confirmation(),
        outdated=len(staging.outdated(import_id)) if one.state == STAGED else 0,
        second=one.state in (STAGED, COMMITTED) and needs.needs_second_officer(import_id),
        threshold=thresholds.numbers(),
        proposal=proposals.open_about(committing.PROPOSAL, str(import_id)),
        job=_job(import_id),
        kept=undoing.kept_fields(import_id) if one.state == UNDONE else [],
        missing=leavers.count(import_id) if one.full and one.state == STAGED else 0,
        nameless=leavers.without_number(import_id) if one.full and one.state == STAGED else 0,
        names=leavers.names(list(page.items)),
        spared=sparing.spared(import_id) if one.full else [],
        kept_until=retention.kept_until(one),
    )


@blueprint.post("/<int:import_id>/commit")
@officer_required(junior=False)
def commit(import_id: int) -> ResponseReturnValue:
    """Write into the register what was seen, or propose it."""
    return _write(import_id, undo=False)


@blueprint.post("/<int:import_id>/undo")
@officer_required(junior=False)
def undo(import_id: int) -> ResponseReturnValue:
    """Undo the whole import, or propose it."""
    return _write(import_id, undo=True)


@blueprint.post("/<int:import_id>/compare")
@officer_required
def compare(import_id: int) -> ResponseReturnValue:
    """Compare rows anew whose members were changed meanwhile."""
    one = _find(import_id)
    if Confirmation().validate_on_submit() and one.state == STAGED:
        staging.compare_again(import_id, state().today)
    return redirect(url_for(".show", import_id=import_id), 303)


@blueprint.post("/<int:import_id>/drop")
@officer_required
def drop(import_id: int) -> ResponseReturnValue:
    """Forget a list that was not committed."""
    _find(import_id)
    if not Confirmation().validate_on_submit():
        return redirect(url_for(".show", import_id=import_id), 303)
    try:
        staging.drop(import_id)
        flash(_("The list is dropped, and nothing of it is kept."), "success")
    except staging.WrongState:
        flash(_("The import is no longer what you have seen."), "warning")
    return redirect(url_for(".index"), 303)


@blueprint.post("/mappings/<path:name>/forget")
@officer_required
def forget(name: str) -> ResponseReturnValue:
    """Forget a choice of columns."""
    if Confirmation().validate_on_submit():
        mapping.remove(name)
    return redirect(url_for(".index"), 303)


@blueprint.route("/threshold", methods=["GET", "POST"])
@officer_required(junior=False)
def threshold() -> ResponseReturnValue:
    """From when on a second officer has to confirm. One who could change that alone would be none."""
    form = ThresholdForm()
    if form.validate_on_submit():
        if form.numbers != thresholds.numbers():
            made = proposing.THRESHOLD.propose(form.numbers)
            return redirect(url_for("office.proposal", proposal_id=made.id), 303)
        flash(_("Nothing was changed."), "info")
        return redirect(url_for(".index"), 303)
    if not form.is_submitted():
        form.show()
    return render_template("membership/imports/threshold.html", form=form)


def _write(import_id: int, *, undo: bool) -> ResponseReturnValue:
    one, form = _find(import_id), SeenForm()
    here = url_for(".show", import_id=import_id)
    if not form.validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(here, 303)
    wanted, done = (COMMITTED, UNDONE) if undo else (STAGED, COMMITTED)
    if one.state == done:
        flash(_("%(name)s has done this already.", name=one.undone_by_name or one.committed_by_name), "info")
        return redirect(here, 303)
    if one.state != wanted or one.version != form.version.data or (not undo and staging.outdated(import_id)):
        flash(
            _("The import, or the register, has changed meanwhile. Please look through it again."), "warning"
        )
        return redirect(here, 303)
    if not undo and not form.leavers.data and leavers.count(import_id):
        flash(_("Please confirm that the members who aren't in the list have left."), "warning")
        return redirect(here, 303)
    subject: dict[str, object] = {"import": import_id, "version": one.version, "undo": undo}
    if (undoing if undo else committing).needs_second_officer(import_id):
        return _propose(one, subject)
    job = jobs.begin(undoing.JOB if undo else committing.JOB, str(import_id), {"version": one.version})
    return redirect(url_for("office.job", job_id=job.id), 303)


def _propose(one: Import, subject: dict[str, object]) -> ResponseReturnValue:
    summary = (
        _("Undo import %(number)s", number=one.id)
        if subject["undo"]
        else _("Import %(number)s", number=one.id)
    )
    try:
        made = proposals.propose(
            committing.PROPOSAL, subject, summary, about=str(one.id), by=author(), now=utc_now()
        )
    except proposals.AlreadyProposed as known:
        made = known.proposal
        flash(_("This is proposed already."), "info")
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)


def _job(import_id: int) -> Job | None:
    kinds = (staging.JOB, committing.JOB, undoing.JOB)
    return next((job for kind in kinds if (job := unfinished(kind, str(import_id)))), None)


def _index(form: UploadForm) -> ResponseReturnValue:
    return render_template(
        "membership/imports/index.html",
        form=form,
        imports=staging.newest(),
        words=words,
        mappings=mapping.saved(),
        button=Confirmation(),
    )


def _find(import_id: int) -> Import:
    try:
        return staging.find(import_id)
    except staging.NoImport:
        abort(404)
