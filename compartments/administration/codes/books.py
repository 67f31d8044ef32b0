"""The books: which codes there are, and what the platform said of each when it was last asked. Knows no Flask.

Long lists go to the vault as one JSON text each, so that 100,000 codes are a few statements.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from compartments.administration.codes.models import (
    BY_OPERATOR,
    DELETED,
    KNOWN,
    LOCKED,
    ON_PLATFORM,
    STATES,
    USED,
    VANISHED,
    Code,
    KeySet,
    ReadBack,
    Stranger,
)
from compartments.administration.platform.planning import Known, Row
from compartments.administration.tables import database
from keys.codes import grouped

LONGEST_LIST = 2_000_000


@dataclass(frozen=True)
class Standing:
    """How many codes are where."""

    states: Mapping[str, int]
    total: int
    used: int
    deactivated: int
    strangers: int

    @property
    def accounts(self) -> int:
        """Codes that a person has registered with, locked and deleted ones among them."""
        return self.used

    @property
    def open_accounts(self) -> int:
        """What a list could lock: everything that stands open on the platform."""
        return self.states[ON_PLATFORM] + self.states[USED]


def checked(codes: object) -> list[str]:
    """Return a letter's codes as people read them; raises ``ValueError`` (also as MalformedCode) or ``TypeError``."""
    if not isinstance(codes, list) or len(codes) > LONGEST_LIST:
        raise TypeError("a list of codes")
    return sorted({grouped(code) for code in codes})


def take_in(key_set: str, codes: Sequence[str], *, day: date) -> None:
    """Note new codes. One that was deactivated before it came stays so."""
    KeySet.insert(name=key_set, arrived_on=day, size=len(codes)).on_conflict_ignore().execute()
    _run(
        "insert into code (code, key_set, state, created, used, listed, deactivated)"
        " select value, ?, ?, 0, 0, 0, 0 from json_each(?) where true"
        " on conflict (code) do update set key_set = excluded.key_set where key_set = ''",
        key_set,
        KNOWN,
        json.dumps(list(codes)),
    )


def deactivate(codes: Sequence[str]) -> None:
    """Note that codes are no longer valid, for ever; also such as haven't come yet."""
    _run(
        "insert into code (code, key_set, state, created, used, listed, deactivated)"
        " select value, '', ?, 0, 0, 0, 1 from json_each(?) where true"
        " on conflict (code) do update set deactivated = 1",
        KNOWN,
        json.dumps(list(codes)),
    )


def restore(codes: Sequence[str]) -> None:
    """Note that codes are valid after all."""
    _mark("deactivated = 0", codes)


def known() -> dict[str, Known]:
    """Return the books as a plan needs them."""
    rows = _rows("select code, created, listed, deactivated, expires_on from code")
    return {
        code: Known(bool(created), bool(listed), bool(off), date.fromisoformat(until) if until else None)
        for code, created, listed, off, until in rows
    }


def mark_listed(codes: Iterable[str]) -> None:
    """Note that codes stood on a list of valid ones."""
    _mark("listed = 1", codes)


def set_expiry(codes: Iterable[str], day: date) -> None:
    """Note from which day on codes are not to be used for the first time."""
    _mark("expires_on = ?", codes, day.isoformat())


def read_in(rows: Sequence[Row], *, version: str, at: datetime) -> None:
    """Bring the books up to what the platform says, in one transaction. The same rows again change nothing."""
    with database.atomic("IMMEDIATE"):
        before = {
            code: (state, bool(created), bool(used))
            for code, state, created, used in _rows("select code, state, created, used from code")
        }
        changed: dict[tuple[str, bool], list[str]] = {}
        strangers, there = [], set()
        for row in rows:
            there.add(row.code)
            if row.code not in before:
                strangers.append(row.code)
                continue
            used = before[row.code][2] or row.used
            if before[row.code] != (state := state_of(row), True, used):
                changed.setdefault((state, used), []).append(row.code)
        gone = [
            code
            for code, (state, created, _) in before.items()
            if created and code not in there and state != VANISHED
        ]
        for (state, used), codes in changed.items():
            _mark("state = ?, created = 1, used = ?", codes, state, used)
        _mark("state = ?", gone, VANISHED)
        Stranger.delete().execute()
        _run("insert or ignore into stranger (code) select value from json_each(?)", json.dumps(strangers))
        ReadBack.insert(id=1, at=at, version=version).on_conflict_replace().execute()


def state_of(row: Row) -> str:
    """Return a code's state by its row on the platform."""
    if row.deleted:
        return DELETED
    if row.locked:
        return LOCKED if row.held else BY_OPERATOR
    return USED if row.used else ON_PLATFORM


def standing() -> Standing:
    """Return how many codes are where."""
    groups = list(
        _rows("select state, used, deactivated, count(*) from code group by state, used, deactivated")
    )
    states = {state: sum(group[3] for group in groups if group[0] == state) for state in STATES}
    return Standing(
        states,
        sum(states.values()),
        sum(group[3] for group in groups if group[1]),
        sum(group[3] for group in groups if group[2]),
        int(Stranger.select().count()),
    )


def in_states(codes: Collection[str], states: Collection[str]) -> list[str]:
    """Return those of some codes that are in one of these states."""
    return _codes(
        "select code from code where code in (select value from json_each(?))"
        " and state in (select value from json_each(?))",
        json.dumps(list(codes)),
        json.dumps(list(states)),
    )


def any_account() -> bool:
    """Whether somebody has registered with a code. Cheap: every page asks."""
    return bool(Code.select().where(Code.state == USED).exists())


def key_sets() -> list[KeySet]:
    """Return the key sets, newest first."""
    return list(KeySet.select().order_by(KeySet.arrived_on.desc(), KeySet.name))


def waiting_codes() -> list[str]:
    """Return the codes that have never been on the platform."""
    return _codes("select code from code where not created and not deactivated")


def of_state(state: str, limit: int) -> list[str]:
    """Return some codes in a state, in the order of the codes."""
    return _codes("select code from code where state = ? order by code limit ?", state, limit)


def strangers(limit: int) -> list[str]:
    """Return some codes that appeared on the platform without us."""
    return _codes("select code from stranger order by code limit ?", limit)


def last_read_back() -> ReadBack | None:
    """Return when the platform was last looked at."""
    found: ReadBack | None = ReadBack.get_or_none()
    return found


def _mark(assignments: str, codes: Iterable[str], *values: object) -> None:
    listed = json.dumps(list(codes))
    _run(f"update code set {assignments} where code in (select value from json_each(?))", *values, listed)


def _run(statement: str, *values: object) -> None:
    database.execute_sql(statement, values)


def _rows(statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = database.execute_sql(statement, values)
    return rows


def _codes(statement: str, *values: object) -> list[str]:
    return [code for (code,) in _rows(statement, *values)]
