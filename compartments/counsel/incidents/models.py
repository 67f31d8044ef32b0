"""Incidents: coded values only. A row can't be traced to a case: it has no text, no day, and no case refers to it in clear."""

from __future__ import annotations

from peewee import BooleanField, CharField, IntegerField

from compartments.counsel.tables import CounselModel


class Incident(CounselModel):
    """One incident. ``half`` is a half-year, such as "2026-1"; the codes are those of :mod:`.codes`."""

    id = CharField(primary_key=True, max_length=32)
    half = CharField(max_length=6, index=True)
    kind = CharField()
    manner = CharField()
    setting = CharField()
    level = CharField()
    relation = CharField()
    reported_before = CharField()
    outcome = CharField()


class Consultation(CounselModel):
    """One talk or exchange, counted: in which half-year, whether it was the first with this person, and how."""

    id = CharField(primary_key=True, max_length=32)
    half = CharField(max_length=6, index=True)
    first = BooleanField()
    channel = CharField()


class Outward(CounselModel):
    """One step outside, counted: a referral or something passed on."""

    id = CharField(primary_key=True, max_length=32)
    half = CharField(max_length=6, index=True)
    step = CharField()
    number = IntegerField(default=1)


MODELS: tuple[type[CounselModel], ...] = (Incident, Consultation, Outward)
