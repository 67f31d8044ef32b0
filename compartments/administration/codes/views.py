"""Pages of the invite codes: how many are where, key sets, and what changed on the platform behind our back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office import jobs as office_jobs
from app.office.blueprint import signed_in
from app.office.forms import Confirmation
from app.office.jobs import add_job_kind
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.administration.codes import books
from compartments.administration.codes.models import BY_OPERATOR, VANISHED
from compartments.administration.platform import exchange
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.connector import UnsupportedVersion
from compartments.administration.platform.forms import AnswerForm
from compartments.administration.platform.wording import code_state_in_words
from compartments.administration.reconciliation import batches, service
from compartments.administration.tables import database

blueprint = Blueprint("codes", __name__, url_prefix="/codes")
AT_MOST = 100
add_nav(
    blueprint,
    "administration",
    NavItem(
        lazy_gettext("Accounts"),
        ".index",
        order=15,
        section=("administration.codes.", "administration.platform."),
        visible=signed_in,
    ),
)
add_job_kind(
    blueprint,
    "administration",
    service.READ_BACK,
    lazy_gettext("Reading the platform back"),
    url=lambda _job: url_for("administration.codes.index"),
)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """How many codes are where."""
    standing = books.standing()
    most = max(standing.states.values(), default=0) or 1
    bars = [
        (code_state_in_words(one), number, round(100 * number / most, 1), one)
        for one, number in standing.states.items()
        if number
    ]
    return render_template(
        "administration/codes/index.html",
        standing=standing,
        bars=bars,
        key_sets=books.key_sets(),
        looked=books.last_read_back(),
        waiting=len(books.waiting_codes()),
        vanished=books.of_state(VANISHED, AT_MOST),
        strangers=books.strangers(AT_MOST),
        by_operator=books.of_state(BY_OPERATOR, AT_MOST),
        connected=platform_settings.is_connected(platform_settings.read()),
        button=Confirmation(formdata=None),
        answer_form=AnswerForm(formdata=None),
    )


@blueprint.post("/read-back")
@officer_required
def read_back() -> ResponseReturnValue:
    """Look at the platform; change nothing there."""
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
    elif not platform_settings.is_connected(platform_settings.read()):
        flash(_("There is no connection: read in an answer of the platform's operator instead."), "warning")
    else:
        job = office_jobs.begin(service.READ_BACK, subject="platform")
        return redirect(url_for("office.job", job_id=job.id), 303)
    return redirect(url_for(".index"), 303)


@blueprint.post("/answer")
@officer_required
def read_answer() -> ResponseReturnValue:
    """The same from a file of the platform's operator."""
    form = AnswerForm()
    if not form.validate_on_submit() or not form.answer.data:
        flash(_("Please choose the file that the operator has handed back."), "warning")
        return redirect(url_for(".index"), 303)
    try:
        answer = exchange.read_answer(form.answer.data.read().decode())
        with database.atomic("IMMEDIATE"):
            books.read_in(answer.applied.rows, version=answer.version.text, at=utc_now())
        flash(_("The books follow the platform's answer."), "success")
    except (exchange.NotAnAnswer, UnicodeDecodeError, UnsupportedVersion):
        flash(_("This file isn't the platform's answer. Nothing was changed."), "warning")
    return redirect(url_for(".index"), 303)


@blueprint.post("/create")
@officer_required
def create() -> ResponseReturnValue:
    """Begin a batch of the codes that have never been on the platform."""
    if Confirmation().validate_on_submit():
        batch = batches.begin_creation(day=state().today)
        if batch is not None:
            return redirect(url_for("administration.reconciliation.show", batch_id=batch.id), 303)
        flash(_("There are no new codes."), "info")
    return redirect(url_for(".index"), 303)
