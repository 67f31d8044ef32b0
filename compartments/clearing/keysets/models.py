"""Tables of this part of the clearing vault: pairs of reference key and invite code: made in sets, claimed, deactivated."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
