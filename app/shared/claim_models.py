"""Tables of the claims: invite codes that wait, and that may be seen again. Ciphertext of one size, and ids derived from reference keys."""

from __future__ import annotations

from peewee import BlobField, CharField, DateTimeField

from app.shared.base import SharedModel
from app.shared.fields import officers, sealed


class ClaimSlot(SharedModel):
    """An invite code that waits for whoever holds its reference key (see :mod:`keys.claims`). Destroyed at the claim.

    All are of one size and carry no day, and they are inserted in the order of their ids: rows tell neither set nor neighbour.
    """

    id = sealed(CharField(primary_key=True, max_length=32))
    ciphertext = sealed(BlobField())


class SlotDelivery(SharedModel):
    """An order of the clearing office that has put its slots: carried out a second time, it must not bring back claimed ones."""

    id = sealed(CharField(primary_key=True, max_length=32))


class GraceSlot(SharedModel):
    """A claimed code that the device which claimed it may see again, for some minutes."""

    id = sealed(CharField(primary_key=True, max_length=32))
    ciphertext = sealed(BlobField())
    expires_at = officers(DateTimeField(index=True))


CLAIM_MODELS: tuple[type[SharedModel], ...] = (ClaimSlot, SlotDelivery, GraceSlot)
