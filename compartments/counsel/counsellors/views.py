"""A counsellor's own card: written, put up, taken down by themselves."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.envelopes import outbox
from app.web.guard import officer, officer_required
from compartments.counsel.blueprint import blueprint
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.counsellors import service
from compartments.counsel.counsellors.forms import CardForm
from compartments.counsel.service import ACTIONS


@blueprint.get("/portrait")
@officer_required(junior=False)
def portrait() -> ResponseReturnValue:
    """How one presents oneself to the public: the form."""
    form = CardForm(formdata=None)
    mine = service.mine(officer().account.id)
    if mine:
        form.fill(mine.card)
    else:
        form.name.data, form.accepts.data = officer().account.display_name, True
    return _show(form)


@blueprint.post("/portrait")
@officer_required(junior=False)
def portrait_up() -> ResponseReturnValue:
    """Put one's card up, or its new version."""
    form = CardForm()
    if not form.validate_on_submit():
        return _show(form)
    session = officer()
    try:
        service.present(session.account.id, form.card(), session.keys.public)
    except service.NameTaken:
        form.name.errors = [
            _("A colleague is known by this name. People must be able to tell you apart: choose another one.")
        ]
        return _show(form)
    outbox.deliver(ACTIONS)
    flash(_("Your portrait is on the public page."), "success")
    return redirect(url_for(".portrait"), 303)


@blueprint.post("/portrait/down")
@officer_required(junior=False)
def portrait_down() -> ResponseReturnValue:
    """Take one's card down; whoever has written to one still reaches one."""
    if Confirmation().validate_on_submit():
        service.take_down(officer().account.id)
        outbox.deliver(ACTIONS)
        flash(_("Your portrait is no longer on the public page. Your cases stay as they are."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".portrait"), 303)


def _show(form: CardForm) -> ResponseReturnValue:
    mine = service.mine(officer().account.id)
    return render_template(
        "counsel/counsellors/portrait.html",
        form=form,
        up=bool(mine and mine.epoch),
        button=Confirmation(formdata=None),
    )
