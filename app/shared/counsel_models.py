"""Tables of the shared layer for confidential counsel: who the counsellors are, and what is left for people who come back."""

from __future__ import annotations

from peewee import BlobField, CharField, DateField, IntegerField

from app.shared.base import SharedModel
from app.shared.fields import JSONText, officers, public, sealed


class CounsellorCard(SharedModel):
    """How a counsellor presents themselves, and the key that people seal to. ``card`` is signed by the compartment's key of ``epoch``."""

    account = public(CharField(primary_key=True, max_length=32))
    card = public(JSONText())
    signature = public(BlobField())
    epoch = public(IntegerField())


class Drop(SharedModel):
    """A piece of a sealed message, or cover; all of one length. Nothing tells whose it is, nor which belong together."""

    id = sealed(CharField(primary_key=True, max_length=32))
    day = officers(DateField(index=True))
    ciphertext = sealed(BlobField())


COUNSEL_MODELS: tuple[type[SharedModel], ...] = (CounsellorCard, Drop)
