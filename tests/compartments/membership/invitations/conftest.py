"""A membership office with members, keys and a mail server that keeps what it gets."""

from datetime import date, timedelta

import pytest

from app.clock import utc_now
from app.crossings import find
from app.envelopes.letter import Letter
from app.office.authors import Author
from app.office.running import Place, run
from app.vault import jobs
from compartments.membership import persons
from compartments.membership.invitations import keys, runs, texts
from compartments.membership.invitations.models import Invitation
from compartments.membership.invitations.service import INCOMING
from compartments.membership.tables import Person
from compartments.membership.views import compartment
from keys.codes import new_code
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.smtp import smtp_peer

DAY = date(2026, 11, 21)
SETTINGS = {"claim_address": "https://verein.example/claim", "contact": "hilfe@verein.example"}


@pytest.fixture
def peer():
    with smtp_peer() as peer:
        yield peer


def members(number, *, first=1):
    """Add so many who may take part, inside an open vault; return their ids, the longest member first."""
    added = [
        persons.add(
            details(f"Nachname{index}", "Vera", member_number=index, email=f"m{index}@mail.example"),
            entry_id=new_id(),
            by=MIKA,
            now=NOW,
        ).id
        for index in range(first, first + number)
    ]
    standing = {"may_vote": True, "first_paid_on": date(2012, 5, 1), "paid_until": date(2099, 12, 31)}
    Person.update(standing).where(Person.id.in_(added)).execute()
    return added


def arrive(type_, sender="clearing", **body):
    """A letter that the office takes in, inside an open vault."""
    INCOMING[type_](Letter(new_id(), find(type_, sender, "membership"), sender, "membership", 1, body))


def take_keys(number, key_set="2026-11"):
    codes = [new_code() for _ in range(number)]
    arrive("reference-keys", request=new_id(), key_set=key_set, keys=codes)
    return codes


def prepared(contingent=500, *, per_minute=10_000, run_id=None):
    return runs.prepare(run_id or new_id(), contingent=contingent, per_minute=per_minute, by=MIKA, day=DAY)


@pytest.fixture
def office(cast):
    """The open vault, with what mails say of the organisation filled in."""
    with cast.vault("membership"):
        texts.save_settings(SETTINGS)
        yield keys


@pytest.fixture
def a_run(cast):
    """Prepares a run for so many members; returns its id."""

    def a_run(number=3, **more):
        with cast.vault("membership"):
            texts.save_settings(SETTINGS)
            members(number)
            take_keys(number + 2)
            return prepared(**more).id

    return a_run


@pytest.fixture
def start(cast):
    """Writes the job of a run down, as the page does."""

    def start(run_id, **parameters):
        parameters = {"first_wait": 0.01, **parameters}
        with cast.vault("membership"):
            who = Author(cast["membership"].account_id, "Mika Register")
            return jobs.start("invitation-run", run_id, parameters, by=who, now=utc_now()).id

    return start


@pytest.fixture
def place(cast, peer):
    """Where the officer's jobs run, with the mail server at hand."""
    settings = cast.organisation.settings.but(**peer.settings)
    with cast.shared():
        session = cast["membership"].session()
    return Place(
        cast.organisation.instance,
        cast["membership"].shared,
        compartment,
        session,
        settings.timezone,
        settings=settings,
    )


@pytest.fixture
def send(place, start):
    """Sends a run's mails in this thread."""

    def send(run_id, **parameters):
        job_id = start(run_id, **parameters)
        run(job_id, place)
        return job_id

    return send


@pytest.fixture
def mails(cast):
    """What has become of each mail: address -> state."""

    def mails():
        with cast.vault("membership"):
            rows = Invitation.select().order_by(Invitation.id)
            return {row.person.email if row.person else None: row.state for row in rows}

    return mails


def days_ago(number):
    return DAY - timedelta(days=number)
