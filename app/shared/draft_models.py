"""Tables of the files that somebody has added to a form that isn't sent yet: ciphertext, and the hour of its end. Never a name or a type."""

from __future__ import annotations

from peewee import BlobField, CharField, CompositeKey, DateTimeField, ForeignKeyField, IntegerField

from app.shared.base import SharedModel
from app.shared.fields import officers, sealed


class DraftFile(SharedModel):
    """A file that someone added to a form not yet sent; its pieces are sealed under a key that only the open form holds."""

    id = sealed(CharField(primary_key=True, max_length=32))
    expires_at = officers(DateTimeField(index=True))


class DraftPiece(SharedModel):
    """A piece of such a file (:mod:`app.pieces`)."""

    owner = sealed(ForeignKeyField(DraftFile, on_delete="CASCADE"))
    number = officers(IntegerField())
    ciphertext = sealed(BlobField())

    class Meta:
        primary_key = CompositeKey("owner", "number")


DRAFT_MODELS: tuple[type[SharedModel], ...] = (DraftFile, DraftPiece)
