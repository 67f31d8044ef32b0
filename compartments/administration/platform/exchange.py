"""The plan as a file to hand over, and the answer as a file to read in, where this host may not reach the platform.

The operator carries the plan out with ``connector.carry_out`` (deploy/liquidfeedback/README.md), which is the same functions in one
transaction. The files hold invite codes: whoever has them can register, so they are handed over like the codes themselves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compartments.administration.platform.connector import SUPPORTED, Applied, UnsupportedVersion, Version
from compartments.administration.platform.planning import Plan, Row
from keys.errors import MalformedCode
from keys.randomness import shuffle

PLAN, ANSWER = "schotten-plan-1", "schotten-answer-1"
OUTCOMES = frozenset({"created", "locked", "unlocked", "gone", "deleted", "operator"})
LONGEST_CODE = 200


class NotAnAnswer(ValueError):
    """The file isn't an answer of ``connector.carry_out`` or ``connector.answer``, or not to this plan."""


@dataclass(frozen=True)
class Answer:
    """A file that was read in. ``plan`` is empty where nothing was carried out."""

    plan: str
    version: Version
    applied: Applied


def write_plan(plan: Plan, *, name: str, expires: datetime | None, units: Sequence[int] = ()) -> str:
    """Return the plan as JSON; ``name`` comes back in the answer."""
    body = {
        "format": PLAN,
        "plan": name,
        "expires": expires.isoformat() if expires else None,
        "units": list(units),
        **{action: shuffle(codes) for action, codes in plan.actions()},
    }
    return json.dumps(body, indent=1)


def read_answer(text: str) -> Answer:
    """Read an answer; raises :class:`NotAnAnswer`, and :class:`UnsupportedVersion` for a platform of another kind."""
    try:
        body = json.loads(text)
        if body["format"] != ANSWER:
            raise NotAnAnswer
        rows = [_row(row) for row in body["rows"]]
        outcomes = {_code(code): _outcome(outcome) for code, outcome in body["outcomes"].items()}
        plan, version = str(body["plan"] or ""), Version(str(body["version"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MalformedCode):
        raise NotAnAnswer from None
    if len({row.code for row in rows}) != len(rows):
        raise NotAnAnswer
    if version.major not in SUPPORTED:
        raise UnsupportedVersion
    return Answer(plan, version, Applied(outcomes, rows))


def _row(found: object) -> Row:
    if not isinstance(found, list) or len(found) != len(Row._fields):
        raise NotAnAnswer
    code, *flags = found
    if not all(isinstance(flag, bool) for flag in flags):
        raise NotAnAnswer
    return Row(_code(code), *flags)


def _code(found: object) -> str:
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_CODE:
        raise NotAnAnswer
    return found


def _outcome(found: object) -> str:
    if found not in OUTCOMES:
        raise NotAnAnswer
    return str(found)
