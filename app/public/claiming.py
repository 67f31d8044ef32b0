"""A claim: the invite code of a reference key, shown once, and again for some minutes on the same device. Knows no Flask.

Keys that were used, were deactivated or never existed get one answer, after the same work: the same queries, and the same openings, of a
decoy where there is nothing to open. Nothing of a key is written anywhere but what is derived from it.
"""

from __future__ import annotations

from datetime import date, datetime

from app import faultpoints
from app.envelopes.directory import PinnedKeys
from app.envelopes.posting import put, seal_from_public
from app.shared import claims
from app.shared.together import write_together
from keys.claims import ClaimKeyPair, ClaimKeys, GraceKeys
from keys.codes import new_code
from keys.errors import CannotOpen
from keys.randomness import token_hex


class Claims:
    """The public face's claim key, and decoys of its own making that cost what a real slot costs."""

    def __init__(self, keys: ClaimKeyPair) -> None:
        self._keys = keys
        self._decoy = ClaimKeys.from_reference(new_code())
        self._decoy_slot = self._decoy.seal_slot(new_code(), keys.public)
        self._decoy_device = self._decoy.on_device(token_hex())
        self._decoy_grace = self._decoy_device.seal(new_code())

    def claim(
        self, reference: ClaimKeys, device: str, *, clearing: PinnedKeys, day: date, now: datetime
    ) -> str | None:
        """Return the invite code, grouped, or None. ``device`` is the token in the browser's cookie, ``now`` naive UTC.

        Destroying the slot, telling the clearing office and the right to see the code again are one transaction.
        """
        here = reference.on_device(device)
        shown = self._open_grace(claims.find_grace(here.id, now), here)
        invite = self._open_slot(claims.find(reference.slot_id), reference)
        if invite is None:
            return shown
        if self._take(reference, here, invite, clearing=clearing, day=day, now=now):
            return invite
        # Somebody was faster between the look and the taking: this device's own second click, or another device.
        return self._open_grace(claims.find_grace(here.id, now), here)

    def _take(
        self,
        reference: ClaimKeys,
        here: GraceKeys,
        invite: str,
        *,
        clearing: PinnedKeys,
        day: date,
        now: datetime,
    ) -> bool:
        told = seal_from_public("key-claimed", clearing, reference.envelope_id, {"slot": reference.slot_id})
        grace = here.seal(invite)
        faultpoints.reached("claim.before-transaction")

        def store() -> bool:
            if not claims.take(reference.slot_id):
                return False
            faultpoints.reached("claim.after-slot")
            put(reference.envelope_id, clearing.vault, told, day)
            faultpoints.reached("claim.after-envelope")
            claims.put_grace(here.id, grace, now)
            faultpoints.reached("claim.before-commit")
            return True

        taken = write_together(store)
        faultpoints.reached("claim.after-commit")
        return taken

    def _open_slot(self, ciphertext: bytes | None, reference: ClaimKeys) -> str | None:
        if ciphertext is None:
            self._opened(self._decoy_slot, self._decoy)
            return None
        return self._opened(ciphertext, reference)

    def _opened(self, ciphertext: bytes, reference: ClaimKeys) -> str | None:
        try:
            return self._keys.open_slot(ciphertext, reference)
        except CannotOpen:
            # Somebody with write access to the shared layer has put it there; the member is told what everybody else is told.
            return None

    def _open_grace(self, ciphertext: bytes | None, here: GraceKeys) -> str | None:
        keys, sealed = (
            (here, ciphertext) if ciphertext is not None else (self._decoy_device, self._decoy_grace)
        )
        try:
            code = keys.open(sealed)
        except CannotOpen:
            return None
        return code if ciphertext is not None else None
