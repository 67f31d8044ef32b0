"""Enrolment, one thing per page: code, commitment, names, passphrase. Nothing is kept on the server in between; what was typed travels along."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.accounts import enrolment
from app.accounts.blueprint import blueprint, language
from app.accounts.enrolment import (
    Choices,
    CommitmentChanged,
    EnrolmentRefused,
    ExpiredCode,
    Invitation,
    UsedCode,
    UsernameTaken,
    WeakPassphraseChosen,
)
from app.accounts.forms import (
    EnrolmentCode,
    EnrolmentCommitment,
    EnrolmentNames,
    EnrolmentPassphrase,
    taken,
)
from app.accounts.names import LONGEST_NAME, BadUsername
from app.shared import commitments
from app.web.compartment import served
from app.web.i18n import LANGUAGES
from app.web.limits import TRIES, limiter
from app.web.look import LOOKS, show_face
from app.web.state import state

STEPS: dict[str, type[FlaskForm]] = {
    "code": EnrolmentCode,
    "commitment": EnrolmentCommitment,
    "names": EnrolmentNames,
    "passphrase": EnrolmentPassphrase,
}
TEXTS = ("code", "version", "language", "signed_name", "display_name", "username")


@blueprint.get("/enrol")
def enrol() -> ResponseReturnValue:
    """Ask for the code."""
    return _page("code", EnrolmentCode(formdata=None))


@blueprint.post("/enrol")
@limiter.limit(TRIES)
def enrol_further() -> ResponseReturnValue:
    """Check one page and show the next; after the last one, make the account."""
    step = request.form.get("step", "code")
    if step not in STEPS:
        step = "code"
    form = STEPS[step]()
    if "back" in request.form:
        return _show(_before(step), form)
    if not form.validate_on_submit():
        return _show(step, form, keep=True)
    try:
        enrolment.find(form.code.data, state().today)
        return _enrol(form) if step == "passphrase" else _show(_after(step), form)
    except WeakPassphraseChosen as error:
        form.refuse(error.problem)
        return _show("passphrase", form, keep=True)
    except (EnrolmentRefused, BadUsername) as error:
        return _refused(error, form)


def _refused(error: Exception, form: FlaskForm) -> ResponseReturnValue:
    """Go back to the page on which something has to change."""
    if isinstance(error, CommitmentChanged):
        return _again(
            "commitment", form, "signed_name", _("The text has changed meanwhile. Please read it again.")
        )
    if isinstance(error, UsernameTaken):
        return _again("names", form, "username", taken())
    if isinstance(error, BadUsername):
        return _again("names", form, "username", _("Please choose another user name"))
    return _again("code", form, "code", _why(error))


def _enrol(form: EnrolmentPassphrase) -> ResponseReturnValue:
    # The hidden fields were checked on their own pages; whoever changes them meets the same rules here.
    if not form.version.data.isdecimal() or form.language.data not in LANGUAGES:
        raise CommitmentChanged("no text was shown")
    if not 0 < len(form.signed_name.data or "") <= LONGEST_NAME:
        return _again("commitment", form, "signed_name", _("Please sign with your name"))
    if not 0 < len(form.display_name.data or "") <= LONGEST_NAME:
        return _again("names", form, "display_name", _("Please say by which name your colleagues know you"))
    choices = Choices(
        version=int(form.version.data),
        language=form.language.data,
        signed_name=form.signed_name.data,
        username=form.username.data or "",
        display_name=form.display_name.data,
        passphrase=form.passphrase.data,
    )
    enrolled = enrolment.enrol(form.code.data, choices, state().settings, state().today)
    compartment = enrolled.account.compartment
    if compartment in served():
        show_face(compartment)
    return render_template("accounts/enrolled.html", enrolled=enrolled, office=LOOKS[compartment])


def _show(step: str, typed: FlaskForm, *, keep: bool = False) -> ResponseReturnValue:
    """Show a page with what is known so far; ``keep`` shows the very form, with its errors."""
    return _page(step, typed if keep else STEPS[step](formdata=None, data=_known(typed)))


def _again(step: str, typed: FlaskForm, field: str, error: str) -> ResponseReturnValue:
    """Go back to the page where something is wrong."""
    form = STEPS[step](formdata=None, data=_known(typed))
    form[field].errors = [error]
    return _page(step, form)


def _page(step: str, form: FlaskForm) -> ResponseReturnValue:
    facts: dict[str, Any] = {"step": step, "number": list(STEPS).index(step) + 1, "total": len(STEPS)}
    try:
        invitation = enrolment.find(form.code.data or "", state().today) if step != "code" else None
    except EnrolmentRefused as error:
        return _again("code", form, "code", _why(error))
    if invitation is not None:
        facts |= _facts_of(invitation, step, form)
    return render_template("accounts/enrol.html", form=form, **facts)


def _facts_of(invitation: Invitation, step: str, form: FlaskForm) -> dict[str, Any]:
    if invitation.compartment in served():
        show_face(invitation.compartment)
    if step != "commitment":
        return {"office": LOOKS[invitation.compartment]}
    shown = commitments.in_force(language(), state().today)
    form.version.data, form.language.data = str(shown.version), shown.language
    return {"office": LOOKS[invitation.compartment], "shown": shown, "role": invitation.role}


def _known(typed: FlaskForm) -> dict[str, Any]:
    known = {name: request.form.get(name, "") for name in TEXTS}
    known |= {name: typed[name].data for name in TEXTS if name in typed and typed[name].data}
    known["display_name"] = known["display_name"] or known["signed_name"]
    return known


def _after(step: str) -> str:
    return list(STEPS)[list(STEPS).index(step) + 1]


def _before(step: str) -> str:
    return list(STEPS)[max(list(STEPS).index(step) - 1, 0)]


def _why(error: Exception) -> str:
    if isinstance(error, UsedCode):
        return str(_("This code has been used: there is an account now. If that was you, please log in."))
    if isinstance(error, ExpiredCode):
        return str(
            _("This code is no longer valid. Please ask the board, or whoever gave it to you, for a new one.")
        )
    return str(_("We don't know this code. Please compare it sign by sign."))
