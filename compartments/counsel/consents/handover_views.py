"""Pages for the only reader of a case who can't go on with it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer_required
from app.web.i18n import LANGUAGES
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import readers
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.forms import SteppingOutForm
from compartments.counsel.cases.opened import OpenCase
from compartments.counsel.cases.reading_views import show_readers
from compartments.counsel.consents import handover
from compartments.counsel.consents.forms import CannotGoOnForm
from compartments.counsel.consents.service import NoConsent
from compartments.counsel.consents.views import choices, done
from compartments.counsel.service import ACTIONS
from keys.randomness import new_id


@blueprint.get("/cases/<case_id>/cannot-go-on")
@officer_required(junior=False)
def case_cannot_go_on(case_id: str) -> ResponseReturnValue:
    """Tell the person that one can't go on, and ask for somebody else: the form, with words for it in the person's language."""
    at = desk()
    opened = _reachable(at, case_id)
    form = _form(at, opened, blank=True)
    form.entry.data = new_id()
    with force_locale(_language(opened)):
        form.text.data = _somebody_else() if form.account else _nobody_else()
    return _show(opened, form)


@blueprint.post("/cases/<case_id>/cannot-go-on")
@officer_required(junior=False)
def case_told_of_it(case_id: str) -> ResponseReturnValue:
    """Tell and ask them."""
    at = desk()
    opened = _reachable(at, case_id)
    form = _form(at, opened)
    if not form.validate_on_submit():
        return _show(opened, form)
    with force_locale(_language(opened)):
        purpose = str(_("Somebody else goes on with your case. Whoever asks you steps out then."))
    handover.tell(
        opened,
        form.text.data or "",
        at.others[form.account.data] if form.account else None,
        purpose=purpose,
        entry_id=form.entry.data or new_id(),
        now=utc_now(),
    )
    done(opened, _("The person reads it with their receipt code."))
    return redirect(url_for(".case_readers", case_id=case_id), 303)


@blueprint.post("/cases/<case_id>/consents/<consent_id>/take-over")
@officer_required(junior=False)
def consent_taken_over(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Hand the case over to whom the person has agreed to, and step out of it."""
    at = desk()
    opened, form = case_of(at, case_id), SteppingOutForm()
    if not form.validate_on_submit():
        return show_readers(at, opened, form)
    reason, now = form.reason.data or "", utc_now()
    try:
        handover.take_over(opened, at.ring, consent_id, at.others, reason=reason, now=now)
    except (NoConsent, readers.LeftOut, readers.NoColleague, readers.LastReader):
        flash(_("There is no consent in force for this. The case is as it was."), "danger")
        return redirect(url_for(".case_readers", case_id=case_id), 303)
    outbox.deliver(ACTIONS)
    flash(_("The case is handed over. It has a new key, and you can't read it any more."), "success")
    return redirect(url_for(".cases"), 303)


def _reachable(at: Desk, case_id: str) -> OpenCase:
    opened = case_of(at, case_id)
    if opened.head.reach is None:
        abort(404)
    return opened


def _form(at: Desk, opened: OpenCase, *, blank: bool = False) -> CannotGoOnForm:
    return CannotGoOnForm.of(choices(at, opened), blank=blank)


def _language(opened: OpenCase) -> str:
    return opened.head.language if opened.head.language in LANGUAGES else "de"


def _somebody_else() -> str:
    return str(
        _(
            "I can't go on with your case: I am too close to somebody involved. Only I can read it so far. Below you are asked whether a colleague may take over. If you agree, I step out at once and can't read it any more. If you would rather choose anew, write to us once more from the beginning and exclude me there. You can also ask here for everything to be erased."
        )
    )


def _nobody_else() -> str:
    return str(
        _(
            "I can't go on with your case: I am too close to somebody involved. At the moment there is nobody else here who could take over. I am sorry. Look under “Help” on this site for whom you can turn to. You can ask here for everything to be erased."
        )
    )


def _show(opened: OpenCase, form: CannotGoOnForm) -> ResponseReturnValue:
    return render_template("counsel/consents/cannot_go_on.html", case=opened, head=opened.head, form=form)
