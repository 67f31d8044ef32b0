"""Serves what the three public forms can't do without and nothing else, to see how far they are from where they could get at best.

Bare Flask, at the same addresses and for the very same requests: the form is parsed, the same keys are derived, as much is sealed, and rows
of the same length are on the disk before the answer, committed and waited for together with those of whoever came at the same moment. It has no session, no token,
no check of what was typed, no limit, no page but one line, and no cover.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache

from flask import Flask, request

from app.cli.server import Server
from app.clock import utc_now
from app.config import Settings
from app.crossings import COVERED_BYTES
from app.envelopes.posting import open_mailbox
from app.instance import Instance
from app.shared import claims, drops, mailboxes
from app.shared.counsel_models import Drop
from app.shared.database import SharedLayer
from app.shared.models import Envelope
from app.shared.prepared import PreparedInsert
from app.shared.together import write_together
from keys import cases
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.codes import derive_code, new_code
from keys.mailbox import MailboxKeys
from keys.padding import FLOOR, pad
from keys.sealing import OVERHEAD, SealingKeyPair, bind, nobody, seal
from keys.service import ServiceKey
from keys.symmetric import seal_with
from keys.visits import VisitKeys

SLOTS = 3
"""Whoever could be chosen gets one, and the demo has three counsellors."""
DEVICE = "device"
_PUT, _PUT_DROP = PreparedInsert(Envelope), PreparedInsert(Drop)

app = Flask(__name__)


class Floor(Server):
    """Schotten's gunicorn with this app in it."""

    def load(self) -> Flask:
        """Return the app; it opens the instance's own shared layer at the first request."""
        instance = Instance(self.settings.instance)
        key = ServiceKey.load(instance.service_key).derive("shared-database")
        app.extensions["shared"] = SharedLayer.at(instance.shared_file, key, self.settings.shared_url)
        _waiting_slot()
        return app


@app.post("/postings/<slug>/apply")
def application(slug: str) -> str:
    """An application: sealed once to the board and once for its sender, and their mailbox."""
    del slug
    code, said, day = _code(), _said(), utc_now().date()
    keys = MailboxKeys.from_receipt(code)
    keys.signing.public.to_bytes()
    envelope = _sealed(said, keys.envelope_id)
    copy = mailboxes.sealed_copy(keys, keys.envelope_id, {"said": said.decode()})

    def store() -> None:
        _put(keys.envelope_id, "board", envelope, day)
        open_mailbox(keys, day)
        mailboxes.put_copy(keys, keys.envelope_id, copy, day=day)

    return _answer(code, store)


@app.post("/claim")
def claim() -> str:
    """A claim: a slot is opened, clearing is told, and the code is kept for this device."""
    reference, now = ClaimKeys.from_reference(request.form["key"]), utc_now()
    here = reference.on_device(DEVICE)
    pair, waiting, slot, grace = _waiting_slot()
    waiting.on_device(DEVICE).open(grace)
    code = pair.open_slot(slot, waiting)
    told, seen = _sealed(reference.slot_id.encode(), reference.envelope_id), here.seal(code)

    def store() -> None:
        claims.take(reference.slot_id)
        _put(reference.envelope_id, "clearing", told, now.date())
        claims.put_grace(here.id, seen, now)

    return _answer(code, store)


@app.post("/counselling")
def counselling() -> str:
    """A first contact: sealed under a key of its own, that key to each counsellor, all of it to the office, and once for its sender."""
    code, said, day = _code(), _said(), utc_now().date()
    visit, case_key = VisitKeys.from_receipt(code), cases.new_case_key()
    cases.inbox_seed(case_key, case=visit.case)
    slots = [cases.seal_slot(case_key, case=visit.case, epoch=1, to=nobody()) for _ in range(SLOTS)]
    content = seal_with(case_key, pad(said), info=bind("floor"))
    envelope = _sealed(b"".join([content, *slots]), visit.envelope_id, floor=COVERED_BYTES - OVERHEAD)
    left = drops.pieces(said, secret=visit.own, first=0)

    def store() -> None:
        _put(visit.envelope_id, "counsel", envelope, day)
        for piece in left:
            _PUT_DROP(id=piece.id, day=day, ciphertext=piece.ciphertext)

    return _answer(code, store)


def _code() -> str:
    return derive_code(bytes.fromhex(request.form["seed"]), info=bind("floor"))


def _said() -> bytes:
    return json.dumps(request.form.to_dict(flat=False), ensure_ascii=False).encode()


def _sealed(content: bytes, envelope_id: str, *, floor: int = FLOOR) -> bytes:
    return seal(pad(content, floor=floor), nobody(), info=bind("floor", envelope_id))


def _put(envelope_id: str, recipient: str, ciphertext: bytes, day: date) -> None:
    _PUT(id=envelope_id, recipient=recipient, ciphertext=ciphertext, day=day)


def _answer(code: str, store: Callable[[], None]) -> str:
    shared: SharedLayer = app.extensions["shared"]
    with shared.bound():
        write_together(store)
    return f"<output>{code}</output>"


@cache
def _waiting_slot() -> tuple[ClaimKeyPair, ClaimKeys, bytes, bytes]:
    """One slot that everybody opens, instead of each their own."""
    pair, reference = ClaimKeyPair(SealingKeyPair.generate()), ClaimKeys.from_reference(new_code())
    grace = reference.on_device(DEVICE).seal(new_code())
    return pair, reference, reference.seal_slot(new_code(), pair.public), grace


if __name__ == "__main__":
    Floor(Settings.from_environment(), None, "the floor is served\n").run()
