"""Who may see an officer's page, and the opening of the vault around it. The route's half of "access is checked twice".

The other half is the key: a session without a grant for the vault opens nothing, whatever a route believes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, overload

from flask import Flask, Request, Response, abort, g, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from app.envelopes import outbox, rotation
from app.envelopes.receiving import receive
from app.offices import JUNIOR, OFFICER, OFFICES
from app.shared import sessions
from app.shared.sessions import OfficerSession
from app.vault.errors import WrongVaultKey
from app.vault.models import Outgoing
from app.vault.opening import open_vault
from app.vault.trust import ExchangedKeys
from app.web.compartment import served
from app.web.logs import write_down
from app.web.redirects import local_path
from app.web.state import state

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Officer(UserMixin):
    """The officer a request comes from, for Flask-Login and the templates. Lives as long as the request."""

    def __init__(self, session: OfficerSession) -> None:
        self.session = session
        self.id = session.account.id
        self.username = session.account.username
        self.display_name = session.account.display_name
        self.compartment = session.compartment
        self.role = session.account.role
        self.is_admitted = session.account.state == "active"


@dataclass(frozen=True)
class Access:
    """What a route demands. The table-driven test reads it from the view."""

    roles: tuple[str, ...]
    admitted: bool = True
    stepped_up: bool = False
    opens: bool = True
    stage: str | None = sessions.FULL


@overload
def officer_required(view: View) -> View: ...


@overload
def officer_required(
    *,
    junior: bool = True,
    admitted: bool = True,
    stepped_up: bool = False,
    opens: bool = True,
    stage: str | None = sessions.FULL,
) -> Callable[[View], View]: ...


def officer_required(
    view: View | None = None,
    *,
    junior: bool = True,
    admitted: bool = True,
    stepped_up: bool = False,
    opens: bool = True,
    stage: str | None = sessions.FULL,
) -> Any:
    """Let only officers of the page's compartment pass, and open its vault around the view.

    ``junior`` False keeps junior officers out; ``admitted`` False lets in who has enrolled but isn't admitted yet (and opens nothing);
    ``stepped_up`` asks for the passphrase again first; ``opens`` False leaves the vault closed, for work that needs it alone; ``stage``
    is how far the log-in must have come, None for any. The compartment is the first part of the path.
    """
    roles = (OFFICER, JUNIOR) if junior else (OFFICER,)
    access = Access(roles, admitted, stepped_up, opens and admitted, stage)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            session = _session_of(request)
            if session is None or session.compartment not in served():
                return _to_login()
            if access.stage is not None and session.stage != access.stage:
                return _to_stage(session)
            if session.account.role not in access.roles:
                abort(403)
            if access.admitted and session.account.state != "active":
                return redirect(url_for("accounts.waiting", compartment=session.compartment))
            if access.stepped_up and not session.stepped_up:
                return _to_step_up(session)
            if not access.opens:
                return view(*args, **kwargs)
            return _inside(session, lambda: view(*args, **kwargs))

        guarded.access = access  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate if view is None else decorate(view)


def _inside(session: OfficerSession, work: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    with ExitStack() as opened:
        if not _open(session, opened):
            return redirect(url_for("accounts.waiting", compartment=session.compartment))
        catch_up()
        return work()


def _open(session: OfficerSession, opened: ExitStack) -> bool:
    """Open the vault with the officer's grants; return False where there is none. A renewal that was cut off is finished first."""
    vault, instance = session.compartment, state().instance
    schema = served()[vault].schema
    if session.account.renews_keys:
        _renew_recovered(session)
    for last_try in (False, True):
        if len(keys := session.vault_keys(vault)) > 1:
            rotation.finish(instance, vault, by=session)
            keys = session.vault_keys(vault)
        if not keys:
            return False
        try:
            opened.enter_context(open_vault(instance, vault, keys, schema, officer=session.account.id))
            return True
        except WrongVaultKey:
            # Somebody has renewed the keys between the two lines above; the new ones are there now.
            if last_try:
                raise
    return False


def _renew_recovered(session: OfficerSession) -> None:
    """The paper shares have shown the vault's key to the operator's process and to a one-time code: make another one."""
    if len(session.vault_keys(session.compartment)) > 1:
        return  # begun already, and cut off: it is finished in a moment
    try:
        rotation.renew(state().instance, session.compartment, by=session, day=state().today)
    except ExchangedKeys as error:
        # Tried again at each opening. The office opens nevertheless: its page "Access" says what is wrong when they are renewed there.
        write_down(error)


def catch_up() -> None:
    """Deliver what the vault has ordered, take in what waits for it, and deliver what follows from that. Two look-ups where there is nothing."""
    compartment = served()[officer().compartment]
    if Outgoing.select().exists():
        outbox.deliver(compartment.actions)
    # An office that only passes on (clearing) may open no second page for days.
    if receive(compartment.incoming) and Outgoing.select().exists():
        outbox.deliver(compartment.actions)


def officer() -> OfficerSession:
    """The session of the officer whose page this is; only inside :func:`officer_required`."""
    session = _session_of(request)
    if session is None:
        abort(401)
    return session


def cookie_name(compartment: str) -> str:
    """Name of a compartment's session cookie. The ``__Host-`` prefix exists only over HTTPS (RFC 6265bis)."""
    return f"{'__Host-' if state().settings.https else ''}schotten-{compartment}"


def set_session_cookie(response: Response, compartment: str, token: str) -> Response:
    """Give the browser a session's token; it goes when the browser closes."""
    response.set_cookie(
        cookie_name(compartment),
        token,
        secure=state().settings.https,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return response


def clear_session_cookie(response: Response, compartment: str) -> Response:
    """Take the token back."""
    response.delete_cookie(
        cookie_name(compartment), secure=state().settings.https, httponly=True, samesite="Strict", path="/"
    )
    return response


def init_guard(app: Flask) -> None:
    """Let Flask-Login find the officer in the request's own cookie; it keeps nothing in Flask's session."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load_officer)
    # Not `init_app`: it looks for a remember-me cookie, which we never set, after every request. That opens Flask's session
    # and makes even static files vary by cookie.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.context_processor(lambda: {"current_user": current_user})


def _load_officer(request: Request) -> Officer | None:
    session = _session_of(request)
    return Officer(session) if session and session.stage == sessions.FULL else None


def _session_of(request: Request) -> OfficerSession | None:
    """The session of the compartment in the path; looked up once per request."""
    if "officer_session" not in g:
        g.officer_session = _resume(request, request.path.split("/")[1])
    session: OfficerSession | None = g.officer_session
    return session


def _resume(request: Request, compartment: str) -> OfficerSession | None:
    token = request.cookies.get(cookie_name(compartment)) if compartment in OFFICES else None
    session = sessions.resume(token, state().limits) if token else None
    # A token in another compartment's cookie is a forgery; it opens nothing there either.
    return session if session and session.compartment == compartment else None


def _to_login() -> ResponseReturnValue:
    """Send to the log-in. What was typed into a form whose session is over comes back for copying; it is stored nowhere."""
    compartment = request.path.split("/")[1]
    back = request.full_path.rstrip("?") if request.method == "GET" else f"/{compartment}/"
    login = url_for("accounts.login", next=local_path(back))
    # The form's cookie is SameSite=Strict: without it another site has sent this, and its text is not shown.
    if request.method == "POST" and "csrf_token" in flask_session:
        return render_template("errors/logged_out.html", typed=_typed(), login=login), HTTPStatus.UNAUTHORIZED
    return redirect(login, HTTPStatus.SEE_OTHER)


def _to_stage(session: OfficerSession) -> ResponseReturnValue:
    """Send a log-in that waits for the second factor there, and one that is complete to its work."""
    if session.stage == sessions.SECOND_FACTOR:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(
            url_for(
                "accounts.second_factor", compartment=session.compartment, next=local_path(back, "") or None
            ),
            HTTPStatus.SEE_OTHER,
        )
    return redirect(f"/{session.compartment}/", HTTPStatus.SEE_OTHER)


def _typed() -> list[tuple[str, str]]:
    secret = ("csrf", "passphrase", "code")
    fields = request.form.items(multi=True)
    return [
        (name, text) for name, text in fields if text.strip() and not any(part in name for part in secret)
    ]


def _to_step_up(session: OfficerSession) -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else f"/{session.compartment}/"
    return redirect(url_for("accounts.step_up", compartment=session.compartment, next=local_path(back)), 303)
