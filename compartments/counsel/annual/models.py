"""What counsellors write for a year's report. The figures aren't kept here: they are counted, and frozen when they are released."""

from __future__ import annotations

from peewee import CharField, IntegerField, TextField

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


MODELS: tuple[type[CounselModel], ...] = (YearText,)
TEXTS = ("work", "prevention", "conclusions", "recommendations")
