"""Tables of this part of the membership vault: applications for membership: from the sealed envelope to the number."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
