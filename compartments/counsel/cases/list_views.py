"""Pages of cases: the list, and opening one after a talk."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office.blueprint import signed_in
from app.paging import Page
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.blueprint import blueprint, desk
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases import unreadable, work
from compartments.counsel.cases.forms import BY_DATE, BeginForm, FindForm
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.models import CLOSED, OPEN
from keys.randomness import new_id

add_nav(
    blueprint,
    "counsel",
    NavItem(
        lazy_gettext("Cases"),
        ".cases",
        order=20,
        section=(".case", ".unreadable", ".begin", ".consent", ".referral", ".retention"),
        visible=signed_in,
    ),
)


@blueprint.get("/cases")
@officer_required
def cases() -> ResponseReturnValue:
    """The cases that this officer reads: open ones first."""
    shown = request.args.get("state", OPEN)
    if shown not in {OPEN, CLOSED}:
        abort(404)
    at = desk()
    form = FindForm(formdata=None)
    form.state.data = shown
    page = desks.page(at, request.args.get("page", 1, type=int), shown, now=utc_now())
    return _show(at, form, page)


@blueprint.post("/cases/found")
@officer_required
def cases_found() -> ResponseReturnValue:
    """Some of them. What is looked for may be a name, and stands in no address."""
    at, form = desk(), FindForm()
    if not form.validate_on_submit():
        return redirect(url_for(".cases"), 303)
    found = desks.search(
        at,
        form.words.data or "",
        mine=bool(form.mine.data),
        by_date=form.order.data == BY_DATE,
        state=form.state.data,
    )
    return _show(at, form, found, searched=True)


def _show(
    at: desks.Desk, form: FindForm, page: Page[desks.Listed], *, searched: bool = False
) -> ResponseReturnValue:
    return render_template(
        "counsel/cases/list.html",
        page=page,
        shown=form.state.data,
        form=form,
        searched=searched,
        counts=desks.counts(at),
        unreadable=len(unreadable.of(at)),
        today=state().today,
    )


@blueprint.get("/cases/new")
@officer_required(junior=False)
def begin() -> ResponseReturnValue:
    """A case after a talk: the form."""
    form = BeginForm(formdata=None)
    form.entry.data, form.day.data = new_id(), state().today
    return render_template("counsel/cases/new.html", form=form)


@blueprint.post("/cases/new")
@officer_required(junior=False)
def begin_case() -> ResponseReturnValue:
    """Open a case after a talk."""
    form = BeginForm()
    if not form.validate_on_submit() or form.day.data is None:
        return render_template("counsel/cases/new.html", form=form)
    said = form.said()
    head = Head(
        title=said["title"], origin=said["origin"], name=said["name"] or "", contact=said["contact"] or ""
    )
    entry_id = form.entry.data or new_id()
    case_id = work.begin(
        desk(), head, said["text"], talked_on=form.day.data, entry_id=entry_id, now=utc_now()
    )
    return redirect(url_for(".case", case_id=case_id), 303)
