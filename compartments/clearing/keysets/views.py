"""Pages of the key sets: the sets, making one, looking a key up, and what was taken back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.envelopes import outbox
from app.office import jobs
from app.office.blueprint import author
from app.office.jobs import add_job_kind
from app.vault.jobs import unfinished
from app.web.guard import officer_required
from app.web.state import state
from compartments.clearing import deciding
from compartments.clearing.floor import BelowFloor, floor, is_small
from compartments.clearing.keysets import large, making, pairs, service
from compartments.clearing.keysets.forms import LookupForm, NewSetForm, ReasonForm
from compartments.clearing.service import ACTIONS
from compartments.clearing.tables import database
from keys.errors import MalformedCode
from keys.randomness import new_id
from keys.sealing import SealingKey

blueprint = Blueprint("keysets", __name__, url_prefix="/keysets")
add_job_kind(
    blueprint,
    "clearing",
    large.KIND,
    lazy_gettext("Making a large key set"),
    url=lambda _job: url_for("clearing.keysets.index"),
)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The requests for keys, and all sets with their counts."""
    return render_template(
        "clearing/keysets/index.html",
        lines=service.lines(),
        job_of=lambda key_set: unfinished(large.KIND, key_set.id),
        requests=service.open_requests(),
        untold=pairs.untold(),
    )


@blueprint.get("/new")
@officer_required(junior=False)
def new() -> ResponseReturnValue:
    """A form for a new set, filled in for the request that it answers."""
    form = _form()
    form.entry.data, asked = new_id(), request.args.get("request", "")
    if asked:
        try:
            open_request = service.find_request(asked)
        except making.NoRequest:
            abort(404)
        form.request.data = asked
        form.count.data = min(open_request.count - open_request.issued, making.MOST)
    return _show_new(form)


@blueprint.post("/new")
@officer_required(junior=False)
def make() -> ResponseReturnValue:
    """Make a set, or propose one that is below the floor."""
    form = _form()
    if not form.validate_on_submit():
        # Sent twice: the request that it answers is answered by now, and no longer among the choices.
        return redirect(url_for(".index"), 303) if service.is_made(form.entry.data) else _show_new(form)
    name, count, reason = form.name.data or "", form.count.data or 0, form.reason.data or ""
    if is_small(count):
        if not reason:
            form.reason.errors = [_("Please say why: so small a set needs a reason and a second officer")]
            return _show_new(form)
        subject = {
            "entry": form.entry.data,
            "name": name,
            "count": count,
            "request": form.request.data or None,
        }
        return deciding.propose(
            deciding.SMALL_SET,
            {**subject, "reason": reason},
            name,
            about=form.entry.data or "",
            back=url_for(".index"),
        )
    entry, asked = form.entry.data or new_id(), form.request.data or None
    try:
        return (
            _begin(entry, name, count, asked) if count > making.AT_ONCE else _make(entry, name, count, asked)
        )
    except making.NameTaken:
        form.name.errors = [_("There is a set of this name already.")]
    except making.NoRequest:
        form.request.errors = [_("Somebody has answered this request already.")]
    return _show_new(form)


def _make(entry: str, name: str, count: int, request: str | None) -> ResponseReturnValue:
    day = state().today
    made = making.make(entry, name, count, claim_key=claim_key(), by=author(), day=day, request=request)
    outbox.deliver(ACTIONS)
    flash(
        _(
            "The set “%(name)s” is made. The keys are on their way to membership, the codes to administration.",
            name=made.name,
        ),
        "success",
    )
    return redirect(url_for(".index"), 303)


def _begin(entry: str, name: str, count: int, request: str | None) -> ResponseReturnValue:
    """So many take a while: a job makes them, and its page shows how far it is."""
    parameters = {large.CLAIM_KEY: claim_key().to_bytes().hex()}
    with database.atomic("IMMEDIATE"):
        made = large.begin(entry, name, count, by=author(), day=state().today, request=request)
        job = None if made.whole else jobs.begin(large.KIND, made.id, parameters, total=count)
    if job is None:
        return redirect(url_for(".index"), 303)
    return redirect(url_for("office.job", job_id=job.id), 303)


@blueprint.get("/lookup")
@officer_required
def lookup() -> ResponseReturnValue:
    """Ask for a key."""
    return render_template("clearing/keysets/lookup.html", form=LookupForm(formdata=None), state=None)


@blueprint.post("/lookup")
@officer_required
def look_up() -> ResponseReturnValue:
    """Say how a key stands. The invite code stays out of sight."""
    form, found = LookupForm(), None
    if form.validate_on_submit():
        try:
            found = pairs.state_of(form.key.data) or "unknown"
        except MalformedCode:
            form.key.errors = [_("This isn't a whole reference key: it has 20 signs.")]
    return render_template("clearing/keysets/lookup.html", form=form, state=found)


@blueprint.get("/deactivated")
@officer_required
def deactivated() -> ResponseReturnValue:
    """The lists of keys that were taken back, and how many codes the administration doesn't know of yet."""
    return _show_deactivated(ReasonForm(formdata=None))


@blueprint.post("/deactivated/tell")
@officer_required(junior=False)
def tell() -> ResponseReturnValue:
    """Tell the administration of the deactivated codes now, or propose it where they are too few."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _show_deactivated(form)
    try:
        told = pairs.tell(day=state().today, reason=form.reason.data or pairs.COLLECTED)
    except BelowFloor:
        if not form.reason.data:
            form.reason.errors = [_("Please say why: so few codes need a reason and a second officer")]
            return _show_deactivated(form)
        return deciding.propose(
            deciding.FEW_CODES,
            {"reason": form.reason.data},
            form.reason.data,
            about="codes",
            back=url_for(".deactivated"),
        )
    outbox.deliver(ACTIONS)
    flash(_("The administration is told of %(number)s codes.", number=told), "success")
    return redirect(url_for(".deactivated"), 303)


def claim_key() -> SealingKey:
    """The public face's key, to which slots are sealed."""
    return SealingKey.from_bytes(state().instance.claim_sealing_key)


def _form() -> NewSetForm:
    form = NewSetForm()
    form.offer(
        [
            (
                one.id,
                _("%(number)s keys, asked for on %(day)s", number=one.count - one.issued, day=one.arrived_on),
            )
            for one in service.open_requests()
        ]
    )
    return form


def _show_new(form: NewSetForm) -> ResponseReturnValue:
    return render_template("clearing/keysets/new.html", form=form, floor=floor(), at_once=making.AT_ONCE)


def _show_deactivated(form: ReasonForm) -> ResponseReturnValue:
    return render_template(
        "clearing/keysets/deactivated.html",
        form=form,
        untold=pairs.untold(),
        floor=floor(),
        lists=service.deactivations(),
    )
