"""Prevention: events as numbers, and what each counsellor has learned, sealed under their own keys."""

from __future__ import annotations

from peewee import AutoField, BlobField, CharField, DateField, IntegerField

from compartments.counsel.tables import CounselModel


class Event(CounselModel):
    """An awareness event. Nobody who came is named; ``number`` is how many did."""

    id = CharField(primary_key=True, max_length=32)
    day = DateField(index=True)
    title = CharField()
    kind = CharField()
    audience = CharField()
    number = IntegerField()
    version = IntegerField(default=1)


class LogEntry(CounselModel):
    """An entry of one counsellor's own log of training and supervision. Only their own keys open it."""

    id = AutoField()
    entry_id = CharField(max_length=32, unique=True)
    account = CharField(max_length=32, index=True)
    sealed = BlobField()


MODELS: tuple[type[CounselModel], ...] = (Event, LogEntry)
EVENT_KINDS = ("talk", "workshop", "stand", "training", "online")
AUDIENCES = ("members", "officers", "youth", "employees", "public")
