"""How columns of the shared layer say who may know them, and column types that every engine has.

Each column is classed when it is declared: ``public`` (anyone may read it), ``officers`` (office holders may) or
``sealed`` (ciphertext or a hash; tells nothing without a key). A test walks the models and fails on an unclassed one.
"""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from peewee import Field, TextField

Disclosure = Literal["public", "officers", "sealed"]
F = TypeVar("F", bound=Field)


def _classed(field: F, disclosure: Disclosure) -> F:
    field.disclosure = disclosure  # type: ignore[attr-defined]
    return field


def public(field: F) -> F:
    """Anyone may know this column."""
    return _classed(field, "public")


def officers(field: F) -> F:
    """Office holders may know this column; it names no applicant, member or person in counsel."""
    return _classed(field, "officers")


def sealed(field: F) -> F:
    """Ciphertext, a public key, a hash or a random identifier."""
    return _classed(field, "sealed")


class JSONText(TextField):
    """JSON in a text column: the same on every engine, at the price of no queries into it."""

    def db_value(self, value: Any) -> str | None:
        return (
            None
            if value is None
            else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)
