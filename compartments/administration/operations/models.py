"""Tables of this part of the administration vault: the office's own work: changes, incidents, maintenance, runbooks, credentials."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
