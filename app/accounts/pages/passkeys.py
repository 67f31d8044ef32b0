"""Passkeys: giving one at log-in, making one, removing one. The script that talks to the device is app/static/passkeys.js."""

from __future__ import annotations

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import factors, passkeys
from app.accounts.blueprint import OWN, blueprint, see_other, wanted
from app.accounts.factors import Passkey
from app.accounts.forms import ConfirmForm, NewPasskeyForm, PasskeyForm
from app.accounts.login import count_attempt, forgive
from app.accounts.pages.second_factor import ask_page, page_for
from app.accounts.passkeys import AT_MOST, LastFactor, PasskeyRefused, TooManyPasskeys
from app.clock import utc_now
from app.shared import sessions
from app.web.guard import officer, officer_required, set_session_cookie
from app.web.limits import TRIES, limiter
from app.web.origin import site
from app.web.state import state
from keys.passkeys import Site


@blueprint.post(f"{OWN}/second-factor/passkey")
@limiter.limit(TRIES)
@officer_required(admitted=False, stage=sessions.SECOND_FACTOR)
def check_passkey() -> ResponseReturnValue:
    """Complete the log-in under a new token."""
    session, form, here = officer(), PasskeyForm(), site()
    if session.account.second_factor is None:
        return page_for(form.next.data)
    if form.validate_on_submit() and here is not None and _accepted(form, here):
        goal = wanted(session.compartment, form.next.data)
        return set_session_cookie(see_other(goal), session.compartment, sessions.complete(session))
    return ask_page(form)


@blueprint.get(f"{OWN}/second-factor/new-passkey")
@officer_required(admitted=False, stage=sessions.SECOND_FACTOR)
def first_passkey() -> ResponseReturnValue:
    """Offer to make a passkey the account's first second factor, in an office that demands one."""
    form = NewPasskeyForm(formdata=None, data={"next": request.args.get("next", "")})
    if officer().account.second_factor is not None:
        return page_for(form.next.data)
    return _new_page(form, first=True)


@blueprint.post(f"{OWN}/second-factor/new-passkey")
@limiter.limit(TRIES)
@officer_required(admitted=False, stage=sessions.SECOND_FACTOR)
def add_first_passkey() -> ResponseReturnValue:
    """Take it, and complete the log-in."""
    session, form = officer(), NewPasskeyForm()
    if session.account.second_factor is not None:
        return page_for(form.next.data)
    if form.validate_on_submit() and _added(form):
        goal = wanted(session.compartment, form.next.data)
        return set_session_cookie(see_other(goal), session.compartment, sessions.complete(session))
    return _new_page(form, first=True)


@blueprint.get(f"{OWN}/account/passkeys/new")
@officer_required(admitted=False, stepped_up=True)
def own_passkey() -> ResponseReturnValue:
    """Offer to make another passkey."""
    return _new_page(NewPasskeyForm(formdata=None), first=False)


@blueprint.post(f"{OWN}/account/passkeys/new")
@limiter.limit(TRIES)
@officer_required(admitted=False, stepped_up=True)
def add_own_passkey() -> ResponseReturnValue:
    """Take it."""
    form = NewPasskeyForm()
    if form.validate_on_submit() and _added(form):
        flash(_("The passkey can be used at your next log-in."), "success")
        return see_other(f"/{officer().compartment}/account")
    return _new_page(form, first=False)


@blueprint.get(f"{OWN}/account/passkeys/<passkey_id>/remove")
@officer_required(admitted=False, stepped_up=True)
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Ask once more."""
    form = ConfirmForm(formdata=None)
    return render_template("accounts/passkey_remove.html", form=form, one=_own(passkey_id))


@blueprint.post(f"{OWN}/account/passkeys/<passkey_id>/remove")
@officer_required(admitted=False, stepped_up=True)
def remove_own_passkey(passkey_id: str) -> ResponseReturnValue:
    """Remove it."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("accounts/passkey_remove.html", form=form, one=_own(passkey_id))
    try:
        passkeys.remove(officer(), passkey_id)
    except PasskeyRefused:
        abort(404)
    except LastFactor:
        flash(
            _(
                "Not removed: this office demands a second factor, and this is your last one. Set up another one first."
            ),
            "warning",
        )
    else:
        flash(_("The passkey opens nothing any more. You can delete it from your device, too."), "success")
    return see_other(f"/{officer().compartment}/account")


def _accepted(form: PasskeyForm, here: Site) -> bool:
    """Check the answer under the same back-off as codes."""
    session = officer()
    answer = form.answer.data or ""
    if count_attempt(session.account, utc_now()):
        try:
            passkeys.use(session, here, answer, state().today)
        except PasskeyRefused:
            pass
        else:
            forgive(session.account)
            return True
    form.form_errors.append(
        _("This passkey was not accepted. Please try again, or use another second factor.")
    )
    return False


def _added(form: NewPasskeyForm) -> bool:
    session, here = officer(), site()
    if here is None:
        return False
    try:
        passkeys.add(session, here, form.answer.data or "", form.name.data, state().today)
    except TooManyPasskeys:
        form.form_errors.append(
            _("You have %(most)s passkeys already. Please remove one first.", most=AT_MOST)
        )
    except PasskeyRefused:
        form.form_errors.append(
            _("No passkey was made. Please try again; the device must ask for your fingerprint or its PIN.")
        )
    else:
        return True
    return False


def _new_page(form: NewPasskeyForm, *, first: bool) -> ResponseReturnValue:
    here = site()
    form.answer.data = ""
    settings = state().settings
    return render_template(
        "accounts/passkey_new.html",
        form=form,
        first=first,
        question=passkeys.ask_for_new(officer(), here, settings.organisation) if here else None,
        elsewhere=settings.passkey_origins,
    )


def _own(passkey_id: str) -> Passkey:
    session = officer()
    own = {one.id: one for one in factors.of(session.account, session.keys).passkeys}
    if passkey_id not in own:
        abort(404)
    return own[passkey_id]
