"""Pages of the annual report: its texts, and the preview as the board will see it. Proposing and releasing it: :mod:`.proposing`."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.disclosure import Protected
from app.disclosure.registry import ANNUAL_REPORT
from app.office import releases
from app.office.blueprint import author, signed_in
from app.vault import proposals
from app.web.guard import officer_required
from app.web.i18n import chosen_language
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.annual import releasing, service, words
from compartments.counsel.annual.forms import YearForm
from compartments.counsel.annual.models import TEXTS
from compartments.counsel.blueprint import blueprint
from compartments.counsel.incidents import service as incidents

FIRST, LAST = 2000, 2999
_NEXT = {"preview": ".report_preview", "release": ".report_to_release"}
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
    form, row = YearForm(formdata=None), service.texts(existing(year))
    form.version.data = str(row.version)
    for name in TEXTS:
        form[name].data = getattr(row, name)
    return _show(year, form)


@blueprint.post("/reports/<int:year>")
@officer_required(junior=False)
def report_written(year: int) -> ResponseReturnValue:
    """Keep the texts, and go on to where the button leads."""
    form = YearForm()
    if not form.validate_on_submit():
        return _show(existing(year), form)
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        service.write(existing(year), form.said(), version=version, by_name=author().name)
    except service.ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show(year, form, changed.present)
    except service.Proposed:
        return _show(year, form)
    except releases.AlreadyReleased:
        flash(_("The report of this year is released and can't be changed any more."), "warning")
        return redirect(url_for(".report", year=year), 303)
    flash(_("Kept."), "success")
    return redirect(url_for(_NEXT.get(request.form.get("then", ""), ".report"), year=year), 303)


@blueprint.get("/reports/<int:year>/preview")
@officer_required
def report_preview(year: int) -> ResponseReturnValue:
    """The report as the board will see it; with ``proposal``, just what that one would release."""
    proposed = request.args.get("proposal", "")
    content = _proposed(existing(year), proposed) if proposed else _report(year)
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
    content, draft = _report(existing(year)), not _released(year)
    tables = [Protected.from_json(text) for text in content["tables"]]
    name = f"report-{year}-draft.pdf" if draft else f"report-{year}.pdf"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    organisation = state().settings.organisation
    made = releasing.pdf(year, content, tables, chosen_language(), organisation=organisation, draft=draft)
    return Response(made, mimetype="application/pdf", headers=headers)


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


def existing(year: int) -> int:
    """Return a year that there can be a report of; else the page isn't there."""
    if not FIRST <= year <= LAST:
        abort(404)
    return year


def _show(year: int, form: YearForm, present: object = None) -> ResponseReturnValue:
    proposed = proposals.open_about(ANNUAL_REPORT, str(year))
    return render_template(
        "counsel/annual/year.html",
        year=year,
        form=form,
        present=present,
        kept=service.texts(year),
        texts=words.TEXTS,
        over=year < state().today.year,
        released=_released(year),
        proposed=proposed,
        # While somebody wrote this, a colleague has proposed the release: their words stay in the form.
        written_meanwhile=bool(proposed) and request.method == "POST",
    )
