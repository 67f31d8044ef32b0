"""Pages on which one counsellor proposes to release a year's report, and what a second one is shown before they confirm."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from app.clock import utc_now
from app.disclosure import Protected
from app.disclosure.registry import ANNUAL_REPORT
from app.office import releases
from app.office.authors import Author
from app.office.blueprint import author
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.i18n import chosen_language
from app.web.markdown import render_markdown
from app.web.state import state
from compartments.counsel.annual import releasing, service, words
from compartments.counsel.annual.forms import NUMBERS_SEEN, ReleaseForm
from compartments.counsel.annual.models import TEXTS
from compartments.counsel.annual.numbers import Number, found_in
from compartments.counsel.annual.views import existing
from compartments.counsel.blueprint import blueprint, desk
from compartments.counsel.cases import overview


@blueprint.get("/reports/<int:year>/release")
@officer_required(junior=False)
def report_to_release(year: int) -> ResponseReturnValue:
    """What has to be looked at before a year is released: the numbers in its texts."""
    if refused := _refused(existing(year)):
        return refused
    form = ReleaseForm(formdata=None)
    form.version.data = str(service.texts(year).version)
    return _show(year, form)


@blueprint.post("/reports/<int:year>/release")
@officer_required(junior=False, stepped_up=True)
def report_release(year: int) -> ResponseReturnValue:
    """Propose to release the report as it is now; a second counsellor confirms what both have seen."""
    if refused := _refused(existing(year)):
        return refused
    form = ReleaseForm()
    if form.version.data != str(service.texts(year).version):
        flash(_("A colleague has changed a text meanwhile. Please look at it again."), "warning")
        return redirect(url_for(".report_preview", year=year), 303)
    form.has_numbers = bool(_numbers_now(year))
    if not form.validate_on_submit():
        return _show(year, form)
    _take_in()
    summary = _("Annual report %(year)s", year=year)
    try:
        subject = releasing.subject(year)
        made = proposals.propose(ANNUAL_REPORT, subject, summary, about=str(year), by=author(), now=utc_now())
    except proposals.AlreadyProposed as already:
        made = already.proposal
    return redirect(url_for("office.proposal", compartment="counsel", proposal_id=made.id), 303)


def _refused(year: int) -> ResponseReturnValue | None:
    """Why this year can't be proposed now, and where to go then."""
    if year >= state().today.year:
        flash(_("A year is released when it is over."), "warning")
    elif releases.is_released(str(year), ANNUAL_REPORT):
        flash(_("The report of this year is released already."), "info")
    elif proposal := proposals.open_about(ANNUAL_REPORT, str(year)):
        return redirect(url_for("office.proposal", compartment="counsel", proposal_id=proposal.id), 303)
    else:
        return None
    return redirect(url_for(".report", year=year), 303)


def _show(year: int, form: ReleaseForm) -> ResponseReturnValue:
    return render_template(
        "counsel/annual/release.html", year=year, form=form, numbers=_numbers_now(year), texts=words.TEXTS
    )


def _numbers_now(year: int) -> list[Number]:
    return found_in(service.content(year, {})["texts"])


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
    said += [
        (labels["texts"][name], Markup('<div class="prose">{}</div>').format(render_markdown(text, top=3)))
        for name in TEXTS
        if (text := subject["texts"][name])
    ]
    if numbers := found_in(subject["texts"]):
        said.append((_("Numbers in the texts"), _listed(numbers)))
    return said


def _listed(numbers: list[Number]) -> Markup:
    each = Markup("<li>{0.before}<strong>{0.number}</strong>{0.after}</li>")
    return Markup("<ul>{}</ul>").format(Markup().join(each.format(one) for one in numbers))


def _asks(proposal: Proposal) -> str:
    """What whoever confirms has to have looked at."""
    if not found_in(proposals.subject_of(proposal)["texts"]):
        return ""
    return str(NUMBERS_SEEN)


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
        _asks,
    ),
)
