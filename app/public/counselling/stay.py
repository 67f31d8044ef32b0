"""One request of somebody who has come back: what their code opens, what they are writing, and the pages that show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.clock import utc_now
from app.envelopes.counselling import ERASED_AFTER, UNREAD_FOR
from app.envelopes.package import Enclosure
from app.public.basket import Basket
from app.public.counselling import sending
from app.public.counselling.conversation import Conversation, letter_id
from app.public.counselling.files import let_go
from app.public.counselling.forms import CodeForm, RecordForm, WriteForm
from app.public.uploads import limit
from app.shared.counsellors import somebody_in_office
from app.shared.drops import KEPT_FOR
from app.web.state import state
from keys.codes import grouped
from keys.visits import VisitKeys


class Stay:
    """One request of somebody who has come back: their keys, what they typed, and what is to be said to them."""

    def __init__(self, form: CodeForm, keys: VisitKeys) -> None:
        self.keys = keys
        self.code = grouped(form.code.data or "")
        self.basket = Basket(request.form.get("seed"), request.form.getlist("draft"))
        self.writing = WriteForm(formdata=None, data={"text": request.form.get("text", "")})
        self.correcting = RecordForm(formdata=None, data={"correction": request.form.get("correction", "")})
        self.talk = Conversation(sending.look(keys))

    @property
    def message_id(self) -> str:
        """The letter that this page's message becomes, once."""
        return letter_id(self.basket.secret, "message")

    def write(self, text: str) -> None:
        """Send the message with its files, once for this page; the next message is another one."""
        self._send(self.message_id, {"kind": "message", "text": text}, self.basket.files(utc_now()))
        let_go(self.basket)
        self.begin_anew()

    def has_arrived(self) -> bool:
        """Whether this page's message lies there by now; another request may have sent it since this one looked."""
        self.talk = Conversation(sending.look(self.keys))
        return self.talk.holds(self.message_id)

    def decide(self, said: Mapping[str, Any]) -> None:
        """Send what was decided. Two presses at once are one; the caller sees to it that nothing is decided twice in a row."""
        what = json.dumps([len(self.talk.lines), dict(said)], sort_keys=True)
        self._send(letter_id(self.basket.secret, what), said, ())

    def forget(self) -> None:
        """Erase the person's own copies."""
        sending.forget(self.keys)
        self.talk = Conversation(sending.look(self.keys))

    def begin_anew(self) -> None:
        """Clear what was being written."""
        self.basket, self.writing = Basket(None), WriteForm(formdata=None)

    def _send(self, envelope: str, said: Mapping[str, Any], files: Sequence[Enclosure]) -> None:
        counsel, day = state().pinned("counsel"), state().today
        sending.write(self.keys, envelope, said, files, counsel=counsel, day=day, now=utc_now())
        self.talk = Conversation(sending.look(self.keys))

    def page(
        self, said: str = "", trouble: Sequence[str] = (), *, own_words: bool = False
    ) -> ResponseReturnValue:
        """The conversation; of one that the counsellors have erased only the receipt, unless the person's ``own_words`` are asked for."""
        return self._show(
            "public/counselling/visit.html",
            said=said,
            trouble=list(trouble),
            lines=self.talk.lines if self.talk.erased is None or own_words else [],
            correcting=self.correcting,
            limit=limit(),
        )

    def ask(self, question: str, **facts: Any) -> ResponseReturnValue:
        """Whether it is meant: a page of its own, before what can't be undone. What was being typed travels along."""
        carried = {
            "here": request.form.get("go") or request.form.get("here", ""),
            "code": self.code,
            "text": self.writing.text.data,
            "correction": self.correcting.correction.data,
            "seed": self.basket.seed,
            "draft": self.basket.carried(),
        }
        return self._show("public/counselling/meant.html", question=question, carried=carried, **facts)

    def _show(self, template: str, **facts: Any) -> ResponseReturnValue:
        return render_template(
            template,
            talk=self.talk,
            code=self.code,
            form=self.writing,
            around_form=CodeForm(formdata=None),
            basket=self.basket,
            days=KEPT_FOR.days,
            backups=state().settings.backups_kept,
            erased_after=ERASED_AFTER,
            unread_for=UNREAD_FOR,
            abandoned=bool(self.talk.readers) and not somebody_in_office(self.talk.readers),
            **facts,
        )
