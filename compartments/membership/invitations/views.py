"""Pages of reference keys and invitation runs: what there is, preparing and sending, the wording, and what needs a decision."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.envelopes import outbox
from app.office import jobs as office_jobs
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.sources import add_source
from app.vault import jobs
from app.vault.models import Job
from app.web.compartment import served
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership.invitations import decisions, keys, runs, sending, texts
from compartments.membership.invitations.forms import KeysForm, LostForm, RunForm, WordingForm
from compartments.membership.invitations.models import InvitationRun
from compartments.membership.invitations.texts import Wording
from compartments.membership.invitations.words import MAIL_LANGUAGES, MAIL_STATES, PLACES, reason_in_words
from compartments.membership.tables import Person
from keys.randomness import new_id

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Invitations"), ".index", order=40, section=(".",), visible=signed_in),
)
EXAMPLE_KEY = "bcdfg-hjkmn-pqrst-vwxyz"


def _job_url(job: Job) -> str:
    return url_for("membership.invitations.run", run_id=job.subject)


office_jobs.add_job_kind(blueprint, "membership", sending.KIND, lazy_gettext("Invitation run"), url=_job_url)


def _entries() -> list[Entry]:
    number = decisions.count_unclear()
    if not number:
        return []
    title = ngettext(
        "%(num)s mail of which nobody knows whether it arrived",
        "%(num)s mails of which nobody knows whether they arrived",
        number,
    )
    url = url_for("membership.invitations.problems")
    return [Entry(_("Invitations"), title, "", state().today, url)]


add_source(blueprint, "membership", Source(_entries, lambda: min(1, decisions.count_unclear())))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Keys, who waits, and the runs."""
    return _index(_keys_form())


@blueprint.post("/keys")
@officer_required
def ask_keys() -> ResponseReturnValue:
    """Ask clearing for keys."""
    form = KeysForm()
    if not form.validate_on_submit():
        return _index(form)
    keys.ask(form.count.data or 0, request_id=form.entry.data or new_id(), by=author(), day=state().today)
    _deliver()
    flash(_("The clearing office has been asked. The keys come by themselves."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.route("/prepare", methods=["GET", "POST"])
@officer_required
def prepare() -> ResponseReturnValue:
    """Prepare a run: who is invited and with which key is decided now, mailed later."""
    form = RunForm()
    if request.method == "GET":
        form.entry.data = new_id()
        form.contingent.data, form.per_minute.data = runs.DEFAULT_CONTINGENT, runs.DEFAULT_PER_MINUTE
    if form.validate_on_submit() and texts.are_complete():
        try:
            run = runs.prepare(
                form.entry.data or new_id(),
                contingent=form.contingent.data or 0,
                per_minute=form.per_minute.data or 0,
                by=author(),
                day=state().today,
            )
        except runs.NothingToDo as nothing:
            form.contingent.errors = [
                _("There is no free key. Ask the clearing office for some first.")
                if nothing.keys_missing
                else _("Nobody who can be mailed to waits for an invitation.")
            ]
        else:
            return redirect(url_for(".run", run_id=run.id), 303)
    return render_template(
        "membership/invitations/prepare.html",
        form=form,
        waiting=runs.waiting(state().today),
        counts=keys.counts(),
        complete=texts.are_complete(),
    )


@blueprint.get("/runs/<run_id>")
@officer_required
def run(run_id: str) -> ResponseReturnValue:
    """One run: what has become of its mails, and a preview of the mail."""
    found = _find(run_id)
    job = jobs.unfinished(sending.KIND, run_id)
    return render_template(
        "membership/invitations/run.html",
        run=found,
        figures=runs.figures(run_id),
        left=runs.left(run_id),
        states=MAIL_STATES,
        job=office_jobs.shown(job) if job else None,
        mails=_mails(found),
        button=Confirmation(),
        can_send=bool(state().settings.smtp_host and state().settings.smtp_from),
    )


@blueprint.post("/runs/<run_id>/send")
@officer_required
def send(run_id: str) -> ResponseReturnValue:
    """Begin to mail, or to go on mailing; two officers at once begin one job."""
    found = _find(run_id)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
    elif runs.left(run_id):
        job = office_jobs.begin(sending.KIND, found.id, total=sum(runs.figures(run_id).values()))
        return redirect(url_for("office.job", job_id=job.id), 303)
    return redirect(url_for(".run", run_id=run_id), 303)


@blueprint.route("/wording", methods=["GET", "POST"])
@officer_required
def wording() -> ResponseReturnValue:
    """The wording of the mails, with a preview of what was typed."""
    form = WordingForm()
    if request.method == "GET":
        form.show()
    if form.validate_on_submit():
        texts.save_settings({name: form[name].data for name in texts.settings()})
        for language in ("de", "en"):
            texts.save(language, form.wording(language))
        flash(_("The wording is saved. This is how the mails look:"), "success")
        return redirect(url_for(".wording") + "#preview", 303)
    name = _("Erika Mustermann")
    mails = [texts.filled(language, name=name, key=EXAMPLE_KEY) for language in ("de", "en")]
    return render_template("membership/invitations/wording.html", form=form, mails=mails, places=PLACES)


@blueprint.get("/problems")
@officer_required
def problems() -> ResponseReturnValue:
    """Unclear mails, and addresses on hold."""
    return render_template(
        "membership/invitations/problems.html",
        unclear=decisions.unclear(),
        holds=keys.holds(),
        reason=reason_in_words,
        button=Confirmation(),
    )


@blueprint.post("/problems/<int:invitation_id>/decide")
@officer_required
def decide(invitation_id: int) -> ResponseReturnValue:
    """Decide on an unclear mail: it arrived, or the member gets a new key with the next run."""
    choice = request.form.get("action")
    if Confirmation().validate_on_submit() and choice in ("arrived", "replace"):
        try:
            decisions.decide(invitation_id, arrived=choice == "arrived", by=author(), day=state().today)
            _deliver()
            flash(_("Decided."), "success")
        except decisions.NotUnclear:
            flash(_("Somebody else has decided on this already."), "info")
    return redirect(url_for(".problems"), 303)


@blueprint.post("/problems/holds/<int:person_id>/lift")
@officer_required
def lift(person_id: int) -> ResponseReturnValue:
    """Mail to an address again."""
    if Confirmation().validate_on_submit():
        keys.lift_hold(person_id)
        flash(_("The next run mails to this address again."), "success")
    return redirect(url_for(".problems"), 303)


@blueprint.route("/lost", methods=["GET", "POST"])
@officer_required
def lost() -> ResponseReturnValue:
    """A lost key or code: shown whose it is, then the old pair stops working, and the member waits for the next run."""
    form, person = LostForm(), None
    if form.validate_on_submit():
        person = Person.get_or_none(Person.member_number == form.member_number.data)
        if person is None or keys.living_key(person.id) is None:
            person, form.member_number.errors = None, [_("Nobody with this number has a key that is good.")]
        elif form.seen.data == str(person.member_number):
            # A colleague may have done it a moment ago: then it is done.
            with suppress(keys.NoKey):
                keys.deactivate_of(person.id, "lost", day=state().today)
            _deliver()
            flash(_("The key is deactivated. The member gets a new one with the next run."), "success")
            return redirect(url_for(".index"), 303)
    if request.method == "GET":
        form.member_number.data = request.args.get("number", type=int)
    form.seen.data = str(person.member_number) if person else ""
    return render_template("membership/invitations/lost.html", form=form, person=person)


def _mails(run: InvitationRun) -> dict[str, Wording]:
    """How the mails of a run look, by the name of their language."""
    name = _("Erika Mustermann")
    return {
        str(MAIL_LANGUAGES[one]): texts.filled(one, name=name, key=EXAMPLE_KEY)
        for one in texts.languages_of(run.id)
    }


def _index(form: KeysForm) -> ResponseReturnValue:
    day = state().today
    waiting = runs.waiting(day)
    listed = runs.newest()
    return render_template(
        "membership/invitations/index.html",
        form=form,
        counts=keys.counts(),
        waiting=waiting,
        age=waiting.age(day),
        requests=keys.requests(),
        runs=listed,
        figures={run.id: runs.figures(run.id) for run in listed},
        problems=len(decisions.unclear()) + len(keys.holds()),
    )


def _keys_form() -> KeysForm:
    form = KeysForm(formdata=None)
    form.entry.data, form.count.data = new_id(), runs.DEFAULT_CONTINGENT
    return form


def _find(run_id: str) -> InvitationRun:
    try:
        return runs.find(run_id)
    except runs.NoRun:
        abort(404)


def _deliver() -> None:
    outbox.deliver(served()["membership"].actions)
