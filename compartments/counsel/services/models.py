"""The directory of specialised services outside. Nothing here is about a person in counsel."""

from __future__ import annotations

from peewee import CharField, DateField, IntegerField, TextField

from compartments.counsel.tables import CounselModel


class Service(CounselModel):
    """A service. ``topics``, ``languages`` and ``accessibility`` are lists written with commas; ``checked_on`` is when somebody last rang."""

    id = CharField(primary_key=True, max_length=32)
    version = IntegerField(default=1)
    name = CharField(index=True)
    region = CharField(default="")
    topics = TextField(default="")
    languages = TextField(default="")
    accessibility = TextField(default="")
    phone = CharField(default="")
    email = CharField(default="")
    web = CharField(default="")
    note = TextField(default="")
    checked_on = DateField(null=True)


MODELS: tuple[type[CounselModel], ...] = (Service,)
COLUMNS = (
    "name",
    "region",
    "topics",
    "languages",
    "accessibility",
    "phone",
    "email",
    "web",
    "note",
    "checked_on",
)
"""Of the CSV file, in this order."""
