"""How covered rows lie, and which of them change, tells nothing of what is real: on PostgreSQL, where a look shows it, and from copy to copy."""

from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from app.shared import cover, stirring, upkeep
from app.shared.counsel_models import Drop
from app.shared.database import SharedLayer, shared_database
from app.shared.dialect import create_schema, write_transaction
from keys.randomness import new_id, token_bytes

DAY = date(2026, 11, 21)
KEY = bytes(32)


@pytest.fixture(scope="module")
def layer(postgres):
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("create database stirred")
        host, user = server.info.host, server.info.user
    layer = SharedLayer.at(Path("/nowhere"), KEY, f"postgresql://{user}@/stirred?host={host}")
    with layer.bound() as database:
        create_schema(database)
    yield layer
    layer.close()


@contextmanager
def empty(layer):
    with layer.bound():
        Drop.delete().execute()
        yield


def put(number, day):
    """Return the ids and what they hold."""
    made = {new_id(): token_bytes(cover.DROP_BYTES) for _ in range(number)}
    for row, ciphertext in made.items():
        with write_transaction(shared_database):
            cover.put(cover.DROPS, row, ciphertext, day)
    return made


def transactions(day=None):
    """By how many transactions the rows of a day, or of all, were written."""
    rows = Drop.select().where(Drop.day == day) if day else Drop.select()
    return len(set(shared_database.execute_sql(
        f"select xmin::text from \"drop\" where id in ({','.join(['%s'] * rows.count())})",
        [row.id for row in rows],
    ).fetchall()))  # fmt: skip


def as_they_lie(day):
    """Whether each is real, in the order in which a dump has them."""
    rows = shared_database.execute_sql(
        'select id from "drop" where day = %s order by ctid', (day,)
    ).fetchall()
    return [cover.is_real(row) for (row,) in rows]


def test_after_upkeep_no_row_shows_when_it_was_written(layer):
    with empty(layer):
        upkeep.keep_covered(DAY)
        kept = put(2, DAY)
        assert transactions(DAY) == 3
        upkeep.keep_covered(DAY)
        assert transactions(DAY) == 1
        assert {row.id: bytes(row.ciphertext) for row in Drop.select().where(Drop.id.in_(list(kept)))} == kept


def test_the_order_of_rows_is_another_each_time(layer):
    with empty(layer):
        upkeep.keep_covered(DAY)
        put(2, DAY)
        assert as_they_lie(DAY)[-2:] == [True, True]
        seen = set()
        for _time in range(20):
            upkeep.keep_covered(DAY)
            seen.add(tuple(as_they_lie(DAY)))
        assert len(seen) > 3


def test_with_a_new_day_former_days_look_untouched_too_whatever_was_erased_in_them(layer):
    days = [DAY + timedelta(days=number) for number in range(3)]
    with empty(layer):
        for day in days:
            upkeep.keep_covered(day)
        gone = put(1, days[0])
        put(1, days[1])
        with write_transaction(shared_database):
            for row in gone:
                cover.take_out(cover.DROPS, row)
        upkeep.keep_covered(DAY + timedelta(days=3))
        assert [transactions(day) for day in days] == [1, 1, 1]


def test_with_each_new_day_some_covers_change_for_nothing_and_what_is_real_stays(cast):
    with cast.shared():
        Drop.delete().execute()
        changed, real = [], {}
        for number in range(12):
            day = DAY + timedelta(days=number)
            before = {row.id: row.day for row in Drop.select()}
            upkeep.keep_covered(day)
            after = {row.id for row in Drop.select()}
            changed.append(len(set(before) - after))
            real |= put(1, day)
            assert Drop.select().where(Drop.day == day).count() == cover.AT_ONCE
        assert len(set(changed[2:])) > 1
        assert max(changed) < stirring.CHANGE_FOR_NOTHING
        assert {row.id: bytes(row.ciphertext) for row in Drop.select() if cover.is_real(row.id)} == real


def test_on_the_same_day_nothing_changes_for_nothing(cast):
    with cast.shared():
        upkeep.keep_covered(DAY)
        upkeep.keep_covered(DAY + timedelta(days=1))
        before = {row.id for row in Drop.select()}
        upkeep.keep_covered(DAY + timedelta(days=1))
        assert {row.id for row in Drop.select()} == before
