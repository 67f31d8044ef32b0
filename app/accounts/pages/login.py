"""Logging in, and out."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.blueprint import OWN, blueprint, dress, see_other, wanted
from app.accounts.forms import ConfirmForm, LoginForm
from app.accounts.login import LoginRefused, log_in
from app.clock import utc_now
from app.shared import sessions
from app.web.compartment import served
from app.web.guard import clear_session_cookie, cookie_name, officer, officer_required, set_session_cookie
from app.web.limits import TRIES, limiter
from app.web.state import state
from keys.sessions import token_id


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """Ask for user name and passphrase."""
    return _login_page(LoginForm(formdata=None, data={"next": request.args.get("next", "")}))


@blueprint.post("/login")
@limiter.limit(TRIES)
def check_login() -> ResponseReturnValue:
    """Begin a session in the account's compartment, whatever page the log-in was for."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form)
    try:
        logged_in = log_in(
            form.username.data,
            form.passphrase.data,
            state().settings.argon2,
            utc_now(),
            compartments=served(),
        )
    except LoginRefused:
        form.form_errors.append(
            _(
                "User name or passphrase is wrong. After several wrong tries an account is closed for up to 15 minutes."
            )
        )
        return _login_page(form)
    compartment = logged_in.account.compartment
    goal = wanted(compartment, form.next.data)
    if logged_in.stage == sessions.SECOND_FACTOR:
        goal = url_for("accounts.second_factor", compartment=compartment, next=goal)
    _end_former(compartment)
    return set_session_cookie(see_other(goal), compartment, logged_in.token)


@blueprint.post(f"{OWN}/logout")
@officer_required(admitted=False, stage=None)
def logout() -> ResponseReturnValue:
    """End this session."""
    session = officer()
    if not ConfirmForm().validate_on_submit():
        return redirect(f"/{session.compartment}/")
    sessions.end(session.id)
    return leave(session.compartment)


def leave(compartment: str) -> Response:
    """To the log-in page, without the cookie, and without anything of this site in the browser's caches."""
    response = clear_session_cookie(
        see_other(url_for("accounts.login", next=f"/{compartment}/")), compartment
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _end_former(compartment: str) -> None:
    """A browser holds one session per compartment; the one it had is of no use to anybody any more."""
    if former := request.cookies.get(cookie_name(compartment)):
        sessions.end(token_id(former))


def _login_page(form: LoginForm) -> ResponseReturnValue:
    dress(form.next.data)
    return render_template("accounts/login.html", form=form)
