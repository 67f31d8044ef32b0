"""What reference keys and invitation runs do with letters and jobs; the rules stand in ``keys``, ``runs`` and ``texts``. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.clock import today
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.mail import bounces
from app.vault.jobs import Work
from compartments.membership.invitations import keys, sending
from compartments.membership.reconciliation import relay_mails


def take_in_references(letter: Letter) -> None:
    """Reference keys from the clearing office."""
    keys.take_in(letter, today())


def take_in_bounce(letter: Letter) -> None:
    """A mail that came to the address for undelivered ones. Most are none; nothing of them is kept."""
    bounce = bounces.read(str(letter.body["message"]))
    keys.take_back_bounced(bounce.tokens, bounce.status, day=today())
    relay_mails.note_bounced(bounce.tokens, bounce.status, day=today())


INCOMING: Mapping[str, Handler] = {"reference-keys": take_in_references, "bounce": take_in_bounce}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {sending.KIND: sending.send_run}
