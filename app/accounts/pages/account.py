"""An officer's own account: passphrase, second factor, language, sessions; waiting for admission; the passphrase again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import factors
from app.accounts import passphrase as passphrases
from app.accounts.blueprint import OWN, blueprint, see_other, wanted
from app.accounts.enrolment import WeakPassphraseChosen
from app.accounts.forms import ChangePassphrase, ConfirmForm, LanguageForm, StepUpForm
from app.accounts.login import LoginRefused, confirm
from app.accounts.pages.login import leave
from app.clock import utc_now
from app.offices import OFFICER
from app.shared import acts, sessions
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Account, Session
from app.web.guard import officer, officer_required
from app.web.i18n import remember
from app.web.limits import TRIES, limiter
from app.web.origin import site
from app.web.state import state


@blueprint.get(f"{OWN}/waiting")
@officer_required(admitted=False)
def waiting() -> ResponseReturnValue:
    """What somebody sees who has enrolled and isn't admitted yet."""
    session = officer()
    if session.account.state == "active":
        return redirect(f"/{session.compartment}/")
    colleagues = (
        Account.select(Account.display_name)
        .where(Account.compartment == session.compartment, Account.state == "active", Account.role == OFFICER)
        .order_by(Account.display_name)
    )
    return render_template(
        "accounts/waiting.html",
        fingerprint=session.keys.public.fingerprint(),
        colleagues=[row.display_name for row in colleagues],
        starts_on=session.account.assignment.starts_on,
        today=state().today,
    )


@blueprint.get(f"{OWN}/step-up")
@officer_required(admitted=False)
def step_up() -> ResponseReturnValue:
    """Ask for the passphrase again."""
    data = {"next": request.args.get("next", "")}
    return render_template("accounts/step_up.html", form=StepUpForm(formdata=None, data=data))


@blueprint.post(f"{OWN}/step-up")
@limiter.limit(TRIES)
@officer_required(admitted=False)
def check_step_up() -> ResponseReturnValue:
    """Go on to what was asked for."""
    form, session = StepUpForm(), officer()
    if form.validate_on_submit():
        try:
            confirm(session.account, form.passphrase.data, state().settings.argon2, utc_now())
        except LoginRefused:
            form.passphrase.errors = [wrong_passphrase()]
        else:
            sessions.step_up(session)
            return see_other(wanted(session.compartment, form.next.data))
    return render_template("accounts/step_up.html", form=form)


@blueprint.get(f"{OWN}/account")
@officer_required(admitted=False)
def account() -> ResponseReturnValue:
    """Everything about one's own access."""
    session = officer()
    return render_template(
        "accounts/account.html",
        account=session.account,
        fingerprint=session.keys.public.fingerprint(),
        sessions=_sessions(),
        language=LanguageForm(formdata=None, data={"language": session.account.language}),
        confirm=ConfirmForm(formdata=None),
        factors=factors.of(session.account, session.keys),
        here=site(),
        elsewhere=state().settings.passkey_origins,
    )


@blueprint.post(f"{OWN}/account/language")
@officer_required(admitted=False)
def change_language() -> ResponseReturnValue:
    """Remember the language, here and in this browser."""
    session, form = officer(), LanguageForm()
    response = see_other(f"/{session.compartment}/account")
    if form.validate_on_submit():
        Account.update(language=form.language.data).where(Account.id == session.account.id).execute()
        remember(response, form.language.data)
    return response


@blueprint.get(f"{OWN}/account/passphrase")
@officer_required(admitted=False)
def passphrase() -> ResponseReturnValue:
    """Ask for the old passphrase and a new one."""
    return render_template("accounts/passphrase.html", form=ChangePassphrase(formdata=None))


@blueprint.post(f"{OWN}/account/passphrase")
@limiter.limit(TRIES)
@officer_required(admitted=False)
def change_passphrase() -> ResponseReturnValue:
    """Change it; all other sessions end."""
    form, session = ChangePassphrase(), officer()
    if form.validate_on_submit():
        try:
            passphrases.change(session, form.old.data, form.passphrase.data, state().settings, utc_now())
        except LoginRefused:
            form.old.errors = [wrong_passphrase()]
        except WeakPassphraseChosen as error:
            form.refuse(error.problem)
        else:
            flash(_("Your passphrase has been changed. You are logged out everywhere else."), "success")
            return see_other(f"/{session.compartment}/account")
    return render_template("accounts/passphrase.html", form=form)


@blueprint.post(f"{OWN}/account/log-out-everywhere")
@officer_required(admitted=False)
def log_out_everywhere() -> ResponseReturnValue:
    """End every session of this account, this one too."""
    session = officer()
    if not ConfirmForm().validate_on_submit():
        return see_other(f"/{session.compartment}/account")
    with write_transaction(shared_database):
        sessions.end_others(session.account, None)
        acts.record(
            acts.Kind.LOGGED_OUT_EVERYWHERE,
            compartment=session.compartment,
            actor=session.account.id,
            subject=session.account.id,
        )
    return leave(session.compartment)


def wrong_passphrase() -> str:
    """The error at a passphrase that doesn't open, or may not be tried just now."""
    return str(
        _("This isn't your passphrase. After several wrong tries an account is closed for up to 15 minutes.")
    )


def _sessions() -> list[dict[str, Any]]:
    """One's own sessions, without anything that tells which device they are on: that isn't kept."""
    rows = Session.select().where(Session.account == officer().account).order_by(Session.created_at.desc())
    return [
        {"began": row.created_at, "seen": row.seen_at, "here": row.id == officer().id}
        for row in rows
        if row.stage == sessions.FULL
    ]
