"""Tables of this part of the administration vault: messages to the holders of accounts, by way of clearing, and their answers."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
