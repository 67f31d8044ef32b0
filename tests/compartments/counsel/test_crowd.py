"""People write, counsellors answer and the timer ticks, all at one time, each in a process of its own: on a shared layer in a file and on
PostgreSQL, which lets many write at once.
"""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.shared import cover, drops, upkeep
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Envelope
from app.shared.sessions import Limits
from app.vault.models import Alarm, ImportedEnvelope, Outgoing, RefusedEnvelope
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases import work
from compartments.counsel.cases.models import Case, CaseEntry, CaseLetter, CaseSlot
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.consents import service as consents
from compartments.counsel.retention import service as retention
from keys.randomness import new_id, token_bytes
from keys.sealing import nobody
from tests.cast import on_postgres
from tests.compartments.counsel.children import at_once
from tests.compartments.counsel.conftest import DAY, Seeker

pytestmark = pytest.mark.slow

NOW = utc_now()
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=5))
LETTERS, ROUNDS = 4, 6


@pytest.fixture(params=["in a file", "on postgres"])
def cast(request):
    if request.param == "in a file":
        yield request.getfixturevalue("cast")
        return
    server, settings = request.getfixturevalue("postgres"), request.getfixturevalue("settings")
    with on_postgres(server, settings, "counsel_crowd") as cast:
        yield cast


def writes(seekers):
    """Each writes in, and then letters; every other thing is sent twice, as by two clicks."""

    def writing():
        for seeker in seekers:
            seeker.write_in("conny", "ravi")
            seeker.write_in("conny", "ravi")
        for number in range(LETTERS):
            for seeker in seekers:
                letter = new_id()
                for _click in range(2):
                    seeker.write(letter, {"kind": "message", "text": f"Brief {number}"})

    return writing


def works_at_cases(office, name):
    """Takes in what is there, and answers in every case that somebody has written to."""

    def working():
        for number in range(ROUNDS):
            with office.vault(name):
                desk = office.desk(name)
                for one in desks.page(desk, 1, now=NOW).items:
                    case = desk.open(one.id, now=NOW)
                    work.reply(case, f"{name} {number}", entry_id=new_id(), now=NOW)
                office.take_in()

    return working


def ticks():
    """The timer, over some days: with each new one, covers of those before change."""
    for number in range(3 * ROUNDS):
        upkeep.run(DAY + timedelta(days=number // 3), NOW, LIMITS)


def test_nothing_is_lost_written_twice_or_covered_up(office):
    seekers = [Seeker(office) for _ in range(6)]
    crowd = [writes(seekers[:2]), writes(seekers[2:4]), writes(seekers[4:])]
    at_once(office, *crowd, works_at_cases(office, "conny"), works_at_cases(office, "ravi"), ticks, ticks)
    with office.vault("conny"):
        desk = office.desk("conny")
        assert sorted(desk.ring.cases) == sorted(seeker.visit.case for seeker in seekers)
        told = {}
        for seeker in seekers:
            case = desk.open(seeker.visit.case, now=NOW)
            received = [one.data["text"] for one in case.entries(Kind.RECEIVED)]
            assert sorted(received[1:]) == [f"Brief {number}" for number in range(LETTERS)]
            work.reply(case, "Zum Schluss", entry_id=new_id(), now=NOW)
            told[seeker.code] = [one.data["text"] for one in case.entries(Kind.ANSWER)]
        office.take_in()
        assert (RefusedEnvelope.select().count(), CaseLetter.select().count()) == (0, 0)
        assert (Alarm.select().count(), Outgoing.select().count()) == (0, 0)
        assert ImportedEnvelope.select().count() == 6 * (1 + LETTERS)
    for seeker in seekers:
        found = seeker.look()
        assert len(found.sent) == 1 + LETTERS
        assert [one["text"] for one in found.answers if one["kind"] == "answer"] == told[seeker.code]
    assert not [row.id for row in Envelope.select(Envelope.id) if cover.is_real(row.id)]
    assert {len(bytes(row.ciphertext)) for row in Drop.select()} == {cover.DROP_BYTES}
    real = sum(cover.is_real(row.id) for row in Drop.select(Drop.id))
    assert real == sum(len(seeker.look().sent) + len(seeker.look().answers) for seeker in seekers)
    for kind in (cover.DROPS, cover.envelopes("counsel")):
        rows = kind.of_day(DAY).count()
        assert rows in {8 << doubled for doubled in range(10)}, "two have laid cover for the same day"


def test_a_contact_from_the_first_words_to_its_erasure(office):
    seeker = Seeker(office)
    upkeep.keep_covered(DAY)
    assert [seeker.write_in("conny"), seeker.write_in("conny")] == [True, False]
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        work.reply(case, "Guten Tag.", entry_id=new_id(), now=NOW)
        consents.ask(case, "referral", "Leuchtfeuer", "Anliegen", entry_id=new_id(), now=NOW)
        office.take_in()
    found = seeker.look()
    assert [one["text"] for one in found.answers if one["kind"] == "answer"] == ["Guten Tag."]
    asked = found.standing["consents"][-1]["id"]
    seeker.write(new_id(), {"kind": "consent", "consent": asked, "decision": "given"})
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert [one.data["step"] for one in consents.in_force(case, "referral")] == ["referral"]
    seeker.write(new_id(), {"kind": "erase"})
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert case.head.erasure_wanted
        retention.erase(case, retention.ON_REQUEST, backups_kept=timedelta(days=14), now=NOW)
        office.take_in()
        assert [model.select().count() for model in (Case, CaseEntry, CaseLetter, CaseSlot)] == [0] * 4
        assert (Alarm.select().count(), Outgoing.select().count()) == (0, 0)
    assert [one["kind"] for one in seeker.look().answers] == ["erased"]
    for model in (Drop, Envelope):
        assert model.select().where(model.day == DAY).count() == cover.AT_ONCE


def test_an_answer_that_is_on_its_way_does_not_come_back_after_an_erasure(office):
    """Both carry out the same orders: the one who erases, and a colleague who is answering."""
    seeker = Seeker(office)
    seeker.write_in("conny", "ravi")

    def answers():
        with office.vault("ravi"):
            try:
                case = office.desk("ravi").open(seeker.visit.case, now=NOW)
                for number in range(4 * ROUNDS):
                    work.reply(case, f"Antwort {number}", entry_id=new_id(), now=NOW)
                    office.take_in()
            except NoCase:
                return

    def erases():
        with office.vault("conny"):
            case = office.desk("conny").open(seeker.visit.case, now=NOW)
            for _each in range(ROUNDS):
                office.take_in()
            retention.erase(case, retention.BY_HAND, backups_kept=timedelta(days=14), now=NOW)
            office.take_in()

    at_once(office, answers, erases, ticks)
    with office.vault("conny"):
        office.take_in()
        assert (Case.select().count(), Outgoing.select().count(), Alarm.select().count()) == (0, 0, 0)
    assert [one["kind"] for one in seeker.look().answers] == ["erased"]
    assert sum(cover.is_real(row.id) for row in Drop.select(Drop.id)) == 2


def test_who_puts_several_at_once_does_not_wait_for_who_waits_for_them(office):
    times, long = 12, 5

    def puts():
        for _each in range(times):
            made = drops.pieces(bytes(long * drops.PER_PIECE), secret=token_bytes(), first=0, to=nobody())
            with write_transaction(shared_database):
                drops.put(made, DAY)

    at_once(office, puts, puts, puts)
    real = [row.id for row in Drop.select(Drop.id) if cover.is_real(row.id)]
    assert len(real) == 3 * times * long
