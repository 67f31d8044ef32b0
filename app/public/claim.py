"""The claim page: a reference key in, an invite code out, once. The key travels in the form only, never in an address, a cookie or a log.

The cookie set here is random and says nothing; with the reference key it lets the same device see the code again for some minutes.
"""

from __future__ import annotations

from flask import current_app, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from app.clock import utc_now
from app.public.blueprint import blueprint
from app.public.claiming import Claims
from app.shared.claims import GRACE
from app.web.genuine import is_genuine
from app.web.kept import filled_in
from app.web.limits import TRIES, limiter
from app.web.navigation import NavItem, add_nav
from app.web.state import EXTENSION as STATE
from app.web.state import state
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.errors import MalformedCode, MissingClaimKey
from keys.sessions import new_token

EXTENSION = "schotten-claims"
TOKEN_SIGNS = 43

add_nav(
    blueprint,
    "public",
    NavItem(lazy_gettext("Invite code"), ".claim", order=25, section=(".claim", ".claim_show")),
)


class ClaimForm(FlaskForm):
    """The reference key as somebody types it."""

    key = StringField(
        lazy_gettext("Your reference key"),
        description=lazy_gettext(
            "20 letters and digits, from our e-mail. Capitals, blanks and dashes don't matter."
        ),
        validators=[DataRequired(lazy_gettext("Please enter your reference key"))],
    )


def _load_key(setup: BlueprintSetupState) -> None:
    """Load the claim key at the start: a public face without it must not serve, for it would turn every key away."""
    instance = setup.app.extensions[STATE].instance
    keys = ClaimKeyPair.load(instance.claim_key)
    if keys.public.to_bytes() != instance.claim_sealing_key:
        raise MissingClaimKey("the claim key is not the one that this instance was founded with")
    setup.app.extensions[EXTENSION] = Claims(keys)


blueprint.record(_load_key)


@blueprint.get("/claim")
def claim() -> ResponseReturnValue:
    """Ask for the reference key."""
    return _ask(ClaimForm(formdata=None))


@blueprint.post("/claim")
@limiter.limit(TRIES)
def claim_show() -> ResponseReturnValue:
    """Show the invite code of a key. Used, deactivated and unknown keys get one answer."""
    if not is_genuine():
        return _ask_again(None)
    device, reference = _device(), _reference()
    if device is None:
        return _ask_again(
            _(
                "Your browser didn't keep our cookie. Please allow cookies for this page and press the button again: with it you can look at your code a second time."
            )
        )
    if reference is None:
        return _ask_again(
            _(
                "This isn't a whole reference key: it has 20 signs, letters without a, e, i, o, u, l and digits from 2 to 9."
            )
        )
    code = _claims().claim(
        reference, device, clearing=state().pinned("clearing"), day=state().today, now=utc_now()
    )
    if code is None:
        return _ask_again(
            _(
                "There is no invite code for this key. Either it was mistyped, or its code has been shown already, or the key isn't valid any more. Please compare it sign by sign."
            )
        )
    return filled_in("public/claim/shown.html", {"code": code}, minutes=int(GRACE.total_seconds() // 60))


def _reference() -> ClaimKeys | None:
    try:
        return ClaimKeys.from_reference(request.form.get("key", ""))
    except MalformedCode:
        return None


def _ask_again(trouble: str | None) -> ResponseReturnValue:
    """The form with what was typed; what it finds wrong itself (no key, a stale page) goes before ``trouble``."""
    form = ClaimForm()
    if form.validate() and trouble:
        form.key.errors = [trouble]
    return _ask(form)


def _ask(form: ClaimForm) -> ResponseReturnValue:
    response = make_response(render_template("public/claim/form.html", form=form))
    if _device() is None:
        response.set_cookie(
            _cookie(), new_token(), secure=state().settings.https, httponly=True, samesite="Strict", path="/"
        )
    return response


def _device() -> str | None:
    token = request.cookies.get(_cookie(), "")
    return token if len(token) == TOKEN_SIGNS else None


def _cookie() -> str:
    return f"{'__Host-' if state().settings.https else ''}schotten-claim"


def _claims() -> Claims:
    found: Claims = current_app.extensions[EXTENSION]
    return found
