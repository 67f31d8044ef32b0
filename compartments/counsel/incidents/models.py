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
    again = BooleanField()
    """Whether its case had another one in that year: then there is no further person behind it."""


class Consultation(CounselModel):
    """One talk or exchange, counted: in which half-year, whether it was the first with this person, and how.

    ``new_…``: it is the first one of its person in its year at all, of this turn, by this channel, or both.
    """

    id = CharField(primary_key=True, max_length=32)
    half = CharField(max_length=6, index=True)
    first = BooleanField()
    channel = CharField()
    new_here = BooleanField()
    new_by_turn = BooleanField()
    new_by_channel = BooleanField()
    new_in_year = BooleanField()


class Outward(CounselModel):
    """One step outside, counted: a referral or something passed on. ``new_…`` as above."""

    id = CharField(primary_key=True, max_length=32)
    half = CharField(max_length=6, index=True)
    step = CharField()
    number = IntegerField(default=1)
    new_by_step = BooleanField()
    new_in_year = BooleanField()


MODELS: tuple[type[CounselModel], ...] = (Incident, Consultation, Outward)
