"""Tables of this part of the membership vault: reference keys: asked for, assigned at random, mailed, deactivated, and the runs that do it."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
