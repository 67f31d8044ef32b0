"""Tables of this part of the membership vault: what a person may ask for: access, correction, erasure. And exports for a purpose."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
