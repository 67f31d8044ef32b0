"""What every table of the shared layer stands on."""

from __future__ import annotations

from peewee import Model

from app.shared.database import shared_database


class SharedModel(Model):
    """Base of every table of the shared layer."""

    class Meta:
        database = shared_database
        legacy_table_names = False
