"""What a list of valid codes means for the platform: to create, to lock, to unlock, to leave. Pure rules; no database.

A code is an invite code, grouped as people read it. Locking means accounts and codes that were on a list once; a code that never was on
one and that nobody has used is stock, and stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

REGULAR, URGENT, CREATION, DEACTIVATION = "regular", "urgent", "creation", "deactivation"
CREATE, LOCK, UNLOCK = "create", "lock", "unlock"

VANISHED, APPEARED, UNLISTED, BY_OPERATOR, DELETED = (
    "vanished", "appeared", "unlisted", "operator", "deleted",
)  # fmt: skip
REMARKS = (VANISHED, APPEARED, UNLISTED, BY_OPERATOR, DELETED)
"""What a plan leaves and reports: codes that vanished from the platform, that appeared on it without us, that clearing lists and we never
got, that the platform's own operators have locked, and whose accounts were deleted."""


class EmptyWhitelist(ValueError):
    """A list without a single code would lock everybody."""


class Row(NamedTuple):
    """One invited account as the platform answers. ``held``: locked by us, not by the platform's operators."""

    code: str
    used: bool
    active: bool
    locked: bool
    held: bool
    deleted: bool


class Known(NamedTuple):
    """What our books say of a code. ``expires_on``: from this day on it is no longer to be used for the first time."""

    created: bool
    listed: bool = False
    deactivated: bool = False
    expires_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """What would be done, and what would be left. Codes only, each list without order or time."""

    create: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    unlock: tuple[str, ...] = ()
    unchanged: int = 0
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """How many accounts it changes."""
        return len(self.create) + len(self.lock) + len(self.unlock)

    @property
    def unknown(self) -> int:
        """How many codes only one side knows: on the platform without us, or on the list without us."""
        return len(self.remarks.get(APPEARED, ())) + len(self.remarks.get(UNLISTED, ()))

    def actions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The codes by action, in the order in which they are applied."""
        return ((CREATE, self.create), (LOCK, self.lock), (UNLOCK, self.unlock))


class _Draft:
    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = {CREATE: [], LOCK: [], UNLOCK: []}
        self.remarks: dict[str, list[str]] = {}
        self.unchanged = 0

    def remark(self, kind: str, code: str) -> None:
        self.remarks.setdefault(kind, []).append(code)

    def do(self, action: str | None, code: str) -> None:
        if action is None:
            self.unchanged += 1
        else:
            self.lists[action].append(code)

    def plan(self) -> Plan:
        return Plan(
            tuple(self.lists[CREATE]),
            tuple(self.lists[LOCK]),
            tuple(self.lists[UNLOCK]),
            self.unchanged,
            {kind: tuple(codes) for kind, codes in self.remarks.items()},
        )


def plan(
    rows: Iterable[Row], known: Mapping[str, Known], codes: Collection[str], *, kind: str, today: date
) -> Plan:
    """Compare the platform with a list. ``codes`` are the valid ones (regular), those to lock, or those to create.

    Raises :class:`EmptyWhitelist` for a list of valid codes that is empty, or of which none is known here.
    """
    wanted = frozenset(codes)
    if kind == REGULAR and not any(code in known for code in wanted):
        raise EmptyWhitelist
    draft, there = _Draft(), set()
    for row in rows:
        there.add(row.code)
        _judge(draft, row, known.get(row.code), wanted, kind, today)
    for code in known.keys() - there:
        ours = known[code]
        if ours.created:
            draft.remark(VANISHED, code)
        elif kind in (REGULAR, CREATION) and code in wanted and not ours.deactivated:
            draft.do(CREATE, code)
    for code in wanted - known.keys():
        draft.remark(UNLISTED, code)
    return draft.plan()


def _judge(
    draft: _Draft, row: Row, ours: Known | None, wanted: frozenset[str], kind: str, today: date
) -> None:
    if ours is None:
        draft.remark(APPEARED, row.code)
    elif row.deleted:
        draft.remark(DELETED, row.code)
    elif row.locked and not row.held:
        draft.remark(BY_OPERATOR, row.code)
    else:
        draft.do(_action(row, valid=_valid(row, ours, wanted, kind, today)), row.code)


def _valid(row: Row, ours: Known, wanted: frozenset[str], kind: str, today: date) -> bool | None:
    """Whether the code may be used; None where this kind of list doesn't say."""
    if kind == CREATION:
        return None
    if kind in (URGENT, DEACTIVATION):
        return False if row.code in wanted else None
    if ours.deactivated or (not row.used and ours.expires_on is not None and ours.expires_on <= today):
        return False
    if row.code in wanted:
        return True
    return False if row.used or ours.listed else None


def _action(row: Row, *, valid: bool | None) -> str | None:
    if valid is None:
        return None
    if valid:
        # Held, though open: an operator has opened it, and what we took along with the lock is still missing.
        return UNLOCK if row.held else None
    # Held, locked, and active again: a front end has let it log in all the same.
    return None if row.held and row.locked and not row.active else LOCK


def outcome_counts(plan_: Plan, outcomes: Mapping[str, str]) -> Counter[str]:
    """Count how the planned changes ended: "created", "locked", "unlocked", or why not ("gone", "deleted", "operator")."""
    return Counter(outcomes.get(code, "gone") for _action_name, codes in plan_.actions() for code in codes)
