"""A counsellor's own card, as they last wrote it."""

from __future__ import annotations

import json
from typing import Any

from peewee import CharField, IntegerField, TextField

from compartments.counsel.tables import CounselModel


class _JSON(TextField):
    def db_value(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def python_value(self, value: str) -> Any:
        return json.loads(value)


class CardDraft(CounselModel):
    """``card`` is what the public reads; ``epoch`` is the compartment's key that signed it, None while it is down."""

    account = CharField(primary_key=True, max_length=32)
    card = _JSON()
    epoch = IntegerField(null=True)


MODELS: tuple[type[CounselModel], ...] = (CardDraft,)
