"""Pages of the annual report: texts, preview as the board will see it, release by two counsellors."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.disclosure import Protected
from app.disclosure.registry import ANNUAL_REPORT
from app.office import releases
from app.office.authors import Author
from app.office.blueprint import author, signed_in
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.i18n import chosen_language
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.annual import releasing, service, words
from compartments.counsel.annual.forms import YearForm
from compartments.counsel.annual.models import TEXTS
from compartments.counsel.blueprint import blueprint, desk
from compartments.counsel.cases import overview
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.incidents import service as incidents

FIRST, LAST = 2000, 2999
add_nav(
    blueprint,
    "counsel",
    NavItem(lazy_gettext("Report"), ".reports", order=47, section=(".report",), visible=signed_in),
)


@blueprint.get("/reports")
@officer_required
def reports() -> ResponseReturnValue:
    """The years."""
    today = state().today
    released = {one.period: one for one in releases.releases(type_=ANNUAL_REPORT)}
    years = sorted({today.year, today.year - 1, *incidents.years(), *map(int, released)}, reverse=True)
    return render_template("counsel/annual/list.html", years=years, released=released, this_year=today.year)


@blueprint.get("/reports/<int:year>")
@officer_required
def report(year: int) -> ResponseReturnValue:
    """One year: what counsellors write, and the way to preview and release."""
    form, row = YearForm(formdata=None), service.texts(_year(year))
    form.version.data = str(row.version)
    for name in TEXTS:
        form[name].data = getattr(row, name)
    return _show(year, form)


@blueprint.post("/reports/<int:year>")
@officer_required(junior=False)
def report_written(year: int) -> ResponseReturnValue:
    """Keep the texts."""
    form = YearForm()
    if not form.validate_on_submit():
        return _show(_year(year), form)
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        service.write(year, form.said(), version=version, by_name=author().name)
    except service.ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show(year, form, changed.present)
    except releases.AlreadyReleased:
        flash(_("The report of this year is released and can't be changed any more."), "warning")
        return redirect(url_for(".report", year=year), 303)
    flash(_("Kept."), "success")
    return redirect(url_for(".report", year=year), 303)


@blueprint.get("/reports/<int:year>/preview")
@officer_required
def report_preview(year: int) -> ResponseReturnValue:
    """The report as the board will see it; with ``proposal``, just what that one would release."""
    proposed = request.args.get("proposal", "")
    content = _proposed(_year(year), proposed) if proposed else _report(year)
    return render_template(
        "counsel/annual/preview.html",
        year=year,
        content=content,
        tables=[Protected.from_json(text) for text in content["tables"]],
        labels=content["labels"][chosen_language()],
        before=service.before(year),
        released=not proposed and _released(year),
        proposed=proposed,
    )


@blueprint.get("/reports/<int:year>/pdf")
@officer_required
def report_pdf(year: int) -> ResponseReturnValue:
    """The same as a PDF."""
    content, draft = _report(_year(year)), not _released(year)
    tables = [Protected.from_json(text) for text in content["tables"]]
    name = f"report-{year}-draft.pdf" if draft else f"report-{year}.pdf"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    organisation = state().settings.organisation
    made = releasing.pdf(year, content, tables, chosen_language(), organisation=organisation, draft=draft)
    return Response(made, mimetype="application/pdf", headers=headers)


@blueprint.post("/reports/<int:year>/release")
@officer_required(junior=False, stepped_up=True)
def report_release(year: int) -> ResponseReturnValue:
    """Propose to release the report as it is now; a second counsellor confirms what both have seen."""
    back = redirect(url_for(".report", year=_year(year)), 303)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return back
    if year >= state().today.year:
        flash(_("A year is released when it is over."), "warning")
        return back
    if releases.is_released(str(year), ANNUAL_REPORT):
        flash(_("The report of this year is released already."), "info")
        return back
    _take_in()
    subject = releasing.subject(year)
    summary = _("Annual report %(year)s", year=year)
    try:
        made = proposals.propose(ANNUAL_REPORT, subject, summary, about=str(year), by=author(), now=utc_now())
    except proposals.AlreadyProposed as already:
        made = already.proposal
    return redirect(url_for("office.proposal", compartment="counsel", proposal_id=made.id), 303)


def _carry_out(proposal: Proposal, by: Author) -> str:
    """Release exactly what was proposed: tables, texts, and the PDF made of them, in both languages."""
    _take_in()
    year = releasing.carry_out(
        proposals.subject_of(proposal),
        released_by=(proposal.proposed_by_name, by.name),
        organisation=state().settings.organisation,
        day=state().today,
    )
    return url_for("counsel.report", year=year)


def _take_in() -> None:
    """Open what has come for this officer's cases: among it may be the withdrawal of a consent to be counted."""
    overview.of(desk(), state().today, now=utc_now())


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    tables = [Protected.from_json(text) for text in subject["tables"]]
    labels = subject["labels"][chosen_language()]
    said = [(labels["titles"][one.name], _total(one)) for one in tables]
    return said + [
        (labels["texts"][name], subject["texts"][name]) for name in TEXTS if subject["texts"][name]
    ]


def _as_proposed(proposal: Proposal) -> str:
    year = proposals.subject_of(proposal)["year"]
    return url_for("counsel.report_preview", year=year, proposal=proposal.id)


def _total(one: Protected) -> str:
    return _("too small to be told") if one.total is None else str(one.total)


add_proposal_kind(
    blueprint,
    "counsel",
    ProposalKind(
        ANNUAL_REPORT,
        lazy_gettext("Annual report"),
        _carry_out,
        _explain,
        _as_proposed,
    ),
)


def _report(year: int) -> dict[str, Any]:
    """Texts, words and tables of a year: as they were released, or else as they are now."""
    return _released(year) or releasing.subject(year)


def _proposed(year: int, proposal_id: str) -> dict[str, Any]:
    """The same as somebody has proposed them."""
    try:
        found = proposals.find(proposal_id)
    except proposals.NoProposal:
        abort(404)
    subject = proposals.subject_of(found)
    if found.kind != ANNUAL_REPORT or subject["year"] != year:
        abort(404)
    return subject


def _released(year: int) -> dict[str, Any] | None:
    for one in releases.releases(most=service.ALL, type_=ANNUAL_REPORT):
        if one.period == str(year):
            return dict(one.figures)
    return None


def _year(year: int) -> int:
    if not FIRST <= year <= LAST:
        abort(404)
    return year


def _show(year: int, form: YearForm, present: object = None) -> ResponseReturnValue:
    return render_template(
        "counsel/annual/year.html",
        year=year,
        form=form,
        present=present,
        texts=words.TEXTS,
        over=year < state().today.year,
        released=_released(year),
        proposed=proposals.open_about(ANNUAL_REPORT, str(year)),
        button=Confirmation(formdata=None),
    )
