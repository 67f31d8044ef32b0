"""A membership office with a few people in its register."""

from datetime import UTC, date, datetime

import pytest

from app.clock import today
from app.office.authors import Author
from app.shared import admission
from compartments.membership import persons
from compartments.membership.details import Details
from compartments.membership.models import Person
from keys.randomness import new_id
from tests.cast import appointment, enrol

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC).replace(tzinfo=None)
MIKA, LEA = Author("a" * 32, "Mika Register"), Author("b" * 32, "Lea Zweitblick")


def details(last_name="Müller", first_name="Anna", **more) -> Details:
    number = more.pop("member_number", 1)
    return Details(
        member_number=number, last_name=last_name, first_name=first_name, entered_on=date(2012, 5, 1), **more
    )


@pytest.fixture
def office(cast):
    """The vault of membership, open, for tests of rules."""
    with cast.vault("membership"):
        yield persons


@pytest.fixture
def add(office):
    """Adds a person and returns their id."""
    numbers = iter(range(1, 100_000))

    def add(last_name="Müller", first_name="Anna", **more) -> int:
        more.setdefault("member_number", next(numbers))
        person = persons.add(details(last_name, first_name, **more), entry_id=new_id(), by=MIKA, now=NOW)
        return person.id

    return add


@pytest.fixture
def entitle(office):
    """Lets persons take part: entitled to vote, and paid until next year."""

    def entitle(*persons: int) -> None:
        paid = {
            "may_vote": True,
            "voting_by": "Bund",
            "voting_on": NOW.date(),
            "first_paid_on": date(2012, 6, 1),
        }
        Person.update({**paid, "paid_until": date(2027, 12, 31)}).where(Person.id.in_(persons)).execute()

    return entitle


def english(officer):
    """The officer's browser, which asks for English."""
    client = officer.client()
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def client(cast):
    """The browser of membership's officer."""
    return english(cast["membership"])


@pytest.fixture
def mona(cast):
    """A second officer of membership, admitted by the first, in a browser of her own."""
    with cast.vault("membership"):
        settings = cast.organisation.settings
        member = enrol(appointment("membership"), "mona", settings, compartment="membership")
        admission.admit(member.account_id, by=cast["membership"].session(), day=today())
    member.app = cast.app
    return english(member)
