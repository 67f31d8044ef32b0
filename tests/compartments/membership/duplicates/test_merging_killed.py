"""kill -9 at every step of a merge and of the full run: two records or one, never half of each, and the run finds all the same."""

from datetime import date, timedelta

import pytest

from app.clock import utc_now
from app.vault import jobs
from compartments.membership import listing, persons
from compartments.membership.dues import payments
from compartments.membership.dues.models import Payment
from compartments.membership.duplicates import aliases, candidates
from compartments.membership.duplicates.models import BlockedPerson, MergedChange, MergedPerson, Pair, Search
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.models import FieldChange, Person, database
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.compartments.membership.killing import officer

pytestmark = pytest.mark.slow
NOTHING_YET = ("merge.after-record", "merge.after-references", "merge.before-commit")
BORN = {"birth_date": date(1980, 3, 12), "email": "anna@example.org", "dues_cents": 1200}


def add(number, last_name, **more):
    one = details(last_name, member_number=number, **more)
    return persons.add(one, entry_id=new_id(), by=MIKA, now=NOW)


@pytest.fixture
def pair(cast):
    """Anna with two numbers: a payment for each, a reference key for the one that will go; returns the pair's id."""
    with cast.vault("membership"):
        first, second = add(10, "Müller", **BORN), add(20, "Mueller", **BORN)
        for person in (first, second):
            payments.record(
                person.id, cents=1200, received_on=NOW.date(), entry_id=new_id(), by=MIKA, now=NOW
            )
        ReferenceKey.create(key="k", key_set="set", state="assigned", person=second)
        candidates.remember(second, now=NOW)
        return Pair.get().id


def books():
    """How many of each there are: persons, in the list, merged, the vanished one's history, payments, noted merges."""
    noted = FieldChange.select().where(FieldChange.field == "merged").count()
    merged = (MergedPerson.select().count(), MergedChange.select().count())
    return Person.select().count(), listing.total(), *merged, Payment.select().count(), noted


@pytest.mark.parametrize("point", [*NOTHING_YET, "merge.after-commit"])
def test_killed_while_merging_there_are_two_records_or_one_and_all_that_hangs_on_them(cast, pair, point):
    entry = new_id()
    officer(cast, "merge", entry, pair, fault=point)
    with cast.vault("membership"):
        assert books() == ((2, 2, 0, 0, 2, 0) if point in NOTHING_YET else (1, 1, 1, 1, 2, 1))
    officer(cast, "merge", entry, pair)
    with cast.vault("membership"):
        assert books() == (1, 1, 1, 1, 2, 1)
        kept = Person.get()
        assert {row.person_id for row in (*Payment.select(), *ReferenceKey.select())} == {kept.id}
        assert aliases.resolve([10, 20]) == {20: kept.id}
        assert [row.id for row in listing.search("20").items] == [kept.id]
        assert Pair.select().count() == 0
        assert database.execute_sql("pragma foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    "point",
    [
        "duplicates.after-keys",
        "duplicates.after-spreading",
        "duplicates.before-commit",
        "duplicates.after-step",
        "job.after-step",
        "job.before-end",
    ],
)
def test_killed_while_everybody_is_compared_the_run_goes_on_and_finds_each_pair_once(cast, point):
    with cast.vault("membership"):
        for number in range(1, 9):
            born = date(1950, 1, 1) + timedelta(days=777 * number)
            for name in ("Müller", "Mueller"):
                add(number if name == "Müller" else 100 + number, name, birth_date=born, city=f"Ort {number}")
        BlockedPerson.delete().execute()
        job = jobs.start("duplicates-search", "register", {}, by=MIKA, now=utc_now()).id
    officer(cast, "search", job, fault=point)
    with cast.vault("membership"):
        jobs.resume(job, by=MIKA, now=utc_now())
    officer(cast, "search", job)
    with cast.vault("membership"):
        numbers = dict(Person.select(Person.id, Person.member_number).tuples())
        found = [(numbers[row.first_id], numbers[row.second_id]) for row in Pair.select()]
        assert sorted(found) == [(number, 100 + number) for number in range(1, 9)]
        assert Search.get().finished_at
        assert jobs.find(job).state == jobs.DONE
