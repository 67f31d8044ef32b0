"""Tables of this part of the membership vault: one person with two numbers: found, compared, merged, or noted as two."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
