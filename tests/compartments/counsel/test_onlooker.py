"""Somebody who watches the shared layer, its key in hand, every day: whatever people and counsellors do, they see one and the same picture.

Two things are left out, as SECURITY.md says: which row is cover (that takes the server's key), and that officers log in.
"""

import shutil
from datetime import date, datetime, timedelta

import pytest

from app.envelopes.letter import File
from app.factory import create_app
from app.shared import cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.models import Envelope
from app.shared.sessions import Limits
from compartments.counsel.cases import readers, work
from compartments.counsel.consents import service as consents
from compartments.counsel.retention import service as retention
from keys.randomness import new_id
from tests.cast import Cast
from tests.compartments.counsel.conftest import DAY, Seeker, staffed
from tests.compartments.counsel.test_cases import NOW, answered

DAYS = 5
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=5))
ASIDE = {"session", "login_attempt"}


class Story:
    """Two people and three counsellors, over some days. Each method is what happens on one day."""

    def __init__(self, office):
        self.office = office
        self.one, self.two = Seeker(office), Seeker(office)
        self.day = 0

    @property
    def now(self):
        return NOW + timedelta(days=self.day)

    @property
    def today(self):
        return DAY + timedelta(days=self.day)

    def writes_in(self, seeker, *names, **said):
        seeker.write_in(*names, day=self.today, **said)

    def writes(self, seeker, **said):
        seeker.write(new_id(), said, day=self.today, now=self.now)

    def at_the_case_of(self, seeker, name, *acts):
        with self.office.vault(name):
            desk = self.office.desk(name)
            case = desk.open(seeker.visit.case, now=self.now)
            for act in acts:
                act(desk, case)
            self.office.take_in()

    def answers(self, seeker, name="conny"):
        self.at_the_case_of(
            seeker, name, lambda _, case: work.reply(case, "Ja.", entry_id=new_id(), now=self.now)
        )

    def asks(self, seeker):
        self.at_the_case_of(
            seeker,
            "conny",
            lambda _, case: consents.ask(
                case, "referral", "Leuchtfeuer", "Anliegen", entry_id=new_id(), now=self.now
            ),
        )

    def consents_to_it(self, seeker):
        asked = seeker.look().standing["consents"][-1]["id"]
        self.writes(seeker, kind="consent", consent=asked, decision="given")

    def shares(self, seeker):
        account = self.office["tove"].account_id
        self.at_the_case_of(
            seeker,
            "conny",
            lambda desk, case: readers.admit(case, desk.ring, account, desk.others, now=self.now),
        )

    def ends(self, seeker):
        self.at_the_case_of(
            seeker,
            "conny",
            lambda _, case: work.close(case, text="", now=self.now),
            lambda _, case: retention.erase(
                case, retention.BY_HAND, backups_kept=timedelta(days=14), now=self.now
            ),
        )


def nothing(_story):
    """Nobody writes, nobody looks."""


def nobody_comes_back(story):
    if story.day == 0:
        story.writes_in(story.one, "conny")


def somebody_comes_back(story):
    if story.day == 0:
        story.writes_in(story.one, "conny", "ravi", files=[File("a.txt", "text/plain", b"x" * 9000)])
    elif story.day == 1:
        story.answers(story.one)
        story.asks(story.one)
        story.one.look()
    elif story.day == 2:
        story.consents_to_it(story.one)
        story.writes(story.one, kind="message", text="Ich bin wieder da. " * 500)
        story.answers(story.one, "ravi")
    elif story.day == 3:
        story.shares(story.one)
        story.one.look()
    else:
        story.ends(story.one)


def one_case_grows(story, grows=lambda story: story.one):
    if story.day == 0:
        story.writes_in(story.one, "conny")
        story.writes_in(story.two, "conny", "tove")
    else:
        story.writes(grows(story), kind="message", text="Noch etwas")
        story.answers(grows(story))


def the_other_case_grows(story):
    one_case_grows(story, grows=lambda story: story.two)


HISTORIES = (nobody_comes_back, somebody_comes_back, one_case_grows, the_other_case_grows)


def picture():
    """Every row of the shared layer but log-ins: its table, its days, and how long all else in it is."""
    return sorted(
        (table, *map(_outside, row))
        for table in shared_database.get_tables()
        if table not in ASIDE
        for row in shared_database.execute_sql(f'select * from "{table}"').fetchall()
    )


def _outside(value):
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    if isinstance(value, date | datetime):
        return f"{value:%Y-%m-%d}"
    try:
        return f"{datetime.fromisoformat(value):%Y-%m-%d}"
    except (TypeError, ValueError):
        return f"{len(str(value))} signs"


@pytest.fixture
def watched(cast_once, tmp_path):
    """Let a history happen in an instance of its own; return what could be seen in the evening of each day."""

    def watched(history, *, tick_first):
        organisation = cast_once[0].copied_to(tmp_path / history.__name__)
        app = create_app(organisation.settings)
        cast, seen = Cast(cast_once[1], organisation, app), []
        with cast.shared():
            story = Story(staffed(cast))
            for story.day in range(DAYS):
                if tick_first:
                    upkeep.run(story.today, story.now, LIMITS)
                history(story)
                upkeep.run(story.today, story.now, LIMITS)
                seen.append(picture())
        app.extensions["schotten"].shared.close()
        shutil.rmtree(organisation.settings.instance)
        return seen

    return watched


@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("tick_first", [True, False], ids=["after-upkeep", "before-upkeep"])
def test_every_evening_looks_as_if_nothing_had_happened(watched, history, tick_first):
    expected = watched(nothing, tick_first=tick_first)
    seen = watched(history, tick_first=tick_first)
    for day in range(DAYS):
        assert seen[day] == expected[day], f"day {day}"
    for table, length in (("envelope", 64 * 1024), ("drop", cover.DROP_BYTES)):
        rows = [row for row in seen[-1] if row[0] == table]
        assert len(rows) == DAYS * cover.AT_ONCE
        assert all(f"{length} bytes" in row for row in rows)


def test_each_act_leaves_the_moment_as_it_was(office, seeker):
    upkeep.keep_covered(DAY)
    before = picture()
    seeker.write_in("conny", "ravi")
    assert picture() == before
    with office.vault("conny"):
        answered(office.desk("conny").open(seeker.visit.case, now=NOW), "Guten Tag.")
        office.take_in()
    assert picture() == before
    seeker.write(new_id(), {"kind": "message", "text": "Ich bin wieder da."})
    assert picture() == before
    seeker.look()
    assert picture() == before


def test_a_day_with_more_than_its_cover_doubles_it_and_tells_no_number(office):
    upkeep.keep_covered(DAY)
    for _each in range(cover.AT_ONCE + 1):
        Seeker(office).write_in("conny")
    for model in (Envelope, Drop):
        assert model.select().where(model.day == DAY).count() == 2 * cover.AT_ONCE
