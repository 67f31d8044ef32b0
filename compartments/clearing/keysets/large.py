"""Large sets, made by a job: some pairs with their slots in each step, and the two lists when all of them are there. Knows no Flask.

A crash leaves the set as large as it was at the last step; whoever continues the job makes what is missing. As long as it isn't whole,
nobody outside of this office has anything of it.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from app import faultpoints
from app.office.authors import Author
from app.vault.jobs import Outside, Progress, Steps, Task
from compartments.clearing.keysets import making
from compartments.clearing.keysets.models import KeySet, Pair
from compartments.clearing.tables import database
from keys.sealing import SealingKey

KIND = "large-key-set"
CLAIM_KEY = "claim-key"
STEP = 500
"""Pairs of one step: about half a second, in which the vault is closed."""


def begin(set_id: str, name: str, count: int, *, by: Author, day: date, request: str | None = None) -> KeySet:
    """Write a set down that a job is to make; the same ``set_id`` again returns the one that is there.

    Raises :class:`~.making.NameTaken`, :class:`~.making.NoRequest`, and ``ValueError`` for a number that isn't a job's.
    """
    if not making.AT_ONCE < count <= making.MOST:
        raise ValueError(f"a job makes {making.AT_ONCE + 1} to {making.MOST} pairs")
    with database.atomic("IMMEDIATE"):
        known: KeySet | None = KeySet.get_or_none(KeySet.id == set_id)
        return known or making.found(set_id, name, count, by=by, day=day, request=request, whole=False)


def make(task: Task) -> Steps:
    """Make what is missing of a set, then send its lists. The public face's key to which slots are sealed is in the job's parameters."""
    claim_key = SealingKey.from_bytes(bytes.fromhex(task.parameters[CLAIM_KEY]))
    size = KeySet.get_by_id(task.subject).size
    while missing := size - stored(task.subject):
        pairs = yield Outside(partial(making.new_pairs, min(missing, STEP), claim_key))
        with database.atomic("IMMEDIATE"):
            making.store(KeySet.get_by_id(task.subject), pairs)
            faultpoints.reached("large-set.before-commit")
        faultpoints.reached("large-set.after-commit")
        yield Progress(size - missing + len(pairs), size)
    with database.atomic("IMMEDIATE"):
        made = KeySet.get_by_id(task.subject)
        if not made.whole:
            making.send_lists(made, day=task.day)
            KeySet.update(whole=True).where(KeySet.id == made.id).execute()
            faultpoints.reached("large-set.before-lists")
    faultpoints.reached("large-set.after-lists")
    yield Progress(size, size)


def stored(set_id: str) -> int:
    """Return how many pairs a set has so far."""
    return int(Pair.select().where(Pair.key_set == set_id).count())
