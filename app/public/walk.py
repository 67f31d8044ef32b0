"""A form of several pages, one thing per page: everything typed so far travels in the form itself, nothing of it is kept here.

One hidden seed, drawn when the form is first opened, makes all that has to be the same however often something is clicked: the receipt code,
and through it the envelope and the mailbox; and the key under which the form's files are sealed (:mod:`app.public.basket`).

The last page is shown only when all pages before it are right. It carries what was typed as it will go out (:attr:`Walk.clean`), and a
voucher for exactly that: who sends these very fields needn't have them checked a second time (docs/decisions/0017).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from app.public.basket import Basket
from app.public.blueprint import language
from app.public.steps import Step
from app.public.vouching import vouching
from app.web.state import state
from keys.codes import derive_code
from keys.sealing import bind

CHECK = "check"
DRAFT, VOUCHER = "draft", "voucher"
TICKED = "y"


class Around(FlaskForm):
    """The token against forged requests, which is the same on every page."""


class Walk(ABC):
    """A form under way, as the request describes it. ``steps`` names its pages, the last one :data:`CHECK`; ``receipt`` what its code is derived for."""

    steps: ClassVar[tuple[str, ...]]
    receipt: ClassVar[str]

    def __init__(self) -> None:
        self.typed = request.form if request.method == "POST" else None
        self.files = Basket(request.form.get("seed"), request.form.getlist(DRAFT))
        step = request.form.get("step", "")
        self.step = step if step in self.steps else self.steps[0]
        self.seen_check = bool(request.form.get("seen_check")) or self.step == CHECK
        self._forms: dict[str, Step] = {}

    @cached_property
    def around(self) -> Around:
        """What a page that is shown needs around it."""
        return Around()

    @cached_property
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

    def facts(self) -> Sequence[Any]:
        """What else the checks depend on, but for the day and the language, as JSON takes it: a voucher is for these."""
        return ()

    def first_invalid(self) -> str | None:
        """Check every page; return the first with an error."""
        if self.vouched:
            return None
        return next((step for step in self.order if step != CHECK and not self.form(step).validate()), None)

    def shown(self, step: str) -> str:
        """The page to show for ``step``: the last one is for what is right, and says so."""
        step = step if step in self.order else self.steps[0]
        return step if step != CHECK else self.first_invalid() or CHECK

    @cached_property
    def vouched(self) -> bool:
        """Whether what came is exactly what the last page of such a form held: all of it was checked, on this day."""
        voucher = request.form.get(VOUCHER, "")
        return bool(voucher) and vouching().vouched(voucher, self._message(request.form))

    @cached_property
    def clean(self) -> MultiDict[str, str]:
        """Every answer as it goes out, by the name of its input: cleaned texts, ISO dates, :data:`TICKED` boxes. Right only once checked."""
        if self.vouched:
            return request.form
        answers = MultiDict(request.form)
        for step in self.order:
            for field in self.form(step):
                if getattr(field.widget, "input_type", "") != "file":
                    answers.setlist(field.name, _plain(field))
        return answers

    def value(self, step: str, name: str) -> str:
        """One answer, as it goes out; empty where there is none."""
        return _one_break(self.clean.get(f"{step}-{name}", ""))

    def ticked(self, step: str, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.value(step, name))

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
        return self.shown(place)

    def carried(self, shown: str) -> dict[str, Any]:
        """Hidden fields: what was typed on the other pages and the files; on the last page all of it cleaned, with its voucher."""
        if shown != CHECK:
            return {**self.answers(request.form, shown), **self.around_fields(shown)}
        fields = {**self.answers(self.clean, shown), **self.around_fields(shown)}
        return {**fields, VOUCHER: vouching().vouch(self._message(MultiDict(fields)))}

    def answers(self, typed: MultiDict[str, str], shown: str) -> dict[str, Any]:
        """What the page ``shown`` carries of the others."""
        return {name: typed.getlist(name) for name in typed if self._step_of(name) not in {None, shown}}

    def around_fields(self, shown: str) -> dict[str, Any]:
        """What every page carries."""
        seen_check = "1" if self.seen_check else ""
        return {"seed": self.files.seed, "step": shown, "seen_check": seen_check, DRAFT: self.files.carried()}

    def _message(self, fields: MultiDict[str, str]) -> bytes:
        """Everything that was checked, and what it was checked against. Not the seed: it says who sends it, not what."""
        said = {
            name: [_one_break(value) for value in values]
            for name, values in sorted(fields.lists())
            if values and (name == DRAFT or self._step_of(name))
        }
        facts = [self.receipt, language(), state().today.isoformat(), self.facts(), said]
        return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()

    def _step_of(self, name: str) -> str | None:
        step, dash, _rest = name.partition("-")
        return step if dash and step in self.steps else None


def _one_break(text: str) -> str:
    """Browsers send every line break as CR LF, whatever it was on the page; a cleaned text has LF."""
    return text.replace("\r\n", "\n")


def _plain(field: Field) -> list[str]:
    data = field.data
    if isinstance(data, bool):
        return [TICKED] if data else []
    if isinstance(data, date):
        return [data.isoformat()]
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [str(one) for one in data]
    return [data or ""]
