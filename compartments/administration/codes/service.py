"""Letters with invite codes: new ones, and ones that are no longer valid. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.clock import utc_now
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.administration.codes import books


def take_in_codes(letter: Letter) -> None:
    """Note a key set; raises ``ValueError`` or ``TypeError`` for anything else."""
    name = letter.body["key_set"]
    if not isinstance(name, str) or not 0 < len(name) <= 80:  # noqa: PLR2004
        raise ValueError("a key set has a name")
    books.take_in(name, books.checked(letter.body["codes"]), day=utc_now().date())


INCOMING: Mapping[str, Handler] = {"invite-codes": take_in_codes}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
