"""Pages for reading applications and acting on them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.clock import utc_now
from app.web.downloads import strangers_file
from app.web.guard import officer, officer_required
from app.web.state import state
from compartments.board import reader
from compartments.board.applications import erasure, letters, reading, service
from compartments.board.applications.acting import Again, carry_out, gone, letter_for
from compartments.board.applications.forms import MoveForm, RejectForm, WriteForm
from compartments.board.applications.history import UnknownApplication, find
from compartments.board.applications.reading import SORTS, Wanted
from compartments.board.appointments import orders
from compartments.board.forms import EmptyForm
from compartments.board.models import (
    APPOINTED,
    DEFAULT_STAGES,
    OFFERED,
    REJECTED,
    WITHDRAWN,
    Application,
    Wish,
)

blueprint = Blueprint("applications", __name__)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The inbox of applications, with filters."""
    wanted = Wanted(
        posting=request.args.get("posting", "")[:80],
        stage=request.args.get("stage", "")[:20],
        words=request.args.get("q", "")[:200],
        sort=request.args.get("sort", "newest") if request.args.get("sort") in SORTS else "newest",
        unread=request.args.get("unread") == "1",
    )
    page = reading.inbox(wanted, officer().account.id, request.args.get("page", 1, type=int))
    chosen = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "board/applications/index.html", page=page, wanted=wanted, titles=reader.titles(), chosen=chosen
    )


@blueprint.get("/<application_id>")
@officer_required
def show(application_id: str) -> ResponseReturnValue:
    """One application; that this officer has read it is noted."""
    try:
        application = service.read(application_id, officer().account.id, utc_now())
    except UnknownApplication:
        return gone()
    return page_of(application, Again())


@blueprint.get("/<application_id>/files/<file_id>")
@officer_required
def download(application_id: str, file_id: str) -> ResponseReturnValue:
    """One file, to be saved and never to be shown: whoever sent it is anybody at all."""
    file = reading.file(application_id, file_id)
    if file is None:
        abort(404)
    return strangers_file(reading.parts(file), file.media_type, file.name)


@blueprint.post("/<application_id>/messages")
@officer_required
def write(application_id: str) -> ResponseReturnValue:
    """Write to the applicant."""
    form = WriteForm()

    def act() -> None:
        service.write(
            application_id,
            reader.seen(form),
            form.text.data,
            actor=reader.actor(),
            now=utc_now(),
            day=state().today,
        )

    return carry_out(application_id, form, "write", act, page_of, _("The message has been sent."))


@blueprint.post("/<application_id>/wishes/<int:wish_id>/stage")
@officer_required
def move(application_id: str, wish_id: int) -> ResponseReturnValue:
    """Put one wish on another stage."""
    form = MoveForm(prefix=_prefix(wish_id))

    def act() -> None:
        service.move(
            application_id,
            reader.seen(form),
            wish_id,
            form.stage.data,
            reason=form.reason.data or "",
            actor=reader.actor(),
            now=utc_now(),
        )

    return carry_out(application_id, form, _prefix(wish_id), act, page_of, _("The stage has been changed."))


@blueprint.get("/<application_id>/reject")
@officer_required
def ask_reject(application_id: str) -> ResponseReturnValue:
    """The letter of a rejection, filled in with the board's wording."""
    try:
        application = find(application_id)
    except UnknownApplication:
        return gone()
    open_wishes = _rejectable(application)
    if not open_wishes:
        flash(_("There is nothing to reject: everything is decided, or an offer is open."), "warning")
        return redirect(url_for(".show", application_id=application_id), 303)
    form = RejectForm(
        revision=application.revision,
        wishes=[wish.id for wish in open_wishes],
        letter=letter_for(
            application,
            letters.REJECTION,
            [wish.posting for wish in open_wishes],
            None if len(open_wishes) == _undecided(application) else application.retain_until,
        ),
    )
    return _reject_page(application, Again({"reject": form}))


@blueprint.post("/<application_id>/reject")
@officer_required
def reject(application_id: str) -> ResponseReturnValue:
    """Reject."""
    form = RejectForm()
    try:
        form.wishes.choices = _choices(find(application_id))
    except UnknownApplication:
        return gone(form)

    def act() -> None:
        service.reject(
            application_id,
            reader.seen(form),
            form.wishes.data,
            form.letter.data,
            reason=form.reason.data or "",
            retention=state().settings.application_retention,
            actor=reader.actor(),
            now=utc_now(),
            day=state().today,
        )

    return carry_out(application_id, form, "reject", act, _reject_page, _("The rejection has been sent."))


@blueprint.get("/<application_id>/erase")
@officer_required(stepped_up=True)
def ask_erase(application_id: str) -> ResponseReturnValue:
    """Ask whether it is meant."""
    try:
        application = find(application_id)
    except UnknownApplication:
        return gone()
    return render_template("board/applications/erase.html", application=application, form=EmptyForm())


@blueprint.post("/<application_id>/erase")
@officer_required(stepped_up=True)
def erase(application_id: str) -> ResponseReturnValue:
    """Erase an application and its mailbox at once."""
    form = EmptyForm()
    try:
        if not form.validate_on_submit():
            application = find(application_id)
            return render_template("board/applications/erase.html", application=application, form=form), 422
        erasure.erase(application_id, by=reader.actor().id, day=state().today)
    except UnknownApplication:
        return gone()
    orders.deliver()
    flash(_("The application has been erased."), "success")
    return redirect(url_for(".index"), 303)


def page_of(application: Application, again: Again) -> str:
    """The page of one application."""
    whole = reading.whole(application)
    write_form = again.forms.get("write") or WriteForm(formdata=None, revision=application.revision)
    return render_template(
        "board/applications/show.html",
        whole=whole,
        application=application,
        titles=reader.titles(),
        form=next(iter(again.forms.values()), None),
        write=write_form,
        moves={wish.id: _move_form(application, wish, again) for wish in whole.wishes},
        happened=again.happened,
        problem=again.problem,
        rejectable=_rejectable(application),
        offerable=DEFAULT_STAGES,
        today=state().today,
    )


def _reject_page(application: Application, again: Again) -> str:
    form = again.forms["reject"]
    form.wishes.choices = _choices(application)
    return render_template(
        "board/applications/reject.html",
        application=application,
        form=form,
        happened=again.happened,
        problem=again.problem,
        erased_on=format_date(state().today + state().settings.application_retention, "long"),
    )


def _rejectable(application: Application) -> list[Wish]:
    decided = (OFFERED, APPOINTED, REJECTED, WITHDRAWN)
    wishes = Wish.select().where(Wish.application == application, Wish.stage.not_in(decided))
    return list(wishes.order_by(Wish.place))


def _undecided(application: Application) -> int:
    """How many wishes are open, offered or led to an office: while there are others than those rejected, nothing is erased early."""
    closed = (REJECTED, WITHDRAWN)
    return Wish.select().where(Wish.application == application, Wish.stage.not_in(closed)).count()


def _choices(application: Application) -> list[SelectChoice]:
    titles = reader.titles()
    return [
        SelectChoice(wish.id, titles.get(wish.posting, wish.posting)) for wish in _rejectable(application)
    ]


def _prefix(wish_id: int) -> str:
    """Several wishes, several forms on one page: their fields need names of their own."""
    return f"move{wish_id}"


def _move_form(application: Application, wish: Wish, again: Again) -> MoveForm:
    prefix = _prefix(wish.id)
    if prefix in again.forms:
        return again.forms[prefix]  # type: ignore[no-any-return]
    return MoveForm(formdata=None, prefix=prefix, revision=application.revision, stage=wish.stage)
