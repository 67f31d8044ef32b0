"""What counsellors write for a year's report. The figures aren't kept here: they are counted, and frozen when they are released."""

from __future__ import annotations

from peewee import BlobField, CharField, IntegerField, TextField

from compartments.counsel.tables import CounselModel


class YearText(CounselModel):
    """The texts of one year's report, in Markdown. ``version`` counts, so that two who write at once lose nothing."""

    year = IntegerField(primary_key=True)
    version = IntegerField(default=1)
    work = TextField(default="")
    prevention = TextField(default="")
    conclusions = TextField(default="")
    recommendations = TextField(default="")
    written_by_name = CharField(default="")


class YearSeed(CounselModel):
    """By what chance it was decided which numbers of a year are left out for others' sake: a secret, so that nobody can do it again."""

    year = IntegerField(primary_key=True)
    seed = BlobField()


MODELS: tuple[type[CounselModel], ...] = (YearText, YearSeed)
TEXTS = ("work", "prevention", "conclusions", "recommendations")
