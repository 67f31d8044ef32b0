"""Tables of this part of the clearing vault: messages between an account and a member: each passed on under the next office's own identifier."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
