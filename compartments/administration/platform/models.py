"""Tables of this part of the administration vault: the connection to the participation platform: plan, apply, read back; or files in its place."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
