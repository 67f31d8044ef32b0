"""Pages of the board compartment: the overview, notices to other compartments, wordings of letters, the log of acts."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.binding import NotOpen
from app.clock import utc_now
from app.paging import page_of
from app.shared import acts
from app.shared.models import Account, Act
from app.web.compartment import Compartment
from app.web.guard import officer, officer_required
from app.web.look import LOOKS
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.board import charts, labels, reader, reports, service
from compartments.board.applications import erasure, letters, reading
from compartments.board.applications import views as applications
from compartments.board.applications.reading import Wanted
from compartments.board.appointments import merge_views as merging
from compartments.board.appointments import orders
from compartments.board.appointments import service as appointments
from compartments.board.counsel import views as counsel
from compartments.board.figures import views as figures
from compartments.board.forms import LetterForm, NoticeForm
from compartments.board.models import DEFAULT_STAGES, OFFERED, SCHEMA
from compartments.board.postings import publishing
from compartments.board.service import ACTIONS, INCOMING

blueprint = Blueprint("board", __name__)
blueprint.register_blueprint(applications.blueprint, url_prefix="/applications")
blueprint.register_blueprint(publishing.blueprint, url_prefix="/postings")
blueprint.register_blueprint(merging.blueprint, url_prefix="/people")
blueprint.register_blueprint(figures.blueprint, url_prefix="/figures")
blueprint.register_blueprint(counsel.blueprint, url_prefix="/counsel")
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)
OPEN_STAGES = (*DEFAULT_STAGES, OFFERED)


def _unread() -> int:
    """How many applications hold something new; 0 on pages that are shown while the vault is closed."""
    try:
        return reading.unread(officer().account.id)
    except NotOpen:
        return 0


def _signed_in() -> bool:
    """Log-in pages of the board show no navigation."""
    return bool(current_user.is_authenticated)


def _nav(
    label: object,
    endpoint: str,
    order: int,
    *section: str,
    count: Callable[[], int] | None = None,
    more: bool = False,
) -> NavItem:
    return NavItem(label, endpoint, order=order, section=section, visible=_signed_in, count=count, more=more)


add_nav(
    blueprint,
    "board",
    _nav(_l("Overview"), ".index", 10),
    _nav(
        _l("Applications"),
        ".applications.index",
        20,
        ".applications.",
        ".letter",
        ".change_letter",
        ".people.ask_offer",
        ".people.offer",
        ".people.ask_withdraw",
        ".people.withdraw",
        count=_unread,
    ),
    _nav(_l("Postings"), ".postings.index", 30, ".postings."),
    _nav(
        _l("People"),
        ".people.index",
        40,
        ".people.ask_name",
        ".people.name",
        ".people.ask_end",
        ".people.end",
        ".people.ask_term",
        ".people.term",
        ".people.choose_pair",
        ".people.compare",
        ".people.merge",
    ),
    _nav(_l("Notices"), ".notices", 50, ".send_notice"),
    _nav(_l("Figures"), ".figures.index", 55),
    _nav(_l("Counsellors' reports"), ".counsel.index", 60, ".counsel.", more=True),
    _nav(_l("Log of acts"), ".log", 68, more=True),
)


@blueprint.context_processor
def words() -> dict[str, object]:
    """What templates of the board call things by."""
    return {"labels": labels, "looks": LOOKS}


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The overview. Opening it is also when applications whose time is over are erased: only here a key is at hand."""
    day, me = state().today, officer().account.id
    if erasure.is_any_due(day):
        erasure.erase_due(day)
    appointments.reconcile(day)
    orders.deliver()
    per_posting = reports.per_posting(reader.language(), day)
    shown = [row for row in per_posting if row.open]
    return render_template(
        "board/index.html",
        unread=reading.inbox(Wanted(unread=True, sort="news"), me),
        in_progress=sum(row.open for row in per_posting),
        offers=reports.offers_open(),
        refused=appointments.refused(),
        vacancies=reports.vacancies(per_posting),
        deadlines=reports.deadlines(day),
        titles=reader.titles(),
        today=day,
        weeks=charts.columns(reports.received_per_week(day)),
        bars=[
            (row, charts.stacked(row.stages, OPEN_STAGES, max(one.open for one in shown))) for row in shown
        ],
        stages=OPEN_STAGES,
    )


@blueprint.get("/notices")
@officer_required
def notices() -> ResponseReturnValue:
    """Write to another compartment, and what was written."""
    return render_template("board/notices.html", form=NoticeForm(), sent=service.sent_notices())


@blueprint.post("/notices")
@officer_required
def send_notice() -> ResponseReturnValue:
    """Send a notice."""
    form = NoticeForm()
    if not form.validate_on_submit():
        return render_template("board/notices.html", form=form, sent=service.sent_notices()), 422
    service.send_notice(
        form.recipient.data,
        form.subject.data,
        form.text.data,
        once=form.once.data,
        author=reader.actor().name,
        now=utc_now(),
        day=state().today,
    )
    orders.deliver()
    flash(_("The notice has been sent."), "success")
    return redirect(url_for("board.notices"), 303)


@blueprint.get("/letters")
@officer_required
def letter_templates() -> ResponseReturnValue:
    """The wordings of letters."""
    kinds = {
        kind: any(letters.is_own(kind, tongue) for tongue in letters.LANGUAGES) for kind in letters.KINDS
    }
    return render_template("board/letters.html", kinds=kinds)


@blueprint.get("/letters/<kind>")
@officer_required
def letter(kind: str) -> ResponseReturnValue:
    """One letter in both languages."""
    if kind not in letters.KINDS:
        abort(404)
    form = LetterForm(de=letters.template(kind, "de"), en=letters.template(kind, "en"))
    return render_template("board/letter.html", form=form, kind=kind, places=letters.PLACES)


@blueprint.post("/letters/<kind>")
@officer_required
def change_letter(kind: str) -> ResponseReturnValue:
    """Keep the board's own wording."""
    if kind not in letters.KINDS:
        abort(404)
    form = LetterForm()
    if not form.validate_on_submit():
        return render_template("board/letter.html", form=form, kind=kind, places=letters.PLACES), 422
    for tongue in letters.LANGUAGES:
        letters.change(kind, tongue, form[tongue].data or "")
    flash(_("The wording has been saved."), "success")
    return redirect(url_for("board.letter_templates"), 303)


@blueprint.get("/log")
@officer_required
def log() -> ResponseReturnValue:
    """The log of acts, and whether its chain holds."""
    mine = Account.select().where(Account.compartment == "board")
    return render_template(
        "board/log.html",
        page=page_of(Act.select().order_by(Act.number.desc()), request.args.get("page", 1, type=int)),
        broken=list(acts.broken_links()),
        names={account.id: account.display_name for account in mine},
        titles=reader.titles(),
    )
