"""Pages of the counsel compartment: the start; its parts have their own."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.disclosure.registry import ANNUAL_REPORT
from app.envelopes import outbox
from app.office import releases
from app.office.blueprint import signed_in
from app.office.views import waiting
from app.vault import proposals
from app.web.compartment import Compartment
from app.web.guard import officer, officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.annual import proposing as _proposing
from compartments.counsel.annual import views as _annual
from compartments.counsel.blueprint import blueprint, desk
from compartments.counsel.cases import due, overview, unreadable
from compartments.counsel.cases import entry_views as _entries
from compartments.counsel.cases import list_views as _list
from compartments.counsel.cases import reading_views as _reading
from compartments.counsel.cases import unreadable_views as _unreadable
from compartments.counsel.cases import views as _cases
from compartments.counsel.cases import words as case_words
from compartments.counsel.consents import handover_views as _handover
from compartments.counsel.consents import step_views as _steps
from compartments.counsel.consents import views as _consents
from compartments.counsel.consents import withdrawing_views as _withdrawing
from compartments.counsel.consents.handover import waiting_to_come_in
from compartments.counsel.counsellors import service as cards
from compartments.counsel.counsellors import views as _counsellors
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents import views as _incidents
from compartments.counsel.models import SCHEMA
from compartments.counsel.prevention import views as _prevention
from compartments.counsel.retention import service as erasure
from compartments.counsel.retention import views as _retention
from compartments.counsel.service import ACTIONS, INCOMING
from compartments.counsel.services import import_views as _import
from compartments.counsel.services import service as directory
from compartments.counsel.services import views as _services

PARTS = (
    _list,
    _cases,
    _entries,
    _reading,
    _unreadable,
    _consents,
    _steps,
    _handover,
    _withdrawing,
    _counsellors,
    _incidents,
    _prevention,
    _annual,
    _proposing,
    _services,
    _import,
    _retention,
)
_SHOWN = 10
"""So many cases of a kind stand on the start page."""
SAY_BEFORE_THE_END = timedelta(days=60)
"""So long before a term ends its holder is reminded of what goes with it."""
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)
add_nav(blueprint, "counsel", NavItem(lazy_gettext("Start"), ".index", order=10, visible=signed_in))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The overview. Opening it is also when cases whose day has come are erased, and cards signed anew: only here keys are at hand."""
    now, today, settings = utc_now(), state().today, state().settings
    at, ends_on = desk(), officer().account.assignment.ends_on
    erasure.erase_due(at, backups_kept=settings.backups_kept, now=now)
    cards.sign_anew({account: one.public_keys for account, one in at.others.items()})
    found = overview.of(at, today, now=now)
    overview.note_alone(at, found, today)
    outbox.deliver(ACTIONS)
    mine = cards.mine(at.author.id)
    return render_template(
        "counsel/index.html",
        waiting=waiting(),
        overview=found,
        agreed={case.id for case, _head in found.mine_alone[:_SHOWN] if waiting_to_come_in(case)},
        unreadable=len(unreadable.of(at)),
        unopened=unreadable.unopened(at, today),
        upcoming=erasure.upcoming(at, today),
        to_check=len(directory.to_check(today)),
        up=bool(mine and mine.epoch),
        words=case_words,
        unreleased=_unreleased(today.year - 1),
        proposed=proposals.open_about(ANNUAL_REPORT, str(today.year - 1)),
        ends_on=ends_on,
        ends_soon=bool(ends_on and ends_on <= today + SAY_BEFORE_THE_END),
        today=today,
    )


@blueprint.get("/dates.ics")
@officer_required
def dates_file() -> ResponseReturnValue:
    """The days on which something is due, for an officer's own calendar: without a word of what."""
    text = due.as_calendar(
        overview.days_of(desk()),
        state().today,
        title=_("Something is due"),
        look_in=_("Look in"),
    )
    headers = {"Content-Disposition": "attachment; filename=dates.ics", "Cache-Control": "no-store"}
    return Response(text, mimetype="text/calendar", headers=headers)


def _unreleased(year: int) -> int | None:
    """Return the year that is over, something was counted in, and whose report nobody has released."""
    counted = year in incidents.years()
    return year if counted and not releases.is_released(str(year), ANNUAL_REPORT) else None
