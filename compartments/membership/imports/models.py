"""Tables of this part of the membership vault: taking in lists of members: staged, previewed, committed and undone as a whole."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
