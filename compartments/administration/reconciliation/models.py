"""Tables of this part of the administration vault: locking and unlocking by the whitelist: dry run, threshold, second officer, application, counts."""

from __future__ import annotations

from peewee import Model

MODELS: tuple[type[Model], ...] = ()
STATEMENTS: tuple[str, ...] = ()
