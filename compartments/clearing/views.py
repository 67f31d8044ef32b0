"""Pages of the clearing compartment: what waits, and the batch floor. Its parts have their own pages."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm

from app.office import calendar, reminding
from app.office.audit import add_audit
from app.office.blueprint import signed_in
from app.office.inbox import AT_MOST, Entry, Source
from app.office.sources import add_source
from app.office.views import waiting
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.clearing import charts, dates, deciding, reports
from compartments.clearing.confirming import add_kinds
from compartments.clearing.floor import floor
from compartments.clearing.forms import DaysForm, FloorForm
from compartments.clearing.keysets import pairs
from compartments.clearing.keysets import service as keys
from compartments.clearing.keysets import views as keysets
from compartments.clearing.models import SCHEMA
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as batches
from compartments.clearing.reconciliation import views as reconciliation
from compartments.clearing.relay import views as relay
from compartments.clearing.service import ACTIONS, INCOMING, JOBS

blueprint = Blueprint("clearing", __name__)
for part in (keysets, reconciliation, relay):
    blueprint.register_blueprint(part.blueprint)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS, JOBS)
add_kinds(blueprint)
add_audit(
    blueprint,
    "clearing",
    reports.audit_figures,
    {
        "issued": lazy_gettext("Issued"),
        "claimed": lazy_gettext("Claimed"),
        "open": lazy_gettext("Open"),
        "deactivated": lazy_gettext("Deactivated"),
        "deactivated_claimed": lazy_gettext("Deactivated after the claim"),
    },
)
add_nav(
    blueprint,
    "clearing",
    NavItem(lazy_gettext("Overview"), ".index", order=10, section=(".settings",), visible=signed_in),
    NavItem(lazy_gettext("Key sets"), ".keysets.index", order=20, section=(".keysets",), visible=signed_in),
    NavItem(
        lazy_gettext("Reconciliation"),
        ".reconciliation.index",
        order=30,
        section=(".reconciliation",),
        visible=signed_in,
    ),
    NavItem(lazy_gettext("Relay"), ".relay.index", order=40, visible=signed_in),
)
SETS_SHOWN = 8


def _waiting() -> list[Entry]:
    entries = [
        Entry(
            _("Request for keys"),
            _("%(number)s reference keys", number=one.count - one.issued),
            _("Membership office"),
            one.arrived_on,
            url_for("clearing.keysets.new", request=one.id),
        )
        for one in keys.open_requests()
    ]
    entries += [
        Entry(
            _("Urgent lock") if one.kind == "urgent" else _("Reconciliation"),
            _("%(number)s keys to turn into codes", number=one.listed),
            _("Membership office"),
            one.arrived_on,
            url_for("clearing.reconciliation.batch", batch_id=one.id),
        )
        for one in batches.waiting()
    ]
    entries += [
        Entry(
            _("Taken back"),
            ngettext("%(num)s key is to be good again", "%(num)s keys are to be good again", one.named),
            _("Membership office"),
            one.arrived_on,
            url_for("clearing.reconciliation.restoring.show", restoration_id=one.id),
        )
        for one in restoring.waiting()
    ]
    day = state().today
    if due := batches.reminder(day):
        url = url_for("clearing.reconciliation.index")
        entries.insert(0, Entry(_("Reconciliation"), reminding.in_words(due), "", min(due.day, day), url))
    return entries[:AT_MOST]


def _count() -> int:
    counts = (keys.count_requests(), batches.count_waiting(), restoring.count_waiting())
    return sum(counts) + bool(batches.reminder(state().today))


add_source(blueprint, "clearing", Source(_waiting, _count))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What waits for this office, and how its keys stand."""
    lines = keys.lines()
    longest = max((line.counts.issued for line in lines[:SETS_SHOWN]), default=0)
    return render_template(
        "clearing/index.html",
        waiting=waiting(),
        requests=keys.open_requests(),
        batches=batches.waiting(),
        restorations=restoring.waiting(),
        untold=pairs.untold(),
        floor=floor(),
        total=sum((line.counts for line in lines), keys.Counts()),
        set_bars=[(line, charts.bar(line.counts, longest)) for line in lines[:SETS_SHOWN]],
        sets=len(lines),
        **reminding.shown(batches.reminder(state().today)),
        next_due=calendar.following(dates.days(), state().today),
    )


@blueprint.get("/settings")
@officer_required
def settings() -> ResponseReturnValue:
    """The batch floor, and the days of the reconciliation."""
    return _settings(FloorForm(formdata=None, data={"floor": floor()}), _days_form())


@blueprint.post("/settings")
@officer_required(junior=False)
def change_settings() -> ResponseReturnValue:
    """Propose another batch floor."""
    form = FloorForm()
    if not form.validate_on_submit():
        return _settings(form, _days_form())
    number = form.floor.data or floor()
    if number == floor():
        flash(_("Nothing was changed."), "info")
        return redirect(url_for(".settings"), 303)
    summary = _("from %(present)s to %(number)s", present=floor(), number=number)
    return deciding.propose(
        deciding.FLOOR, {"floor": number}, summary, about="floor", back=url_for(".settings")
    )


@blueprint.post("/settings/days")
@officer_required(junior=False)
def change_days() -> ResponseReturnValue:
    """Set the days on which the office is reminded. They decide nothing, so one officer is enough."""
    form = DaysForm()
    if not form.validate_on_submit():
        return _settings(form, form)
    dates.set_days(form.first.data or 0, form.second.data or 0)
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), 303)


def _days_form() -> DaysForm:
    first, second = dates.days()
    return DaysForm(formdata=None, data={"first": first, "second": second})


def _settings(form: FlaskForm, days: DaysForm) -> ResponseReturnValue:
    """``form`` is the one whose errors are shown."""
    of_floor = form if isinstance(form, FloorForm) else FloorForm(formdata=None, data={"floor": floor()})
    return render_template("clearing/settings.html", form=form, of_floor=of_floor, days=days, floor=floor())
