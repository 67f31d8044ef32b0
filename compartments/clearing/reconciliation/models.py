"""Tables of this part of the clearing vault: turning membership's reference keys into administration's invite codes, shuffled, batch by batch."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
