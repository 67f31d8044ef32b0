"""Pages of the office's own work: changes, incidents, maintenance, runbooks, credentials."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.envelopes import outbox
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.offices import JUNIOR
from app.web.guard import officer, officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.administration.operations import announcing, records
from compartments.administration.operations.forms import FORMS, MOMENTS, AnnounceForm, RecordForm
from compartments.administration.operations.models import Change, Incident, Record
from compartments.administration.operations.records import CREDENTIALS, MAINTENANCE
from compartments.administration.operations.wording import facts, kinds_in_words
from keys.randomness import new_id

blueprint = Blueprint("operations", __name__, url_prefix="/operations")
add_nav(
    blueprint,
    "administration",
    NavItem(
        lazy_gettext("Operations"),
        ".index",
        order=40,
        section=("administration.operations.",),
        visible=signed_in,
    ),
)
NOT_A_COLUMN = ("csrf_token", "entry", "revision")


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What is there, and which clocks run."""
    return render_template(
        "administration/operations/index.html",
        kinds=kinds_in_words(),
        clocks=records.clocks(),
        median=records.median_days_to_deploy(),
        open_updates=records.security_updates_open(),
        now=utc_now(),
    )


@blueprint.get("/<kind>")
@officer_required
def listed(kind: str) -> ResponseReturnValue:
    """The records of a kind."""
    words = _words(kind)
    return render_template(
        "administration/operations/list.html",
        kind=kind,
        words=words,
        records=records.listed(kind),
        facts=facts,
    )


@blueprint.get("/<kind>/new")
@officer_required
def new(kind: str) -> ResponseReturnValue:
    """A form for a new record."""
    form = _form(kind, formdata=None)
    form.entry.data, form.revision.data = new_id(), "0"
    return _edit(kind, form, None)


@blueprint.post("/<kind>/new")
@officer_required
def create(kind: str) -> ResponseReturnValue:
    """Write a new record."""
    form = _form(kind)
    if not form.validate_on_submit():
        return _edit(kind, form, None)
    record = records.add(
        kind, _values(form), entry_id=form.entry.data or new_id(), by=author(), now=utc_now()
    )
    flash(_("It is written down."), "success")
    return redirect(url_for(".show", kind=kind, record_id=record.id), 303)


@blueprint.get("/<kind>/<int:record_id>")
@officer_required
def show(kind: str, record_id: int) -> ResponseReturnValue:
    """One record; of a credential everything but the secret."""
    return _show(kind, _find(kind, record_id))


@blueprint.get("/<kind>/<int:record_id>/edit")
@officer_required
def edit(kind: str, record_id: int) -> ResponseReturnValue:
    """A form to change a record."""
    record = _find(kind, record_id)
    form = _form(kind, formdata=None, obj=record)
    form.entry.data, form.revision.data = record.entry_id, str(record.revision)
    for name in set(MOMENTS) & set(form.data):
        form[name].data = _local(form[name].data)
    return _edit(kind, form, record)


@blueprint.post("/<kind>/<int:record_id>/edit")
@officer_required
def save(kind: str, record_id: int) -> ResponseReturnValue:
    """Save a record, unless somebody else has meanwhile."""
    record, form = _find(kind, record_id), _form(kind)
    if not form.validate_on_submit():
        return _edit(kind, form, record)
    revision = int(form.revision.data) if (form.revision.data or "").isdecimal() else 0
    values = _values(form)
    if kind == CREDENTIALS and not values["secret"]:
        del values["secret"]
    try:
        records.change(kind, record_id, values, revision=revision, by=author(), now=utc_now())
    except records.ChangedMeanwhile:
        words = _(
            "A colleague has changed this meanwhile. What you typed is still here: compare it, and save again."
        )
        form.revision.data = str(record.revision)
        flash(words, "warning")
        return _edit(kind, form, record)
    flash(_("The change is saved."), "success")
    return redirect(url_for(".show", kind=kind, record_id=record_id), 303)


@blueprint.post("/credentials/<int:record_id>/reveal")
@officer_required(junior=False, stepped_up=True)
def reveal(record_id: int) -> ResponseReturnValue:
    """Show a secret once; that it was seen is noted."""
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".show", kind=CREDENTIALS, record_id=record_id), 303)
    _find(CREDENTIALS, record_id)
    found = records.reveal(record_id, by=author(), now=utc_now())
    return _show(CREDENTIALS, found, secret=found.secret)


@blueprint.post("/maintenance/<int:record_id>/announce")
@officer_required(junior=False)
def announce(record_id: int) -> ResponseReturnValue:
    """Let everybody read when the platform may be away, or what has changed about that."""
    form = AnnounceForm()
    record = _find(MAINTENANCE, record_id)
    if not form.validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".show", kind=MAINTENANCE, record_id=record.id), 303)
    try:
        announcing.announce(record_id, revision=form.revision.data, by=author(), now=utc_now())
    except records.ChangedMeanwhile:
        flash(
            _("A colleague has changed this meanwhile. Look at it as it is now, and announce it then."),
            "warning",
        )
    except announcing.NothingToSay:
        flash(
            _("Write down in German what users will notice, for the public. Then it can be announced."),
            "warning",
        )
    except announcing.WindowIsOver:
        flash(_("This window is over."), "warning")
    else:
        outbox.deliver(announcing.ACTIONS)
        flash(_("It stands on the public start page now."), "success")
    return redirect(url_for(".show", kind=MAINTENANCE, record_id=record_id), 303)


@blueprint.post("/maintenance/<int:record_id>/withdraw")
@officer_required(junior=False)
def withdraw(record_id: int) -> ResponseReturnValue:
    """Take the announcement off the public start page."""
    _find(MAINTENANCE, record_id)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
    else:
        announcing.withdraw(record_id, by=author())
        outbox.deliver(announcing.ACTIONS)
        flash(_("The announcement is withdrawn."), "success")
    return redirect(url_for(".show", kind=MAINTENANCE, record_id=record_id), 303)


def _show(kind: str, record: Record, secret: str | None = None) -> ResponseReturnValue:
    return render_template(
        "administration/operations/show.html",
        kind=kind,
        words=_words(kind),
        record=record,
        facts=facts(record),
        report_by=records.report_by(record) if isinstance(record, Incident) else None,
        days=records.days_to_deploy(record) if isinstance(record, Change) else None,
        secret=secret,
        reads=records.reads(record.id) if kind == CREDENTIALS else [],
        stepped_up=officer().stepped_up,
        now=utc_now(),
        button=Confirmation(formdata=None),
        announcement=AnnounceForm(formdata=None, data={"revision": record.revision}),
    )


def _edit(kind: str, form: RecordForm, record: Record | None) -> ResponseReturnValue:
    return render_template(
        "administration/operations/edit.html", kind=kind, words=_words(kind), form=form, record=record
    )


def _words(kind: str) -> Any:
    found = kinds_in_words().get(kind)
    return found or abort(404)


def _form(kind: str, **given: Any) -> RecordForm:
    """The kind's form; juniors read of credentials that they exist, and no more."""
    if kind not in FORMS:
        abort(404)
    if kind == CREDENTIALS and officer().account.role == JUNIOR:
        abort(403)
    return FORMS[kind](**given)


def _find(kind: str, record_id: int) -> Record:
    try:
        return records.find(kind, record_id)
    except records.NoRecord:
        abort(404)


def _values(form: RecordForm) -> dict[str, Any]:
    values = {name: value for name, value in form.data.items() if name not in NOT_A_COLUMN}
    return {
        name: _utc(value) if name in MOMENTS else ("" if value is None and name in _TEXTS else value)
        for name, value in values.items()
    }


_TEXTS = ("text", "username", "secret", "notice_de", "notice_en")


def _utc(moment: datetime | None) -> datetime | None:
    """What was typed in the organisation's time, as it is stored."""
    if moment is None:
        return None
    return moment.replace(tzinfo=state().settings.timezone).astimezone(UTC).replace(tzinfo=None)


def _local(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC).astimezone(state().settings.timezone).replace(tzinfo=None)
