"""Every route x every role, in one table. A route that the table doesn't know fails; so does a row without a route.

What a role gets: *in* (an answer of the view itself, 404 for an unknown id among them), *login* (sent to the log-in), *no* (403), *waiting* (enrolled, not
yet admitted), *factor* (the second factor is still due), *done* (it isn't any more). The other half of the double check, that a key doesn't open, is in tests/app/vault.
"""

import itertools
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.offices import OFFICES
from app.shared import sessions
from app.shared.models import Session
from keys.sessions import new_token, token_id
from tests.cast import appointment, enrol

EVERYBODY = "everybody"
OWN = "officers and juniors of the compartment in the path"
OFFICERS = "its officers, no juniors"
ENROLLED = "everybody with an account of the compartment, admitted or not"
LOGGING_IN = "who has given the passphrase, and still owes the second factor"
ANY_STAGE = "everybody with a session of the compartment, however far the log-in has come"

TABLE = {
    "static": EVERYBODY,
    "bootstrap.static": EVERYBODY,
    "language.choose": EVERYBODY,
    "public.index": EVERYBODY,
    "public.posting": EVERYBODY,
    "public.feed": EVERYBODY,
    "public.apply": EVERYBODY,
    "public.apply_next": EVERYBODY,
    "public.claim": EVERYBODY,
    "public.claim_show": EVERYBODY,
    "public.contact": EVERYBODY,
    "public.counselling": EVERYBODY,
    "public.counselling_go": EVERYBODY,
    "public.counselling_leave": EVERYBODY,
    "public.counselling_page": EVERYBODY,
    "public.contact_send": EVERYBODY,
    "public.membership_application": EVERYBODY,
    "public.membership_next": EVERYBODY,
    "public.mailbox": EVERYBODY,
    "public.mailbox_open": EVERYBODY,
    "public.mailbox_write": EVERYBODY,
    "public.mailbox_offer": EVERYBODY,
    "public.mailbox_withdraw": EVERYBODY,
    "public.mailbox_erase": EVERYBODY,
    "accounts.login": EVERYBODY,
    "accounts.check_login": EVERYBODY,
    "accounts.enrol": EVERYBODY,
    "accounts.enrol_further": EVERYBODY,
    "accounts.second_factor": LOGGING_IN,
    "accounts.check_second_factor": LOGGING_IN,
    "accounts.check_passkey": LOGGING_IN,
    "accounts.first_passkey": LOGGING_IN,
    "accounts.add_first_passkey": LOGGING_IN,
    "accounts.logout": ANY_STAGE,
    "accounts.waiting": ENROLLED,
    "accounts.step_up": ENROLLED,
    "accounts.check_step_up": ENROLLED,
    "accounts.account": ENROLLED,
    "accounts.change_language": ENROLLED,
    "accounts.passphrase": ENROLLED,
    "accounts.change_passphrase": ENROLLED,
    "accounts.own_second_factor": ENROLLED,
    "accounts.set_own_second_factor": ENROLLED,
    "accounts.own_passkey": ENROLLED,
    "accounts.add_own_passkey": ENROLLED,
    "accounts.remove_passkey": ENROLLED,
    "accounts.remove_own_passkey": ENROLLED,
    "accounts.log_out_everywhere": ENROLLED,
    "office.inbox": OWN,
    "office.inbox_done": OWN,
    "office.alarm_seen": OWN,
    "office.notice": OWN,
    "office.notice_done": OWN,
    "office.notice_reopen": OWN,
    "office.refused_discard": OFFICERS,
    "office.notes": OWN,
    "office.access": OWN,
    "office.admit": OFFICERS,
    "office.admit_now": OFFICERS,
    "office.end": OFFICERS,
    "office.end_now": OFFICERS,
    "office.renew": OFFICERS,
    "office.renew_now": OFFICERS,
    "office.reset": OFFICERS,
    "office.reset_now": OFFICERS,
    "office.proposals": OWN,
    "office.proposal": OWN,
    "office.proposal_confirm": OFFICERS,
    "office.proposal_refuse": OWN,
    "office.audit": OWN,
    "office.audit_release": OFFICERS,
    "office.jobs": OWN,
    "office.job": OWN,
    "office.job_progress": OWN,
    "office.job_pause": OFFICERS,
    "office.job_continue": OFFICERS,
    "administration.index": OWN,
    "administration.codes.index": OWN,
    "administration.codes.read_back": OWN,
    "administration.codes.read_answer": OWN,
    "administration.codes.create": OWN,
    "administration.platform.index": OWN,
    "administration.platform.edit": OFFICERS,
    "administration.platform.save": OFFICERS,
    "administration.platform.attempt": OWN,
    "administration.reconciliation.index": OWN,
    "administration.reconciliation.calendar_file": OWN,
    "administration.reconciliation.show": OWN,
    "administration.reconciliation.prepare": OWN,
    "administration.reconciliation.read_answer": OWN,
    "administration.reconciliation.propose": OFFICERS,
    "administration.reconciliation.apply": OFFICERS,
    "administration.reconciliation.plan_file": OFFICERS,
    "administration.reconciliation.drop": OFFICERS,
    "administration.relay.index": OWN,
    "administration.relay.new": OFFICERS,
    "administration.relay.send": OFFICERS,
    "administration.relay.show": OWN,
    "administration.relay.seen": OWN,
    "administration.operations.index": OWN,
    "administration.operations.listed": OWN,
    "administration.operations.new": OWN,
    "administration.operations.create": OWN,
    "administration.operations.show": OWN,
    "administration.operations.edit": OWN,
    "administration.operations.save": OWN,
    "administration.operations.reveal": OFFICERS,
    "administration.operations.announce": OFFICERS,
    "administration.operations.withdraw": OFFICERS,
    "clearing.index": OWN,
    "clearing.settings": OWN,
    "clearing.change_days": OFFICERS,
    "clearing.change_settings": OFFICERS,
    "clearing.keysets.index": OWN,
    "clearing.keysets.new": OFFICERS,
    "clearing.keysets.make": OFFICERS,
    "clearing.keysets.lookup": OWN,
    "clearing.keysets.look_up": OWN,
    "clearing.keysets.deactivated": OWN,
    "clearing.keysets.tell": OFFICERS,
    "clearing.reconciliation.index": OWN,
    "clearing.reconciliation.calendar_file": OWN,
    "clearing.reconciliation.batch": OWN,
    "clearing.reconciliation.pass_on": OFFICERS,
    "clearing.reconciliation.restoring.show": OWN,
    "clearing.reconciliation.restoring.carry_out": OFFICERS,
    "clearing.reconciliation.set_aside": OFFICERS,
    "clearing.relay.index": OWN,
    "counsel.index": OWN,
    "counsel.dates_file": OWN,
    "counsel.cases": OWN,
    "counsel.cases_found": OWN,
    "counsel.begin": OFFICERS,
    "counsel.begin_case": OFFICERS,
    "counsel.case": OWN,
    "counsel.case_answer": OFFICERS,
    "counsel.case_take": OFFICERS,
    "counsel.case_handed_over": OFFICERS,
    "counsel.case_seen": OFFICERS,
    "counsel.case_add": OFFICERS,
    "counsel.case_added": OFFICERS,
    "counsel.case_entry": OFFICERS,
    "counsel.case_entry_changed": OFFICERS,
    "counsel.case_entry_done": OFFICERS,
    "counsel.case_entry_strike": OFFICERS,
    "counsel.case_entry_struck": OFFICERS,
    "counsel.case_record": OFFICERS,
    "counsel.case_record_written": OFFICERS,
    "counsel.case_description": OFFICERS,
    "counsel.case_described": OFFICERS,
    "counsel.case_file": OWN,
    "counsel.case_readers": OFFICERS,
    "counsel.case_step_out": OFFICERS,
    "counsel.case_close": OFFICERS,
    "counsel.case_closed": OFFICERS,
    "counsel.case_reopen": OFFICERS,
    "counsel.unreadable": OWN,
    "counsel.unreadable_again": OWN,
    "counsel.unreadable_thrown_away": OFFICERS,
    "counsel.portrait": OFFICERS,
    "counsel.portrait_up": OFFICERS,
    "counsel.portrait_down": OFFICERS,
    "counsel.incidents": OWN,
    "counsel.incident_new": OFFICERS,
    "counsel.incident_added": OFFICERS,
    "counsel.incident_from_case": OFFICERS,
    "counsel.incident_added_from_case": OFFICERS,
    "counsel.incident": OFFICERS,
    "counsel.incident_changed": OFFICERS,
    "counsel.incident_remove": OFFICERS,
    "counsel.incident_removed": OFFICERS,
    "counsel.prevention": OWN,
    "counsel.event_new": OFFICERS,
    "counsel.event_added": OFFICERS,
    "counsel.event": OFFICERS,
    "counsel.event_changed": OFFICERS,
    "counsel.event_remove": OFFICERS,
    "counsel.event_removed": OFFICERS,
    "counsel.own_log": OFFICERS,
    "counsel.own_log_written": OFFICERS,
    "counsel.own_log_strike": OFFICERS,
    "counsel.own_log_struck": OFFICERS,
    "counsel.reports": OWN,
    "counsel.report": OWN,
    "counsel.report_written": OFFICERS,
    "counsel.report_preview": OWN,
    "counsel.report_pdf": OWN,
    "counsel.report_to_release": OFFICERS,
    "counsel.report_release": OFFICERS,
    "counsel.services": OWN,
    "counsel.service_new": OFFICERS,
    "counsel.service_added": OFFICERS,
    "counsel.service_one": OWN,
    "counsel.service_change": OFFICERS,
    "counsel.service_changed": OFFICERS,
    "counsel.service_checked": OFFICERS,
    "counsel.service_remove": OFFICERS,
    "counsel.service_removed": OFFICERS,
    "counsel.services_export": OWN,
    "counsel.services_import": OFFICERS,
    "counsel.services_looked_at": OFFICERS,
    "counsel.services_imported": OFFICERS,
    "counsel.retention": OWN,
    "counsel.case_erase": OFFICERS,
    "counsel.case_erased": OFFICERS,
    "counsel.case_kept": OFFICERS,
    "counsel.consents": OWN,
    "counsel.consent_new": OFFICERS,
    "counsel.consent_asked": OFFICERS,
    "counsel.consent_withdrawing": OFFICERS,
    "counsel.consent_recalled": OFFICERS,
    "counsel.consent_withdraw": OFFICERS,
    "counsel.case_cannot_go_on": OFFICERS,
    "counsel.case_told_of_it": OFFICERS,
    "counsel.consent_taken_over": OFFICERS,
    "counsel.consent_happening": OFFICERS,
    "counsel.consent_happened": OFFICERS,
    "counsel.consent_use": OFFICERS,
    "counsel.consent_used": OFFICERS,
    "counsel.case_colleague": OFFICERS,
    "counsel.case_colleague_asked": OFFICERS,
    "counsel.referral": OWN,
    "counsel.referral_answered": OFFICERS,
    "desk.index": OWN,
    "desk.contact_request": OWN,
    "desk.answer": OWN,
    "desk.close": OWN,
    "desk.reopen": OWN,
    "desk.new_member": OWN,
    "desk.welcomed": OWN,
    "membership.duplicates.index": OWN,
    "membership.duplicates.search": OFFICERS,
    "membership.duplicates.exceptions": OWN,
    "membership.duplicates.pair": OFFICERS,
    "membership.duplicates.rule_out": OFFICERS,
    "membership.duplicates.reopen": OFFICERS,
    "membership.duplicates.merged": OWN,
    "membership.index": OWN,
    "membership.exports.index": OWN,
    "membership.exports.new": OFFICERS,
    "membership.exports.show": OWN,
    "membership.exports.download": OFFICERS,
    "membership.exports.deleted": OFFICERS,
    "membership.exports.trace": OFFICERS,
    "membership.rights.index": OWN,
    "membership.rights.person": OFFICERS,
    "membership.rights.note": OFFICERS,
    "membership.rights.answered": OFFICERS,
    "membership.rights.report": OFFICERS,
    "membership.rights.erasures.prepare": OFFICERS,
    "membership.rights.erasures.propose": OFFICERS,
    "membership.rights.erasures.index": OWN,
    "membership.rights.erasures.receipt": OWN,
    "membership.rights.erasures.kept": OFFICERS,
    "membership.rights.erasures.erase_due": OFFICERS,
    "membership.rights.erasures.set_retention": OFFICERS,
    "membership.admissions.index": OWN,
    "membership.admissions.show": OWN,
    "membership.admissions.confirm": OWN,
    "membership.admissions.decide": OFFICERS,
    "membership.admissions.admit": OFFICERS,
    "membership.leave": OWN,
    "membership.divisions.index": OWN,
    "membership.divisions.members": OWN,
    "membership.counts.propose": OFFICERS,
    "membership.counts.document": OWN,
    "membership.counts.paper": OWN,
    "membership.divisions.add": OFFICERS,
    "membership.divisions.edit": OFFICERS,
    "membership.divisions.remove": OFFICERS,
    "membership.lists.filters": OWN,
    "membership.lists.forget": OWN,
    "membership.lists.columns": OWN,
    "membership.rule.index": OFFICERS,
    "membership.admission_letters.write": OWN,
    "membership.admission_letters.settle": OWN,
    "membership.admission_letters.file": OWN,
    "membership.dues_rules.index": OFFICERS,
    "membership.dues.index": OWN,
    "membership.dues.person": OWN,
    "membership.dues.pay": OWN,
    "membership.dues.waive": OFFICERS,
    "membership.dues.take_back": OFFICERS,
    "membership.dues.remind": OWN,
    "membership.dues.strike_off": OFFICERS,
    "membership.person": OWN,
    "membership.add_person": OWN,
    "membership.edit_person": OWN,
    "membership.history": OWN,
    "membership.imports.index": OWN,
    "membership.imports.upload": OWN,
    "membership.imports.columns": OWN,
    "membership.imports.show": OWN,
    "membership.imports.commit": OFFICERS,
    "membership.imports.undo": OFFICERS,
    "membership.imports.compare": OWN,
    "membership.imports.drop": OWN,
    "membership.imports.forget": OWN,
    "membership.imports.threshold": OFFICERS,
    "membership.invitations.index": OWN,
    "membership.invitations.ask_keys": OWN,
    "membership.invitations.prepare": OWN,
    "membership.invitations.run": OWN,
    "membership.invitations.send": OWN,
    "membership.invitations.wording": OWN,
    "membership.invitations.problems": OWN,
    "membership.invitations.decide": OWN,
    "membership.invitations.lift": OWN,
    "membership.invitations.lost": OWN,
    "membership.imports.sparing.ask": OFFICERS,
    "membership.imports.sparing.spare": OFFICERS,
    "membership.reconciliation.index": OWN,
    "membership.reconciliation.calendar_file": OWN,
    "membership.reconciliation.ask": OFFICERS,
    "membership.reconciliation.send": OFFICERS,
    "membership.reconciliation.change_rules": OFFICERS,
    "membership.reconciliation.taking_back.index": OWN,
    "membership.reconciliation.taking_back.ask": OFFICERS,
    "membership.reconciliation.taking_back.take_back": OFFICERS,
    "membership.reconciliation.relay.index": OWN,
    "membership.reconciliation.relay.show": OWN,
    "membership.reconciliation.relay.reply": OWN,
    "membership.reconciliation.relay.mail": OWN,
    "membership.reconciliation.relay.decide": OWN,
    "membership.reconciliation.relay.close": OWN,
    "board.index": OWN,
    "board.log": OWN,
    "board.notices": OWN,
    "board.send_notice": OWN,
    "board.letter_templates": OWN,
    "board.letter": OWN,
    "board.change_letter": OWN,
    "board.postings.index": OWN,
    "board.postings.show": OWN,
    "board.postings.new": OWN,
    "board.postings.create": OWN,
    "board.postings.more_rows": OWN,
    "board.postings.preview": OWN,
    "board.postings.edit": OWN,
    "board.postings.save": OWN,
    "board.postings.publish": OWN,
    "board.postings.ask_extend": OWN,
    "board.postings.extend": OWN,
    "board.postings.close": OWN,
    "board.postings.ask_reopen": OWN,
    "board.postings.reopen": OWN,
    "board.applications.index": OWN,
    "board.applications.show": OWN,
    "board.applications.download": OWN,
    "board.applications.write": OWN,
    "board.applications.move": OWN,
    "board.applications.ask_reject": OWN,
    "board.applications.reject": OWN,
    "board.applications.ask_erase": OWN,
    "board.applications.erase": OWN,
    "board.figures.index": OWN,
    "board.counsel.index": OWN,
    "board.counsel.show": OWN,
    "board.counsel.pdf": OWN,
    "board.people.index": OWN,
    "board.people.ask_offer": OWN,
    "board.people.offer": OWN,
    "board.people.ask_withdraw": OWN,
    "board.people.withdraw": OWN,
    "board.people.ask_name": OWN,
    "board.people.name": OWN,
    "board.people.ask_term": OWN,
    "board.people.term": OWN,
    "board.people.choose_pair": OWN,
    "board.people.compare": OWN,
    "board.people.merge": OWN,
    "board.people.ask_end": OWN,
    "board.people.end": OWN,
}

WITHOUT_A_SESSION = ("public", "expired", "foreign", "forged")
ACTORS = (*OFFICES, "junior", "waiting", "half", *WITHOUT_A_SESSION)
ARGUMENTS = {"filename": "schotten.css", "code": "de", "slug": "unknown-posting", "key": "unknown"}
WAITING_IN = "membership"
HALF_IN = "clearing"


def expected(who: str, compartment: str | None, actor: str) -> str:
    if who == EVERYBODY:
        return "in"
    at_home = {"junior": "administration", "waiting": WAITING_IN, "half": HALF_IN}.get(actor, actor)
    if at_home != compartment:
        return "login"
    if actor == "half":
        return "in" if who in (LOGGING_IN, ANY_STAGE) else "factor"
    if who == LOGGING_IN:
        return "done"
    if actor == "waiting":
        return "in" if who in (ENROLLED, ANY_STAGE) else "waiting"
    return "no" if actor == "junior" and who == OFFICERS else "in"


def outcome(response, compartment) -> str:
    if response.status_code >= 500:
        return "broken"
    if response.status_code in (401, 403):
        return "login" if response.status_code == 401 else "no"
    if response.status_code not in (302, 303):
        return "in"
    places = {
        "/login": "login",
        f"/{compartment}/waiting": "waiting",
        f"/{compartment}/second-factor": "factor",
    }
    return places.get(response.location.partition("?")[0], "in")


def calls(app):
    """Every (endpoint, compartment, method, path) that the app serves; paths of all compartments spelled out."""
    for rule in app.url_map.iter_rules():
        names = OFFICES if "compartment" in rule.arguments else (None,)
        for compartment, method in itertools.product(names, sorted(rule.methods - {"HEAD", "OPTIONS"})):
            values = {name: ARGUMENTS.get(name, _value(rule, name)) for name in rule.arguments}
            if compartment:
                values["compartment"] = compartment
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **values)
            first = path.split("/")[1]
            yield rule.endpoint, first if first in OFFICES else None, method, path


def _value(rule, name):
    converter = rule._converters[name]
    return 1 if type(converter).__name__ == "IntegerConverter" else "f" * 32


class Browsers:
    """Makes a browser of an actor for each call: a log-out in one call must not touch the next."""

    def __init__(self, cast):
        self.cast = cast
        with cast.shared():
            code = appointment(WAITING_IN)
            self.waiting = enrol(code, "wanda", cast.organisation.settings, compartment=WAITING_IN)
            self.waiting.app = cast.app

    def of(self, actor, compartment):
        client = self.cast.app.test_client()
        found = self._token(actor, compartment)
        if found is not None:
            client.set_cookie(f"schotten-{found[0]}", found[1])
        return client

    def _token(self, actor, compartment):
        if actor == "waiting":
            return WAITING_IN, self.waiting.token()
        if actor == "half":
            return HALF_IN, self.cast[HALF_IN].token(stage=sessions.SECOND_FACTOR)
        if actor in self.cast:
            return self.cast[actor].compartment, self.cast[actor].token()
        if actor == "public" or compartment is None:
            return None
        return compartment, self._bad_token(actor, compartment)

    def _bad_token(self, actor, compartment):
        if actor == "forged":
            return new_token()
        if actor == "foreign":
            return self.cast["desk" if compartment != "desk" else "board"].token()
        token = self.cast[compartment].token()
        with self.cast.shared():
            an_hour_ago = utc_now() - timedelta(hours=1)
            Session.update(seen_at=an_hour_ago).where(Session.id == token_id(token)).execute()
        return token


def test_the_table_knows_every_route_and_only_those(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)


@pytest.mark.parametrize("actor", ACTORS)
def test_each_role_gets_what_the_table_says(cast, actor):
    wrong, browsers = [], Browsers(cast)
    for endpoint, compartment, method, path in calls(cast.app):
        response = browsers.of(actor, compartment).open(path, method=method)
        want = expected(TABLE[endpoint], compartment, actor)
        got = outcome(response, compartment)
        response.close()
        if got != want and not (want == "done" and response.status_code == 303):
            wrong.append(f"{method} {path}: {actor} gets {got} ({response.status_code}), expected {want}")
    assert not wrong, "\n".join(wrong)


def test_no_post_without_a_form_token_changes_anything(cast):
    """The forms check their tokens themselves; this finds the view that forgot."""
    changed, browsers = [], Browsers(cast)
    for _endpoint, compartment, method, path in calls(cast.app):
        if method != "POST":
            continue
        client = browsers.of(compartment or "public", compartment)
        before = state_of(cast, compartment)
        client.post(path, data={"confirm": "1", "text": "x", "name": "x", "action": "send"})
        if state_of(cast, compartment) != before:
            changed.append(f"POST {path}")
    assert not changed


def state_of(cast, compartment):
    """A fingerprint of everything a forged POST could change: the shared layer's rows, and the vault's."""
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        rows = _rows(database)
    if compartment is None:
        return rows
    with cast.vault(compartment) as vault:
        return rows, _rows(vault.database)


def _rows(database):
    tables = [name for name in database.get_tables() if name != "session" and "search" not in name]
    return [(name, database.execute_sql(f'select * from "{name}"').fetchall()) for name in tables]
