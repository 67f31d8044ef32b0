"""Tables of this part of the administration vault: invite codes as they came from clearing, and what the platform says of them."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
