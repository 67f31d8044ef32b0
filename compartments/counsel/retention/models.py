"""Receipts of erasures: when, what, by which rule. Nothing tells whose case it was, not even which one."""

from __future__ import annotations

from peewee import CharField, DateField, IntegerField

from compartments.counsel.tables import CounselModel


class ErasureReceipt(CounselModel):
    """A receipt. ``number`` is random, and was left for the person where there was a way; ``entries`` is how many sealed pieces went."""

    number = CharField(primary_key=True, max_length=12)
    what = CharField()
    rule = CharField()
    entries = IntegerField()
    erased_on = DateField(index=True)
    backups_until = DateField()


MODELS: tuple[type[CounselModel], ...] = (ErasureReceipt,)
