"""The clearing office between its two neighbours: real vaults, real envelopes; what arrives next door is read as it came."""

from collections import defaultdict
from datetime import date

import pytest

from app.envelopes import outbox
from app.envelopes.posting import post_from_public
from app.envelopes.receiving import receive
from app.office.authors import Author
from compartments.clearing.keysets import making
from compartments.clearing.service import ACTIONS, INCOMING
from keys.claims import ClaimKeys
from keys.randomness import new_id
from keys.sealing import SealingKey

DAY = date(2026, 11, 21)
CLARA, CEM = Author("c" * 32, "Clara Schlüssel"), Author("d" * 32, "Cem Zweitblick")


class Office:
    """What a test does in and around the clearing vault."""

    def __init__(self, cast, organisation):
        self.cast, self.organisation = cast, organisation
        self.claim_key = SealingKey.from_bytes(organisation.instance.claim_sealing_key)

    def vault(self):
        return self.cast.vault("clearing")

    def letter(self, sender, type_, body):
        """A letter from next door, taken in here and what follows from it delivered."""
        with self.cast.vault(sender):
            outbox.send(type_, "clearing", body, day=DAY)
            outbox.deliver({})
        self.catch_up()

    def claimed(self, reference):
        keys = ClaimKeys.from_reference(reference)
        pin = self.cast.app.extensions["schotten"].pinned("clearing")
        with self.cast.shared():
            post_from_public("key-claimed", pin, keys.envelope_id, {"slot": keys.slot_id}, day=DAY)
        self.catch_up()

    def catch_up(self):
        with self.vault():
            receive(INCOMING)
            outbox.deliver(ACTIONS)

    def at(self, neighbour):
        """Letters that wait for a neighbour: type -> bodies, in no order. Reading takes them out."""
        found = defaultdict(list)
        keep = defaultdict(lambda: lambda letter: found[letter.crossing.type].append(letter.body))
        with self.cast.vault(neighbour):
            receive(keep)
        return found

    def make(self, count, name="Herbst", **more):
        """A set of pairs, delivered; (reference keys as membership has them, invite codes as administration has them)."""
        with self.vault():
            made = making.make(
                more.pop("set_id", new_id()), name, count, claim_key=self.claim_key, by=CLARA, day=DAY,
                agreed=True, **more,
            )  # fmt: skip
            outbox.deliver(ACTIONS)
        keys = self.at("membership")["reference-keys"][0]["keys"]
        codes = self.at("administration")["invite-codes"][0]["codes"]
        return made, keys, codes


@pytest.fixture
def office(cast, organisation):
    return Office(cast, organisation)
