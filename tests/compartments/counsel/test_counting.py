"""What is counted follows the case's talks by itself, and a number behind which there are too few people isn't told."""

from datetime import date, timedelta

import pytest

from compartments.counsel.annual import figures
from compartments.counsel.cases import work
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.opened import Kind
from compartments.counsel.incidents import service
from compartments.counsel.incidents.counting import half_of
from compartments.counsel.incidents.models import Consultation, Incident
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import post
from tests.compartments.counsel.test_incidents import NOW, VALUES

LAST_YEAR = DAY.year - 1
MAY = date(LAST_YEAR, 5, 4)
FIRST, LATER = True, False
NEW = {"new_here", "new_by_turn", "new_by_channel", "new_in_year"}


@pytest.fixture
def case(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        yield office.desk("conny").open(seeker.visit.case, now=NOW)


def talk(case, day, channel="phone"):
    said = {"text": "", "day": day.isoformat(), "channel": channel}
    return work.write(case, Kind.CONTACT, said, entry_id=new_id(), now=NOW)


def counted():
    rows = Consultation.select().order_by(Consultation.half, Consultation.first.desc())
    return [(row.half, row.first, row.channel) for row in rows]


def test_one_person_has_one_first_talk_whichever_way_and_whenever_it_is_written_down(case):
    work.reply(case, "Guten Tag", entry_id=new_id(), now=NOW)
    assert counted() == [(half_of(DAY), FIRST, "online")]
    talk(case, MAY)
    assert counted() == [
        (f"{LAST_YEAR}-1", FIRST, "phone"),
        (half_of(DAY), LATER, "online"),
    ]


def test_a_talk_that_is_corrected_is_counted_as_it_is_now(case):
    entry = talk(case, MAY)
    said = {"day": (MAY + timedelta(days=100)).isoformat(), "channel": "video"}
    work.rewrite(case, entry.id, said, version=entry.version, now=NOW)
    assert counted() == [(f"{LAST_YEAR}-2", FIRST, "video")]


def test_a_case_after_a_talk_counts_that_talk(office):
    with office.vault("conny"):
        head = Head(title="Stand", origin="in-person")
        work.begin(office.desk("conny"), head, "Sie war da.", talked_on=MAY, entry_id=new_id(), now=NOW)
        assert counted() == [(f"{LAST_YEAR}-1", FIRST, "in-person")]


def test_a_talk_that_is_still_to_come_is_not_written_down(office, seeker):
    seeker.write_in("conny")
    address, ahead = (
        f"/counsel/cases/{seeker.visit.case}/add/contact",
        (DAY + timedelta(days=9)).isoformat(),
    )
    post(office["conny"].client(), address, day=ahead, channel="phone")
    with office.vault("conny"):
        assert counted() == []


def test_many_talks_with_few_people_are_not_told(office, case):
    """Twelve talks by phone and one by video, all with one person: neither the twelve nor the thirteen may leave."""
    for week in range(12):
        talk(case, MAY + timedelta(days=7 * week))
    talk(case, MAY, "video")
    (consultations, *_) = figures.tables(LAST_YEAR)
    assert consultations.cells["*", "phone"] == 12
    assert consultations.persons["*", "phone"] == consultations.persons["*", "*"] == 1
    shown = {one.name: one for one in figures.protected(LAST_YEAR)}["consultations"]
    assert set(shown.cells.values()) == {None}


def test_the_people_behind_every_margin_are_counted_once(office):
    """Each margin of the table of talks, against the people whom the test itself knows."""
    ways = {"ada": ["phone", "phone", "video"], "bob": ["phone", "mail"], "cleo": ["video"]}
    with office.vault("conny"):
        truth = {}
        for name, channels in ways.items():
            head = Head(title=name, origin=channels[0])
            desk = office.desk("conny")
            known = work.begin(desk, head, "", talked_on=MAY, entry_id=new_id(), now=NOW)
            for place, channel in enumerate(channels):
                if place:
                    talk(desk.open(known, now=NOW), MAY + timedelta(days=place), channel)
                turn = "later" if place else "first"
                for cell in [(turn, channel), (turn, "*"), ("*", channel), ("*", "*")]:
                    truth.setdefault(cell, set()).add(name)
        (table, *_) = figures.tables(LAST_YEAR)
        assert {cell: number for cell, number in table.persons.items() if number} == {
            cell: len(names) for cell, names in truth.items()
        }


def test_a_second_incident_of_a_case_stands_for_no_further_person(case):
    for _each in range(2):
        service.add_from(case, VALUES, half=f"{LAST_YEAR}-1", entry_id=new_id(), now=NOW)
    service.add_from(case, VALUES, half=f"{DAY.year}-1", entry_id=new_id(), now=NOW)
    assert sorted((row.half, row.again) for row in Incident.select()) == sorted(
        [(f"{LAST_YEAR}-1", False), (f"{LAST_YEAR}-1", True), (f"{DAY.year}-1", False)]
    )
    tables = {one.name: one for one in figures.tables(LAST_YEAR)}
    assert tables["incidents-by-manner"].cells["*",] == 2
    assert tables["incidents-by-manner"].persons["*",] == 1


def test_no_two_rows_can_be_seen_to_be_one_persons(case):
    """Beside what is counted a row says only where it is the first of its person; that is the same for everybody who comes once."""
    talk(case, MAY)
    (row,) = Consultation.select().dicts()
    assert {name for name in row if name not in {"id", "half", "first", "channel"}} == set(NEW)
    assert all(row[name] is True for name in NEW)
