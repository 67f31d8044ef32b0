"""A form of several pages, one thing per page: everything typed so far travels in the form itself, nothing of it is kept here.

One hidden seed, drawn when the form is first opened, makes all that has to be the same however often something is clicked: the receipt code,
and through it the envelope and the mailbox; and the key under which the form's files are sealed (:mod:`app.public.basket`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.public.basket import Basket
from app.public.steps import Step
from keys.codes import derive_code
from keys.sealing import bind

CHECK = "check"


class Around(FlaskForm):
    """What is the same on every page: the token against forged requests, the seed, the place."""

    seed = HiddenField()
    step = HiddenField()
    seen_check = HiddenField()


class Walk(ABC):
    """A form under way, as the request describes it. ``steps`` names its pages, the last one :data:`CHECK`; ``receipt`` what its code is derived for."""

    steps: ClassVar[tuple[str, ...]]
    receipt: ClassVar[str]

    def __init__(self) -> None:
        self.around = Around()
        self.typed = request.form if request.method == "POST" else None
        self.files = Basket(self.around.seed.data, request.form.getlist("draft"))
        self.step = self.around.step.data if self.around.step.data in self.steps else self.steps[0]
        self.seen_check = bool(self.around.seen_check.data) or self.step == CHECK
        self._forms: dict[str, Step] = {}

    @property
    def code(self) -> str:
        """The receipt code that this form will have been sent under."""
        return derive_code(self.files.secret, info=bind(self.receipt))

    @property
    def order(self) -> list[str]:
        """The pages that this form has, given what was typed."""
        return list(self.steps)

    def form(self, step: str) -> Step:
        """The form of one page, filled with what was typed."""
        if step not in self._forms:
            self._forms[step] = self.build(step)
        return self._forms[step]

    @abstractmethod
    def build(self, step: str) -> Step:
        """Make the form of one page."""

    def first_invalid(self) -> str | None:
        """Check every page; return the first with an error."""
        return next((step for step in self.order if step != CHECK and not self.form(step).validate()), None)

    def after(self, step: str) -> str:
        """The page behind one."""
        return self.order[min(self.order.index(step) + 1, len(self.order) - 1)]

    def before(self, step: str) -> str:
        """The page before one."""
        return self.order[max(self.order.index(step) - 1, 0)]

    def place_after(self, go: str) -> str:
        """The page that a button leads to."""
        here = self.step if self.step in self.order else self.steps[0]
        if go == "back":
            return self.before(here)
        if go.startswith("to:"):
            wanted = go.removeprefix("to:")
            return wanted if wanted in self.order else here
        if not self.form(here).validate():
            return here
        place = CHECK if self.seen_check else self.after(here)
        if place == CHECK:
            self.seen_check = True
            place = self.first_invalid() or CHECK
        return place

    def carried(self, shown: str) -> dict[str, Any]:
        """Hidden fields: what was typed on the other pages, as it was typed, and the files."""
        others: dict[str, Any] = {
            name: request.form.getlist(name)
            for name in request.form
            if self._step_of(name) not in {None, shown}
        }
        around = {"seed": self.files.seed, "step": shown, "seen_check": "1" if self.seen_check else ""}
        return {**others, **around, "draft": self.files.carried()}

    def _step_of(self, name: str) -> str | None:
        step, dash, _rest = name.partition("-")
        return step if dash and step in self.steps else None
