"""A text for a third office inside a letter: the office that passes the letter on exchanges identifiers and can't read the text.

Signed by the sender, padded, and sealed to the last recipient's key, as hexadecimal signs in a letter's field. The administration's word
to a member goes through clearing that way, and the answer back:

    administration: send("relay", "clearing", {"relay": ..., "code": ..., "text": enclose(text, "membership", purpose=RELAY)})
    membership:     disclose(letter.body["text"], "administration", purpose=RELAY)
    membership:     send("relay-reply", "clearing", {"relay": ..., "text": enclose(text, "administration", purpose=REPLY)})
    administration: disclose(letter.body["text"], "membership", purpose=REPLY)
"""

from __future__ import annotations

from app.envelopes.directory import PinnedKeys, follow
from app.vault.context import current_vault
from app.vault.models import OwnKeys, Pin
from keys.errors import BadSignature, CannotOpen
from keys.identity import KeyPairs, PublicKeys
from keys.padding import pad, unpad
from keys.sealing import bind, open_sealed, seal

RELAY, REPLY = "relay", "relay-reply"
SIGNATURE_BYTES = 64


def enclose(text: str, recipient: str, *, purpose: str) -> str:
    """Sign and seal a text for another vault. Call it with the sender's vault open."""
    sender = current_vault().name
    own = KeyPairs.from_seed(bytes(OwnKeys.select().order_by(OwnKeys.epoch.desc()).get().private_keys))
    context = _context(purpose, sender, recipient)
    content = text.encode()
    signature = own.signing.sign(content, context=context)
    return seal(pad(signature + content), _known(recipient)[0].keys.sealing, info=context).hex()


def disclose(enclosed: str, sender: str, *, purpose: str) -> str:
    """Open what another vault enclosed for the open one.

    Raises :class:`keys.errors.CannotOpen`, :class:`keys.errors.BadSignature`, and ``ValueError`` where it is no hexadecimal text.
    """
    context = _context(purpose, sender, current_vault().name)
    plain = _open(bytes.fromhex(enclosed), context)
    signature, content = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    for known in _known(sender):
        try:
            known.keys.signing.verify(signature, content, context=context)
        except BadSignature:
            continue
        return content.decode()
    raise BadSignature("no key of the sender verifies the signature")


def _open(sealed: bytes, context: bytes) -> bytes:
    for row in OwnKeys.select().order_by(OwnKeys.epoch.desc()):
        try:
            return unpad(
                open_sealed(sealed, KeyPairs.from_seed(bytes(row.private_keys)).sealing, info=context)
            )
        except CannotOpen:
            continue
    raise CannotOpen("not enclosed for this office, or not for this purpose")


def _known(vault: str) -> list[PinnedKeys]:
    pin = Pin.get_by_id(vault)
    return follow(PinnedKeys(vault, pin.epoch, PublicKeys.from_bytes(bytes(pin.public_keys))))


def _context(purpose: str, sender: str, recipient: str) -> bytes:
    return bind("enclosed", purpose, sender, recipient)
