"""What passes between the office and an applicant: writing to them, what they wrote and handed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.office.blueprint import author
from app.office.forms import SeenForm
from app.web.downloads import strangers_file
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership.admissions import corresponding
from compartments.membership.admissions.forms import LetterForm
from compartments.membership.admissions.service import ACTIONS
from compartments.membership.admissions.views import back_to, find, page_of
from keys.randomness import new_id

blueprint = Blueprint("admission_letters", __name__, url_prefix="/admissions")


@blueprint.post("/<admission_id>/letters")
@officer_required
def write(admission_id: str) -> ResponseReturnValue:
    """Ask the applicant back, or answer them, in their mailbox."""
    found, form = find(admission_id), LetterForm()
    if not form.validate_on_submit():
        return page_of(found, letter=form)
    text, entry = form.text.data or "", form.entry.data or new_id()
    seen, day = form.seen.data or 0, state().today
    corresponding.write(found, text, seen=seen, entry_id=entry, by=author(), now=utc_now(), day=day)
    outbox.deliver(ACTIONS)
    flash(_("Your message is in the applicant's mailbox."), "success")
    return back_to(admission_id)


@blueprint.post("/<admission_id>/letters/settled")
@officer_required
def settle(admission_id: str) -> ResponseReturnValue:
    """What the applicant wrote needs no answer."""
    found, form = find(admission_id), SeenForm()
    if form.validate_on_submit():
        corresponding.settle(found, form.seen.data or 0)
        flash(_("Done: no answer is needed."), "success")
    else:
        flash(_("The page was open for too long. Please try again."), "warning")
    return back_to(admission_id)


@blueprint.get("/<admission_id>/files/<int:file_id>")
@officer_required
def file(admission_id: str, file_id: int) -> ResponseReturnValue:
    """A file that the applicant has handed in; to be saved, never shown in the page."""
    found = corresponding.file(find(admission_id), file_id)
    if found is None:
        abort(404)
    return strangers_file([bytes(found.content)], found.media_type, found.name)
