"""A year of two hundred cases, each really written in, read, answered, worked on, counted and closed; its report, released by two counsellors and read
by the board; and somebody who has all that the board has, and a solver, and finds no number that was kept back.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from app.clock import today
from app.disclosure import COUNSEL_THRESHOLD, TOTAL
from app.disclosure.registry import ANNUAL_REPORT
from app.envelopes.receiving import receive
from app.office import releases
from app.office.authors import Author
from app.public.counselling import sending
from app.shared import counsellors
from app.vault import proposals
from app.vault.context import any_vault
from app.vault.models import Release
from compartments.board import service as board
from compartments.board.counsel import service as reports
from compartments.counsel.annual import figures, releasing
from compartments.counsel.annual import service as annual
from compartments.counsel.cases import work
from compartments.counsel.cases.models import Case
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.counting import half_of
from keys.randomness import new_id
from tests.app.disclosure.attacker import SLACK, Attacker, key, narrowed
from tests.compartments.counsel.conftest import SAID, Seeker

CASES = 200
YEAR = today().year - 1
DAYS = [date(YEAR, month, 11) for month in (2, 5, 8, 11)]
NAMES = ("conny", "ravi", "tove")
WORDS = "Seit dem Treffen traue ich mich nicht mehr hin."


@dataclass
class Truth:
    """What the test itself knows: every talk, step and incident with the person behind it."""

    records: dict[str, list[tuple[dict[str, str], int]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, counted, person, **record):
        self.records[counted].append((record, person))

    def cells(self, table):
        """Count and people of every cell of a table, margins and all, without any help of the program's."""
        counts, people = Counter(), defaultdict(set)
        for record, person in self.records[table.counted]:
            leaf = [record[one.name] for one in table.dimensions]
            for cell in product(*((at, TOTAL) for at in leaf)):
                counts[cell] += 1
                people[cell].add(person)
        return counts, {cell: len(who) for cell, who in people.items()}


@dataclass
class Year:
    """Two hundred people and three counsellors. `luck` is the same each time."""

    office: object
    truth: Truth = field(default_factory=Truth)
    luck: random.Random = field(default_factory=lambda: random.Random(11))
    seekers: list[Seeker] = field(default_factory=list)
    counted: list[bool] = field(default_factory=list)

    def everybody_writes_in(self):
        office, published = self.office, self.office.published()
        for number in range(CASES):
            day, to = DAYS[number % len(DAYS)], [office[NAMES[number % 3]].account_id]
            seeker, agrees = Seeker(office), number % 16 != 7
            said = {**SAID, "text": WORDS, "chosen": to, "excluded": [], "statistics": agrees}
            sending.begin(
                seeker.visit,
                said,
                (),
                readers=counsellors.chosen(published, to),
                everybody=published,
                counsel=office.pinned,
                day=day,
                now=morning(day),
            )
            self.seekers.append(seeker)
            self.counted.append(agrees)

    def work_on(self, name):
        """One counsellor goes through all that they may read."""
        with self.office.vault(name):
            desk = self.office.desk(name)
            mine = [number for number in range(CASES) if NAMES[number % 3] == name]
            assert set(desk.ring.cases) == {self.seekers[number].visit.case for number in mine}
            for number in mine:
                now = morning(DAYS[number % len(DAYS)]) + timedelta(days=2)
                self.work_on_one(number, desk.open(self.seekers[number].visit.case, now=now), now)
            self.office.take_in()

    def work_on_one(self, number, case, now):
        work.take(case, now=now)
        work.reply(case, "Danke, dass Sie schreiben.", entry_id=new_id(), now=now)
        ways = ["online"]
        for _talk in range(self.luck.choice((0, 0, 1, 3))):
            ways.append(self.luck.choice(("phone", "phone", "in-person", "video", "mail")))
            day = now.date() + timedelta(days=len(ways))
            talk = {"text": "", "day": day.isoformat(), "channel": ways[-1]}
            work.write(case, Kind.CONTACT, talk, entry_id=new_id(), now=now)
        steps = ["referral"] * (self.luck.random() < 0.35) + ["passing-on"] * (self.luck.random() < 0.12)
        for step in steps:
            consent = new_id()
            given = {"form": consents.SPOKEN, "given_on": now.date(), "entry_id": consent, "now": now}
            consents.note(case, step, "Leuchtfeuer", "Anliegen", **given)
            incidents.step_outside(case, consent, step, way="Telefon", entry_id=new_id(), now=now)
        for _each in range(self.luck.choice((0, 1, 1, 1, 2))):
            codes = {
                name: self.luck.choices(known, weights=range(len(known) + 2, 2, -1))[0]
                for name, known in FIELDS.items()
            }
            half = half_of(now.date())
            if self.counted[number]:
                incidents.add_from(case, codes, half=half, entry_id=new_id(), now=now)
                self.truth.note("incidents", number, **codes)
            else:
                with pytest.raises(incidents.NotCounted):
                    incidents.add_from(case, codes, half=half, entry_id=new_id(), now=now)
        work.close(case, text="", now=now + timedelta(days=30))
        if self.counted[number]:
            for place, way in enumerate(ways):
                turn = "later" if place else "first"
                self.truth.note("consultations", number, turn=turn, channel=way)
            for step in steps:
                self.truth.note("steps", number, step=step)

    def release(self):
        """One counsellor proposes, another confirms; the board takes it in and returns what it has."""
        with self.office.vault("conny"), self.translated():
            texts = dict.fromkeys(("work", "prevention", "conclusions", "recommendations"), "Worte.")
            annual.write(YEAR, texts, version=0, by_name="Conny")
            subject = releasing.subject(YEAR)
            made = proposals.propose(
                ANNUAL_REPORT, subject, "", about=str(YEAR), by=self.author("conny"), now=morning(today())
            )
        with self.office.vault("ravi"), self.translated(), any_vault.atomic("IMMEDIATE"):
            confirmed = proposals.confirm(made.id, by=self.author("ravi"), now=morning(today()))
            self.carry_out(proposals.subject_of(confirmed))
        with self.office.vault("ravi"):
            self.office.take_in()
        with self.office.cast.vault("board"):
            receive(board.INCOMING)
            return reports.find(str(YEAR))

    def carry_out(self, subject):
        names = ("Conny", "Ravi")
        releasing.carry_out(subject, released_by=names, organisation="Verein", day=today())

    def author(self, name):
        return Author(self.office[name].account_id, name.title())

    def translated(self):
        return self.office.cast.app.test_request_context()


def morning(day):
    return datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001


def hidden_from_a_solver(tables, released):
    """For every cell that isn't told: what the solver may take from all that the board has."""
    shown = [one for one in released if any(number is not None for number in one.cells.values())]
    found = Attacker(*(one.to_json() for one in shown)).solve()
    return {
        (table.name, cell): found[key(table, cell)]
        for table, one in zip(tables, released, strict=True)
        for cell, number in one.cells.items()
        if number is None and one in shown
    }


def test_the_report_on_two_hundred_cases_is_counted_from_them_and_recomputes_nowhere(office):
    year = Year(office)
    year.everybody_writes_in()
    for name in NAMES:
        year.work_on(name)
    with office.vault("conny"):
        assert Case.select().count() == CASES
        tables = figures.tables(YEAR)
    report = year.release()
    whole = {one.name for one in report.tables}
    assert [table.name for table in tables] == [one.name for one in report.tables]

    # The program has counted what the test has, without anybody counting by hand; and of what the board has each number is true,
    # large, and many people's.
    told = 0
    for table, one in zip(tables, report.tables, strict=True):
        if table.counted == "attendance":
            continue
        counts, people = year.truth.cells(table)
        assert {cell: number for cell, number in table.cells.items() if number} == dict(counts)
        for cell, number in one.cells.items():
            if number is not None:
                told += 1
                assert number == counts[cell]
                assert people[cell] >= COUNSEL_THRESHOLD, (table.name, cell)
    assert told > 40, "a report that tells nothing gives nothing away either"
    assert {"consultations", "incidents-by-manner", "steps-outside"} <= whole

    # Somebody has it all, and a solver: what was kept back stays open by as much as it should.
    kept_back = hidden_from_a_solver(tables, report.tables)
    assert kept_back
    for low, high in kept_back.values():
        assert high - low >= COUNSEL_THRESHOLD - 1 - SLACK
    pairs = [
        (table, one)
        for table, one in zip(tables, report.tables, strict=True)
        if one.suppressed < len(one.cells)
    ]
    assert narrowed([table for table, _ in pairs], [one for _, one in pairs], COUNSEL_THRESHOLD) == []

    # Nothing of a case went along.
    leaving = repr(report.row.report)
    assert not [one for one in year.seekers if one.visit.case in leaving]
    assert WORDS not in leaving

    # Another case, and no second version: neither by the program's way nor around it.
    with office.vault("conny"), year.translated():
        incidents.add({name: known[0] for name, known in FIELDS.items()}, half=f"{YEAR}-1")
        subject = releasing.subject(YEAR)
        assert subject["tables"] != [one.to_json() for one in report.tables]
        with pytest.raises(releases.AlreadyReleased), any_vault.atomic("IMMEDIATE"):
            year.carry_out(subject)
        with pytest.raises(Exception, match="release"), any_vault.atomic("IMMEDIATE"):
            Release.update(figures="{}").execute()
