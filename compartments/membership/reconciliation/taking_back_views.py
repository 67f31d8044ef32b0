"""Pages on which one member is taken out of the lists of leavers again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.envelopes import outbox
from app.office.blueprint import author
from app.web.compartment import served
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import persons
from compartments.membership.reconciliation import taking_back
from compartments.membership.reconciliation.forms import TakeBackForm
from keys.randomness import new_id

blueprint = Blueprint("taking_back", __name__, url_prefix="/taken-back")


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Members whom a list of leavers has met, and who was taken back."""
    return render_template(
        "membership/reconciliation/taken_back.html",
        candidates=taking_back.candidates(),
        done=taking_back.newest(),
    )


@blueprint.get("/<int:person_id>")
@officer_required(junior=False)
def ask(person_id: int) -> ResponseReturnValue:
    """What taking this member back would do."""
    form = TakeBackForm(formdata=None)
    form.entry.data = new_id()
    return _ask(person_id, form)


@blueprint.post("/<int:person_id>")
@officer_required(junior=False)
def take_back(person_id: int) -> ResponseReturnValue:
    """Take this member back."""
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _ask(person_id, form)
    entry, reason = form.entry.data or new_id(), form.reason.data or ""
    try:
        taking_back.take_back(person_id, reason, entry_id=entry, by=author(), day=state().today)
    except taking_back.NothingToTakeBack:
        flash(_("There is nothing to take back: another key is good, or the membership has ended."), "info")
    else:
        outbox.deliver(served()["membership"].actions)
        flash(_("Taken back. The clearing office takes the key off the lists."), "success")
    return redirect(url_for(".index"), 303)


def _ask(person_id: int, form: TakeBackForm) -> ResponseReturnValue:
    try:
        person = persons.find(person_id)
    except persons.NoPerson:
        abort(404)
    return render_template("membership/reconciliation/take_back.html", person=person, form=form)
