"""A clock that is wrong for a while: what upkeep deletes doesn't come back, so one that has jumped ahead is believed a day later."""

from datetime import timedelta

import pytest

from app.clock import today, utc_now
from app.shared import cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.drops import KEPT_FOR
from app.shared.models import Assignment, Envelope, Mailbox, Posting
from app.shared.sessions import Limits
from keys.randomness import new_id
from tests.compartments.counsel.conftest import Seeker, staffed

LIMITS = Limits(timedelta(minutes=30), timedelta(hours=10), timedelta(minutes=10))
DAY = today()
MONTH = timedelta(days=31)


def tick(day):
    return upkeep.run(day, utc_now(), LIMITS)


def picture():
    """What an onlooker counts on each day."""
    return {
        (model.__name__, str(day)): model.select().where(model.day == day).count()
        for model in (Drop, Envelope)
        for (day,) in model.select(model.day).distinct().tuples()
    }


@pytest.fixture
def seeker(cast):
    """Somebody who wrote some months ago, whose words go within the month; and what else is over in a month."""
    with cast.shared():
        seeker = Seeker(staffed(cast))
        wrote = DAY - KEPT_FOR + timedelta(days=10)
        tick(wrote)
        seeker.write_in("conny", day=wrote)
        for ago in range(3, -1, -1):
            tick(DAY - timedelta(days=ago))
        Mailbox.create(id=new_id(), sealing_key=b"k", expires_on=DAY + timedelta(days=5))
        Posting.create(
            slug="wache", state="published", deadline=DAY + timedelta(days=5), texts={}, published_on=DAY
        )
        Assignment.update(ends_on=DAY + timedelta(days=5)).where(Assignment.compartment == "desk").execute()
        yield seeker


def all_is_there(seeker):
    assert len(seeker.look().sent) == 1
    assert [cover.is_real(row.id) for row in Envelope.select()].count(True) == 1
    assert Mailbox.select().count() == 1
    assert Posting.get_by_id("wache").state == "published"
    assert Assignment.get(Assignment.compartment == "desk").state != "ended"
    return True


def test_a_clock_that_jumps_ahead_and_back_costs_nothing(seeker):
    before = picture()
    for _quarter_of_an_hour in range(3):
        done = tick(DAY + MONTH)
        assert (done.jumped, done.is_sound, done.drops, done.ended) == (True, False, 0, 0)
        assert all_is_there(seeker)
    assert tick(DAY).is_sound
    assert all_is_there(seeker)
    ahead = {(name, str(DAY + MONTH)): cover.AT_ONCE for name in ("Drop", "Envelope")}
    assert picture() == before | ahead


def test_a_day_later_it_is_believed(seeker):
    """As after a server that has rested for a month: what is due is done one day late."""
    tick(DAY + MONTH)
    done = tick(DAY + MONTH + timedelta(days=1))
    assert (done.jumped, done.drops, done.mailboxes, done.closed) == (False, cover.AT_ONCE, 1, ["wache"])
    assert Assignment.get(Assignment.compartment == "desk").state == "ended"


def test_a_clock_that_goes_back_costs_nothing(seeker):
    before = picture()
    tick(DAY - MONTH)
    assert all_is_there(seeker)
    assert tick(DAY).is_sound
    assert all_is_there(seeker)
    assert {key: number for key, number in picture().items() if key in before} == before


def test_the_first_upkeep_and_one_after_a_week_are_believed(cast):
    with cast.shared():
        assert not tick(DAY).jumped
        assert not tick(DAY + upkeep.LONGEST_GAP).jumped
        assert tick(DAY + upkeep.LONGEST_GAP * 2 + timedelta(days=1)).jumped


def test_the_timer_says_that_the_clock_has_jumped(schotten, organisation):
    layer = organisation.shared_layer()
    with layer.bound():
        upkeep.keep_covered(DAY - MONTH)
    layer.close()
    done = schotten("tick", "--quiet", instance=organisation.settings.instance)
    assert (done.returncode, done.stdout) == (1, "")
    assert "If the clock is wrong, set it: nothing was ended or deleted" in done.stderr
