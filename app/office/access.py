"""The page "Access": who holds this compartment's key, who waits for it, ending an access and renewing the keys."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.envelopes import rotation
from app.office.blueprint import blueprint, signed_in
from app.office.forms import AdmitForm, Confirmation
from app.office.inbox import Entry, Source
from app.office.leaving import lost_with
from app.office.people import (
    CannotEnd,
    NoSuchColleague,
    colleague,
    colleagues,
    end_access,
    reset_second_factor,
)
from app.office.recoveries import recoveries
from app.office.sources import add_source
from app.offices import OFFICES
from app.shared import admission
from app.shared.admission import AdmissionRefused, AlreadyAdmitted, NotWaiting, NotYetInOffice
from app.shared.assignments import rotation_due
from app.shared.commitments import CommitmentNotSigned
from app.vault.trust import ExchangedKeys
from app.web.guard import officer, officer_required
from app.web.look import LOOKS, current_look
from app.web.navigation import NavItem, add_nav
from app.web.state import state


def _waiting() -> list[Entry]:
    compartment = current_look().name
    own = str(LOOKS[compartment].title)
    entries = [
        Entry(
            _("Admission"),
            one.display_name,
            own,
            one.enrolled_on,
            url_for("office.admit", account_id=one.account),
        )
        for one in admission.candidates(compartment)
    ]
    if since := rotation_due(compartment):
        entries.append(
            Entry(_("Keys"), _("Renew the keys of this office"), own, since, url_for("office.renew"))
        )
    return entries


def _count() -> int:
    compartment = current_look().name
    return admission.waiting(compartment) + (rotation_due(compartment) is not None)


for office in OFFICES:
    add_source(blueprint, office, Source(_waiting, _count))
    add_nav(
        blueprint,
        office,
        NavItem(
            lazy_gettext("Access"),
            ".access",
            order=80,
            section=(".admit", ".end", ".renew", ".reset"),
            visible=signed_in,
            more=True,
        ),
    )


@blueprint.get("/access")
@officer_required
def access() -> ResponseReturnValue:
    """Who has access, and who waits for it."""
    compartment = officer().compartment
    found = colleagues(compartment)
    return render_template(
        "office/access.html",
        colleagues=found,
        lost={one.account: lost_with(one.account, compartment) for one in found},
        candidates=admission.candidates(compartment),
        renewal_due=rotation_due(compartment),
        recoveries=recoveries(),
        me=officer().account.id,
    )


@blueprint.get("/access/<account_id>/admit")
@officer_required(junior=False, stepped_up=True)
def admit(account_id: str) -> ResponseReturnValue:
    """Show what has to be compared before admitting."""
    try:
        candidate = admission.candidate(account_id, officer().compartment)
    except AdmissionRefused as error:
        return _not_admitted(error)
    return render_template("office/access_admit.html", candidate=candidate, form=AdmitForm(formdata=None))


@blueprint.post("/access/<account_id>/admit")
@officer_required(junior=False, stepped_up=True)
def admit_now(account_id: str) -> ResponseReturnValue:
    """Seal the compartment's key to the colleague."""
    form, session = AdmitForm(), officer()
    try:
        candidate = admission.candidate(account_id, session.compartment)
        if not form.validate_on_submit():
            return render_template("office/access_admit.html", candidate=candidate, form=form)
        admission.admit(account_id, by=session, day=state().today)
    except (AdmissionRefused, CommitmentNotSigned, ExchangedKeys) as error:
        return _not_admitted(error)
    flash(_("Admitted. From now on your colleague opens this office with their own keys."), "success")
    return redirect(url_for("office.access"), 303)


@blueprint.get("/access/<account_id>/end")
@officer_required(junior=False, stepped_up=True)
def end(account_id: str) -> ResponseReturnValue:
    """Explain what ending an access means."""
    return _end_page(account_id, Confirmation(formdata=None))


@blueprint.post("/access/<account_id>/end")
@officer_required(junior=False, stepped_up=True, opens=False)
def end_now(account_id: str) -> ResponseReturnValue:
    """End it, and renew the keys in the same breath, so that what the leaver may have copied opens nothing new."""
    form, session = Confirmation(), officer()
    if not form.validate_on_submit():
        return _end_page(account_id, form)
    try:
        renewal = end_access(account_id, by=session, day=state().today)
    except NoSuchColleague:
        abort(404)
    except CannotEnd as error:
        flash(_why_not(error), "warning")
        return redirect(url_for("office.access"), 303)
    if not renewal:
        flash(_("The account has been ended. It had no key yet, so nothing has to be renewed."), "success")
        return redirect(url_for("office.access"), 303)
    return _renewed(_("The access has been ended and the keys of this office have been renewed."))


@blueprint.get("/access/renew")
@officer_required(junior=False, stepped_up=True)
def renew() -> ResponseReturnValue:
    """Explain what renewing the keys means, and who will have the new ones."""
    return _renew_page(Confirmation(formdata=None))


@blueprint.post("/access/renew")
@officer_required(junior=False, stepped_up=True, opens=False)
def renew_now() -> ResponseReturnValue:
    """Renew them."""
    form = Confirmation()
    if not form.validate_on_submit():
        return _renew_page(form)
    return _renewed(_("The keys of this office have been renewed."))


@blueprint.get("/access/<account_id>/second-factor")
@officer_required(junior=False, stepped_up=True)
def reset(account_id: str) -> ResponseReturnValue:
    """Explain what taking a lost second factor off means."""
    return render_template("office/access_reset.html", one=_one(account_id), form=Confirmation(formdata=None))


@blueprint.post("/access/<account_id>/second-factor")
@officer_required(junior=False, stepped_up=True)
def reset_now(account_id: str) -> ResponseReturnValue:
    """Take it off."""
    form = Confirmation()
    if not form.validate_on_submit():
        return render_template("office/access_reset.html", one=_one(account_id), form=form)
    try:
        reset_second_factor(account_id, by=officer())
    except NoSuchColleague:
        abort(404)
    except CannotEnd:
        flash(_("Your own second factor is on the page “Your account”."), "warning")
    else:
        flash(_("Your colleague sets up a new second factor at the next log-in."), "success")
    return redirect(url_for("office.access"), 303)


def _one(account_id: str) -> Any:
    try:
        return colleague(account_id, officer().compartment)
    except NoSuchColleague:
        abort(404)


def _end_page(account_id: str, form: Confirmation) -> ResponseReturnValue:
    compartment = officer().compartment
    one: Any
    try:
        one, waits = colleague(account_id, compartment), False
    except NoSuchColleague:
        one, waits = _waiting_one(account_id, compartment), True
    lost = lost_with(account_id, compartment)
    return render_template("office/access_end.html", one=one, waits=waits, lost=lost, form=form)


def _waiting_one(account_id: str, compartment: str) -> Any:
    try:
        return admission.candidate(account_id, compartment)
    except AdmissionRefused:
        abort(404)


def _renew_page(form: Confirmation) -> ResponseReturnValue:
    compartment = officer().compartment
    return render_template(
        "office/access_renew.html",
        form=form,
        colleagues=colleagues(compartment),
        due=rotation_due(compartment),
    )


def _renewed(done: str) -> ResponseReturnValue:
    session = officer()
    try:
        rotation.renew(state().instance, session.compartment, by=session, day=state().today)
    except ExchangedKeys:
        flash(
            _(
                "The keys were NOT renewed: somebody has exchanged public keys in the shared layer. Compare fingerprints, and tell the operator at once."
            ),
            "danger",
        )
    else:
        flash(done, "success")
    return redirect(url_for("office.access"), 303)


def _not_admitted(error: Exception) -> ResponseReturnValue:
    if isinstance(error, AlreadyAdmitted):
        flash(_("Somebody else has admitted this colleague already. There is nothing left to do."), "info")
    elif isinstance(error, NotWaiting):
        abort(404)
    elif isinstance(error, NotYetInOffice):
        flash(_("The term has not begun yet. Please admit your colleague on the first day."), "warning")
    else:
        flash(
            _(
                "Not admitted: the signature under the commitment doesn't fit the keys. Tell the board and the operator."
            ),
            "danger",
        )
    return redirect(url_for("office.access"), 303)


def _why_not(error: CannotEnd) -> str:
    if error.reason == "self":
        return str(_("You can't end your own access. Please ask a colleague, or the board."))
    return str(
        _("This is the last officer: nobody could open the office any more. Admit somebody else first.")
    )
