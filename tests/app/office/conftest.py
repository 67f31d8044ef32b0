"""Membership with the tests' own kinds of job, and a second officer."""

import pytest

from app.clock import today, utc_now
from app.office.authors import Author
from app.office.running import Place
from app.shared import admission
from app.vault import jobs
from app.web.compartment import EXTENSION
from tests.app.office.counting import COMPARTMENT, ZONE
from tests.cast import appointment, enrol


@pytest.fixture
def mona(cast):
    """A second officer of membership, admitted by the first."""
    with cast.vault("membership"):
        settings = cast.organisation.settings
        member = enrol(appointment("membership"), "mona", settings, compartment="membership")
        admission.admit(member.account_id, by=cast["membership"].session(), day=today())
    member.app = cast.app
    cast["mona"] = member
    return member


@pytest.fixture
def place_of(cast):
    """Where an officer's jobs run."""
    cast.app.extensions[EXTENSION]["membership"] = COMPARTMENT

    def place_of(name="membership"):
        with cast.shared():
            session = cast[name].session()
        return Place(cast.organisation.instance, cast[name].shared, COMPARTMENT, session, ZONE)

    return place_of


@pytest.fixture
def start(cast, place_of):
    """Writes a job down, as a view does."""

    def start(kind="count", subject="1", by="membership", **parameters):
        with cast.vault(by):
            who = Author(cast[by].account_id, cast[by].display_name)
            return jobs.start(kind, subject, parameters, by=who, now=utc_now()).id

    return start


@pytest.fixture
def english(cast):
    """An officer's browser, in English."""

    def english(name="membership"):
        client = cast[name].client()
        client.set_cookie("lang", "en")
        return client

    return english
