"""Tables of this part of the administration vault: where the platform is, and by which rules it is changed. The password lies only here."""

from __future__ import annotations

from peewee import CharField, Check, IntegerField, Model

from app.office.calendar import DAYS
from compartments.administration.tables import AdministrationModel

CONNECTION, FILES = WAYS = ("connection", "files")
SSL_MODES = ("verify-full", "require", "disable")


class Platform(AdministrationModel):
    """The one row of settings. ``units``: ids, separated by commas, in which new accounts may vote; ``days``: of the month, for the calendar."""

    id = IntegerField(primary_key=True, constraints=[Check("id = 1")])
    revision = IntegerField(default=1)
    way = CharField(default=FILES, constraints=[Check(f"way in {WAYS!r}")])
    host = CharField(default="")
    port = IntegerField(default=5432)
    dbname = CharField(default="")
    user = CharField(default="")
    password = CharField(default="")
    sslmode = CharField(default="verify-full", constraints=[Check(f"sslmode in {SSL_MODES!r}")])
    units = CharField(default="")
    expires_after_days = IntegerField(default=180, constraints=[Check("expires_after_days >= 0")])
    threshold_percent = IntegerField(default=10, constraints=[Check("threshold_percent between 1 and 100")])
    batch_floor = IntegerField(default=5, constraints=[Check("batch_floor >= 1")])
    days = CharField(default=", ".join(str(day) for day in DAYS))


MODELS: tuple[type[Model], ...] = (Platform,)
STATEMENTS: tuple[str, ...] = ()
