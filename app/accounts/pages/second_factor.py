"""The second factor: giving it at log-in, and setting it up."""

from __future__ import annotations

import time

import segno
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.accounts import factors, passkeys
from app.accounts import second_factor as factor
from app.accounts.blueprint import OWN, blueprint, see_other, wanted
from app.accounts.forms import CodeForm, PasskeyForm, SecondFactorForm
from app.accounts.login import count_attempt, forgive
from app.accounts.second_factor import CodeRefused
from app.clock import utc_now
from app.shared import sessions
from app.web.guard import officer, officer_required, set_session_cookie
from app.web.limits import TRIES, limiter
from app.web.origin import site
from app.web.state import state
from keys.totp import provisioning_uri


@blueprint.get(f"{OWN}/second-factor")
@officer_required(admitted=False, stage=sessions.SECOND_FACTOR)
def second_factor() -> ResponseReturnValue:
    """Ask for a passkey or the code; or, where the office demands a second factor and there is none yet, set one up."""
    return page_for(request.args.get("next", ""))


@blueprint.post(f"{OWN}/second-factor")
@limiter.limit(TRIES)
@officer_required(admitted=False, stage=sessions.SECOND_FACTOR)
def check_second_factor() -> ResponseReturnValue:
    """Complete the log-in under a new token."""
    session = officer()
    first = session.account.second_factor is None
    form = SecondFactorForm() if first else CodeForm()
    if form.validate_on_submit() and _accepted(form, first=first):
        goal = wanted(session.compartment, form.next.data)
        return set_session_cookie(see_other(goal), session.compartment, sessions.complete(session))
    return _set_up_page(form, first=True) if first else ask_page(form)


@blueprint.get(f"{OWN}/account/second-factor")
@officer_required(admitted=False, stepped_up=True)
def own_second_factor() -> ResponseReturnValue:
    """Show a new secret for the officer's device."""
    return _set_up_page(SecondFactorForm(formdata=None), first=False)


@blueprint.post(f"{OWN}/account/second-factor")
@limiter.limit(TRIES)
@officer_required(admitted=False, stepped_up=True)
def set_own_second_factor() -> ResponseReturnValue:
    """Take the new secret; the old one is worth nothing from now on."""
    form = SecondFactorForm()
    if form.validate_on_submit() and _accepted(form, first=True):
        return see_other(f"/{officer().compartment}/account")
    return _set_up_page(form, first=False)


def page_for(goal: str | None) -> ResponseReturnValue:
    """The page that this account needs now: one that asks, or one that sets up."""
    data = {"next": goal}
    if officer().account.second_factor is None:
        return _set_up_page(SecondFactorForm(formdata=None, data=data), first=True)
    return ask_page(CodeForm(formdata=None, data=data))


def ask_page(form: FlaskForm) -> ResponseReturnValue:
    """Ask for what the account has. ``form`` is the one that was filled in, of a code or a passkey; the other one is added."""
    session, here = officer(), site()
    goal = {"next": form.next.data}
    of_code = form if isinstance(form, CodeForm) else CodeForm(formdata=None, data=goal)
    of_passkey = form if isinstance(form, PasskeyForm) else PasskeyForm(formdata=None, data=goal)
    of_passkey.answer.data = ""
    question = passkeys.ask_for_use(session, here) if here else None
    own = factors.of(session.account, session.keys)
    return render_template(
        "accounts/second_factor.html",
        form=form,
        of_code=of_code if own.secret is not None else None,
        of_passkey=of_passkey if question else None,
        question=question,
        hosts=sorted({one.host for one in own.passkeys}),
    )


def _accepted(form: CodeForm, *, first: bool) -> bool:
    """Check the code under the same back-off as the passphrase; say at the field what is wrong."""
    session = officer()
    code = form.code.data
    try:
        # A code that may not be tried now is none.
        code = code if count_attempt(session.account, utc_now()) else ""
        if first:
            secret = factor.offered(session, form.offer.data or "")
            factor.set_up(session.account, session.keys, secret, code, time.time())
        else:
            factor.check(session.account, session.keys, code, time.time())
    except CodeRefused:
        form.code.errors = [
            *form.code.errors,
            _("This isn't the present code, or it has been used. Please wait for the next one."),
        ]
        return False
    forgive(session.account)
    return True


def _set_up_page(form: SecondFactorForm, *, first: bool) -> ResponseReturnValue:
    session = officer()
    try:
        secret = factor.offered(session, form.offer.data or "")
    except CodeRefused:
        secret = factor.new_offer()
    form.offer.data = factor.sealed_offer(session, secret)
    form.code.data = ""
    uri = provisioning_uri(secret, session.account.username, state().settings.organisation)
    # Black on white whatever the colours of the page: a camera has to read it.
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template(
        "accounts/second_factor_set_up.html",
        form=form,
        picture=picture,
        secret=grouped,
        first=first,
        passkeys_work=site() is not None,
    )
