"""Applying for postings, page by page. Nothing is handed over before "send" on the last page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.public import sending
from app.public.application import application_of, consent_text
from app.public.blueprint import blueprint, language
from app.public.confirming import confirmed
from app.public.journey import EVIDENCE, POSTINGS, Journey
from app.public.postings import GONE
from app.public.sending import Receipt
from app.public.steps import FILES
from app.public.uploads import limit, take_uploads
from app.shared import drafts, postings
from app.web.genuine import is_genuine
from app.web.limits import limiter
from app.web.state import state
from keys.mailbox import MailboxKeys

PAGES = "120 per minute"


@blueprint.get("/postings/<slug>/apply")
def apply(slug: str) -> ResponseReturnValue:
    """The first page of the form; for a closed posting, back to the page that says so."""
    journey = Journey(slug)
    if journey.closed:
        if postings.find(slug, language(), state().today) is None:
            abort(404)
        return redirect(url_for(".posting", slug=slug), 303)
    return _show(journey, POSTINGS)


@blueprint.post("/postings/<slug>/apply")
@limiter.limit(PAGES)
def apply_next(slug: str) -> ResponseReturnValue:
    """Take one page in and show the next, or the same with its errors."""
    journey = Journey(slug)
    go = request.form.get("go", "next")
    if not is_genuine():
        return _show(journey, journey.step, [_token_trouble(journey)])
    if go == "send":
        return _send(journey)
    if journey.closed:
        return _too_late(journey)
    if journey.step == EVIDENCE and not _take_files(journey):
        return _show(journey, EVIDENCE)
    return _show(journey, _place_after(journey, go))


def _place_after(journey: Journey, go: str) -> str:
    """The page that a button leads to."""
    if go.startswith("remove:"):
        if draft := journey.files.take_out(go.removeprefix("remove:")):
            drafts.remove(draft)
        journey.files_changed()
        return EVIDENCE
    if go == "upload":
        return journey.step if journey.step in journey.order else POSTINGS
    return journey.place_after(go)


def _take_files(journey: Journey) -> bool:
    """Put the page's files aside; return whether all of them could be taken."""
    names = [name for name in journey.form(EVIDENCE).data if name.endswith(FILES)]
    problems = {
        name: take_uploads(journey.files, f"{EVIDENCE}-{name}", name.removesuffix(FILES)) for name in names
    }
    journey.files_changed()
    form = journey.form(EVIDENCE)
    for name, found in problems.items():
        form[name].errors = found
    return not any(problems.values())


def _send(journey: Journey) -> ResponseReturnValue:
    keys = MailboxKeys.from_receipt(journey.code)
    application = application_of(journey)
    try:
        sending.check_not_sent(application, keys)
        if journey.closed:
            return _too_late(journey)
        if invalid := journey.first_invalid():
            return _show(journey, invalid)
        receipt = sending.send(
            application,
            keys,
            basket=journey.files,
            board=state().pinned("board"),
            wished=journey.chosen,
            retention=state().settings.application_retention,
            day=state().today,
            now=utc_now(),
        )
    except drafts.DraftIsGone as gone:
        lost = journey.files.take_out(str(gone))
        journey.files_changed()
        name = lost.name if lost else ""
        return _show(
            journey, EVIDENCE, [_("“%(name)s” isn't there any more. Please add the file again.", name=name)]
        )
    except sending.AlreadyWithdrawn:
        return render_template("public/apply/withdrawn.html")
    except sending.AlreadySent as sent:
        return _confirm(journey, sending.receipt(keys), same=sent.same)
    return _confirm(journey, receipt)


def _confirm(journey: Journey, receipt: Receipt, *, same: bool = True) -> ResponseReturnValue:
    titles = {"titles": ", ".join(receipt.titles)}
    return confirmed("public/apply/sent.html", journey.code, receipt.erase_on, titles, same=same)


def _show(journey: Journey, step: str, trouble: Sequence[str] = ()) -> ResponseReturnValue:
    step = journey.shown(step)
    return render_template(
        "public/apply/page.html",
        journey=journey,
        step=step,
        form=journey.form(step),
        trouble=list(trouble),
        exclusions=postings.exclusions(journey.chosen),
        limit=limit(),
        consent_text=consent_text,
    )


def _too_late(journey: Journey) -> ResponseReturnValue:
    """The deadline passed while the form was open: nothing is stored, and nothing typed is lost."""
    found = [postings.find(slug, language(), state().today) for slug in journey.closed]
    closed = [one for one in found if one]
    page = render_template(
        "public/apply/too_late.html",
        journey=journey,
        closed=closed,
        typed=journey.texts([*closed, *journey.chosen]),
    )
    return make_response(page, GONE)


def _token_trouble(journey: Journey) -> str:
    lost = journey.step == EVIDENCE and any(
        one.filename for ones in request.files.listvalues() for one in ones
    )
    if lost:
        return str(
            _(
                "This page had been open for too long, so it was not taken. What you typed is still here; please choose the files again."
            )
        )
    return str(
        _(
            "This page had been open for too long, or your browser keeps no cookies. What you typed is still here; please press the button again."
        )
    )
