"""Tables of this part of the membership vault: what members owe and have paid: amounts, payments, arrears, reminders."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
