"""Writing in, page by page. Nothing readable is kept before "send" on the last page, and afterwards only those who were chosen can read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from wtforms.fields import SelectChoice

from app.clock import utc_now
from app.public.basket import Basket
from app.public.blueprint import language
from app.public.counselling import sending, steps
from app.public.counselling.files import REMOVE, gone, let_go, take_files, take_out
from app.public.counselling.page import (
    OTHER_LANGUAGE,
    SIGNED,
    START,
    accepting,
    filled,
    language_name,
    not_stored,
    published,
)
from app.public.steps import Step
from app.public.uploads import limit
from app.public.walk import CHECK, Walk
from app.shared import counsellors
from app.shared.counsellors import Counsellor
from app.shared.database import NOT_STORED
from app.shared.drafts import DraftIsGone
from app.shared.drops import KEPT_FOR
from app.web.i18n import LANGUAGES
from app.web.state import state
from keys.visits import VisitKeys

READERS, NEVER, WORDS, QUESTIONS, FILES, ANSWER, FIGURES = (
    "readers",
    "never",
    "words",
    "questions",
    "files",
    "answer",
    "figures",
)
ASKED = ("since", "where", "who", "wish", "safe")
FORMS: dict[str, type[Step]] = {
    WORDS: steps.WordsStep,
    QUESTIONS: steps.QuestionsStep,
    FILES: steps.FilesStep,
    FIGURES: steps.FiguresStep,
    CHECK: Step,
}
SEND, UPLOAD, RECEIPT, CHANGED = "send", "upload", "receipt", "changed"


class Intake(Walk):
    """A first contact under way. ``everybody`` are the counsellors who could be chosen, or be kept out."""

    steps = (READERS, NEVER, WORDS, QUESTIONS, FILES, ANSWER, FIGURES, CHECK)
    receipt = "counselling-receipt"

    def __init__(self, everybody: Sequence[Counsellor]) -> None:
        super().__init__()
        self.everybody = list(everybody)

    @cached_property
    def wished(self) -> set[str]:
        """The accounts that are ticked as readers, whatever has become of them."""
        return set(request.form.getlist(f"{READERS}-{READERS}"))

    @property
    def others(self) -> list[Counsellor]:
        """Who is not among the chosen."""
        return [one for one in self.everybody if one.account not in self.wished]

    @property
    def order(self) -> list[str]:
        """The pages: where everybody was chosen, there is nobody to keep out."""
        return [step for step in self.steps if step != NEVER or self.others]

    @property
    def chosen(self) -> list[Counsellor]:
        """Who can read it. Right only once checked."""
        wished = self.clean.getlist(f"{READERS}-{READERS}")
        return counsellors.chosen(accepting(self.everybody), wished)

    @property
    def excluded(self) -> list[Counsellor]:
        """Who must never read it."""
        return counsellors.chosen(self.others, self.clean.getlist(f"{NEVER}-{NEVER}"))

    def facts(self) -> list[Any]:
        """Who can be written to, and with which key."""
        return [
            [one.account, one.name, one.accepts, one.sealing_key.to_bytes().hex()[:64]]
            for one in self.everybody
        ]

    def build(self, step: str) -> Step:
        """Make the form of one page."""
        if step == READERS:
            return steps.readers_step(accepting(self.everybody))(formdata=self.typed, prefix=step)
        if step == NEVER:
            return steps.never_step(self.others)(formdata=self.typed, prefix=step)
        if step == ANSWER:
            form = steps.AnswerStep(formdata=self.typed, prefix=step, data={"language": language()})
            form.language.choices = [SelectChoice(code, language_name(code)) for code in self.spoken]
            return form
        return FORMS[step](formdata=self.typed, prefix=step)

    @property
    def spoken(self) -> list[str]:
        """The languages that counsellors answer in, and those of these pages."""
        spoken = {code for one in self.everybody for code in one.languages} - {*LANGUAGES, SIGNED}
        return [*LANGUAGES, *sorted(spoken)]

    @property
    def spoken_by_chosen(self) -> list[str]:
        """The languages that those who are ticked as readers answer in."""
        ticked = [one for one in self.everybody if one.account in self.wished]
        return sorted({code for one in ticked for code in one.languages} - {SIGNED})

    @property
    def preferred(self) -> str:
        """How to answer, in words, with where."""
        field = self.form(ANSWER)["preferred"]
        chosen = next(str(choice.label) for choice in field.choices if choice.value == field.data)
        contact = self.form(ANSWER)["contact"].data
        return f"{chosen}: {contact}" if contact and field.data != steps.HERE else chosen

    def said(self) -> dict[str, Any]:
        """Everything as it goes out; only a checked walk gives a whole one."""
        preferred = self.value(ANSWER, "preferred") or steps.HERE
        return {
            "language": self.value(ANSWER, "language") or language(),
            "name": self.value(ANSWER, "name"),
            "contact": self.value(ANSWER, "contact") if preferred != steps.HERE else "",
            "preferred": preferred,
            "text": self.value(WORDS, "text"),
            "guided": self.guided(),
            "chosen": [one.account for one in self.chosen],
            "excluded": [one.account for one in self.excluded],
            "statistics": self.ticked(FIGURES, "statistics"),
        }

    def guided(self) -> dict[str, str]:
        """The questions that were answered, as they were asked."""
        answered = {name: text for name in ASKED if (text := self.value(QUESTIONS, name))}
        return {str(getattr(steps.QuestionsStep, name).args[0]): text for name, text in answered.items()}


def go() -> ResponseReturnValue:
    """Take one page in and show the next, or the same with its errors. Whether this session typed it is checked before."""
    everybody = published()
    walk, pressed = Intake(everybody), request.form.get("go", "next")
    closed = not accepting(everybody)
    if (pressed == RECEIPT or (closed and pressed == SEND)) and sending.begun(
        VisitKeys.from_receipt(walk.code)
    ):
        # In another language: the page that asks for it carries the seed, and no word of what was sent. Or the last counsellor closed after it.
        return _sent(walk, same=CHANGED not in request.form)
    if closed:
        return render_template("public/counselling/nobody.html", typed=request.form.get(f"{WORDS}-text", ""))
    if pressed == START:
        # It comes without a token: what it brings along may be of another page's making.
        walk.files = Basket(None)
        return _show(walk, READERS)
    if pressed == SEND:
        return _send(walk)
    return _show(walk, _place_after(walk, pressed))


def _place_after(walk: Intake, pressed: str) -> str:
    wanted = pressed == UPLOAD and OTHER_LANGUAGE not in request.form
    if walk.step == FILES and (problems := take_files(walk.files, f"{FILES}-files", wanted=wanted)):
        walk.form(FILES)["files"].errors = problems
        return FILES
    if OTHER_LANGUAGE in request.form:
        return walk.step
    if pressed.startswith(REMOVE):
        take_out(walk.files, pressed)
        return FILES
    return FILES if pressed == UPLOAD else walk.place_after(pressed)


def _send(walk: Intake) -> ResponseReturnValue:
    if invalid := walk.first_invalid():
        return _show(walk, invalid)
    visit, said, now = VisitKeys.from_receipt(walk.code), walk.said(), utc_now()
    try:
        new = sending.begin(
            visit,
            said,
            walk.files.files(now),
            readers=walk.chosen,
            everybody=walk.everybody,
            counsel=state().pinned("counsel"),
            day=state().today,
            now=now,
        )
    except DraftIsGone as error:
        # A second click may have come between: then the files are gone because they were sent.
        if sending.begun(visit):
            return _sent(walk, same=sending.begun_with(visit, said))
        return _show(walk, FILES, [gone(walk.files, error)])
    except NOT_STORED as error:
        return make_response(_show(walk, CHECK, [not_stored(error)]), HTTPStatus.SERVICE_UNAVAILABLE)
    let_go(walk.files)
    return _sent(walk, same=new or sending.begun_with(visit, said))


def _sent(walk: Intake, *, same: bool) -> ResponseReturnValue:
    words = {
        "code": walk.code,
        "address": url_for(".counselling", _external=True),
        "seed": walk.files.seed,
        "token": generate_csrf(),
    }
    return filled("public/counselling/sent.html", words, same=same, days=KEPT_FOR.days)


def _show(walk: Intake, step: str, trouble: Sequence[str] = ()) -> ResponseReturnValue:
    step = walk.shown(step)
    return render_template(
        "public/counselling/write.html",
        journey=walk,
        step=step,
        form=walk.form(step),
        trouble=list(trouble),
        limit=limit(),
        longest=steps.LONGEST,
    )
