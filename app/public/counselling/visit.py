"""Coming back with the receipt code. The code travels in forms only; looking leaves nothing behind, and what one writes leaves one sealed letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.public.counselling.conversation import CONFIRMED, CORRECTED, GIVEN, REFUSED, WITHDRAWN
from app.public.counselling.files import REMOVE, gone, take_files, take_out
from app.public.counselling.forms import CodeForm, RecordForm, WriteForm
from app.public.counselling.page import START, not_stored
from app.public.counselling.sending import NoContact
from app.public.counselling.stay import Stay
from app.shared.database import NOT_STORED
from app.shared.drafts import DraftIsGone
from app.shared.drops import KEPT_FOR
from keys.codes import LENGTH, signs_in
from keys.errors import MalformedCode
from keys.visits import VisitKeys

CODE, MEANT = "code", "-meant"
SENDING = frozenset({"send", f"end{MEANT}"})
DECISIONS = {"agree": GIVEN, "refuse": REFUSED, "withdraw": WITHDRAWN}


def go() -> ResponseReturnValue:
    """Ask for the code, open what it opens, and do there what a button says. Unknown codes get the same answer as mistyped ones.

    Whether this session typed it is checked before. Who asks for another language stays where they are: ``here`` is what led there.
    """
    form, pressed = CodeForm(), request.form.get("go") or request.form.get("here", "")
    if pressed == START:
        return _ask(CodeForm(formdata=None))
    if pressed == CODE or not form.validate():
        return _ask(form)
    try:
        stay = Stay(form, VisitKeys.from_receipt(form.code.data))
    except (MalformedCode, NoContact):
        form.code.errors = [_opens_nothing(form.code.data)]
        return _ask(form)
    try:
        return _do(stay, pressed)
    except NOT_STORED as error:
        return make_response(stay.page(trouble=[not_stored(error)]), HTTPStatus.SERVICE_UNAVAILABLE)


def _do(stay: Stay, pressed: str) -> ResponseReturnValue:
    name, colon, which = pressed.partition(":")
    decides = bool(colon) and name.removesuffix(MEANT) in DECISIONS
    if stay.talk.erased is not None and (decides or pressed in SENDING):
        # The page was open while everything was erased. A letter would reach nobody.
        return stay.page(trouble=[_over()])
    if pressed not in {"send", "upload"}:
        # Chosen and not added yet: whatever is pressed, they aren't lost.
        _take_files(stay)
    if decides:
        return _decide(stay, name, which)
    if pressed.startswith(REMOVE):
        take_out(stay.basket, pressed)
        return stay.page()
    return ACTIONS.get(pressed, Stay.page)(stay)


def _message(stay: Stay) -> ResponseReturnValue:
    sent = _("Your message is sealed and sent.")
    stay.writing = WriteForm(formdata=request.form)
    whole = stay.writing.validate()
    if not _take_files(stay) or not whole:
        return stay.page()
    try:
        stay.write(stay.writing.text.data)
    except DraftIsGone as error:
        # The first press of two may have come between: then the files are gone because they were sent.
        if stay.has_arrived():
            stay.begin_anew()
            return stay.page(sent)
        stay.writing.files.errors = [gone(stay.basket, error)]
        return stay.page()
    return stay.page(sent)


def _upload(stay: Stay) -> ResponseReturnValue:
    _take_files(stay, wanted=True)
    return stay.page()


def _take_files(stay: Stay, *, wanted: bool = False) -> bool:
    problems = take_files(stay.basket, "files", wanted=wanted)
    stay.writing.files.errors = problems
    return not problems


def _decide(stay: Stay, pressed: str, consent: str) -> ResponseReturnValue:
    """Agreeing and withdrawing are asked twice, for what was passed on can't be taken back; refusing can always be changed."""
    about = stay.talk.agreement(consent)
    if about is None:
        return stay.page(trouble=[_over()])
    wanted = DECISIONS[pressed.removesuffix(MEANT)]
    if wanted != REFUSED and not pressed.endswith(MEANT):
        return stay.ask("agree" if wanted == GIVEN else "withdraw", about=about)
    if about.decision != wanted:
        stay.decide({"kind": "consent", "consent": about.id, "decision": wanted})
    return stay.page(_thanks(wanted))


def _confirm_record(stay: Stay) -> ResponseReturnValue:
    record = stay.talk.record
    if record is None or str(record.version) != request.form.get("version"):
        return stay.page(trouble=[_over()])
    said = {"kind": "record", "version": record.version, "decision": CONFIRMED, "text": ""}
    if record.decision != CONFIRMED:
        stay.decide(said)
    return stay.page(_("Thank you. The counsellors read that the summary is right."))


def _correct_record(stay: Stay) -> ResponseReturnValue:
    record, stay.correcting = stay.talk.record, RecordForm(formdata=request.form)
    if record is None or str(record.version) != request.form.get("version"):
        return stay.page(trouble=[_over()])
    if not stay.correcting.validate():
        return stay.page()
    text = stay.correcting.correction.data
    stay.decide({"kind": "record", "version": record.version, "decision": CORRECTED, "text": text})
    stay.correcting = RecordForm(formdata=None)
    return stay.page(_("Thank you. The counsellors read your correction and change the summary."))


def _end(stay: Stay) -> ResponseReturnValue:
    if not stay.talk.ended:
        stay.decide({"kind": "end"})
    return stay.page(
        _("You have ended the contact. The counsellors don't write to you any more, unless you write again.")
    )


def _erase(stay: Stay) -> ResponseReturnValue:
    if stay.talk.erased is not None:
        return stay.page()
    if not stay.talk.erasure_wanted:
        stay.decide({"kind": "erase"})
    return stay.page(_("You have asked us to erase everything. The counsellors read it when they next look."))


def _keep(stay: Stay) -> ResponseReturnValue:
    """Nothing is lost by it, so it isn't asked twice. Once everything is erased there is nothing to take back."""
    if stay.talk.erased is not None:
        return stay.page(trouble=[_over()])
    if stay.talk.erasure_wanted:
        stay.decide({"kind": "keep"})
    return stay.page(_("You have taken your wish back. The counsellors read it when they next look."))


def _ask_to_forget(stay: Stay) -> ResponseReturnValue:
    return stay.ask("forget") if stay.talk.erased and stay.talk.has_copies else stay.page(trouble=[_over()])


def _forget(stay: Stay) -> ResponseReturnValue:
    """Only once the counsellors have erased theirs: before that the copies show what was said, and what was decided."""
    if stay.talk.erased is None:
        return stay.page(trouble=[_over()])
    stay.forget()
    return stay.page(_("Your own copies are erased now, too."))


ACTIONS: Mapping[str, Callable[[Stay], ResponseReturnValue]] = {
    "send": _message,
    "upload": _upload,
    "confirm-record": _confirm_record,
    "correct-record": _correct_record,
    "end": lambda stay: stay.ask("end"),
    "erase": lambda stay: stay.ask("erase"),
    "keep": _keep,
    "own-words": lambda stay: stay.page(own_words=True),
    "forget": _ask_to_forget,
    f"end{MEANT}": _end,
    f"erase{MEANT}": _erase,
    f"forget{MEANT}": _forget,
}


def _opens_nothing(typed: str) -> str:
    if (signs := signs_in(typed)) != LENGTH:
        text = _(
            "This code opens nothing. A code has %(length)s letters and digits, and what you entered has %(num)s.",
            length=LENGTH,
            num=signs,
        )
    else:
        text = _(
            "This code opens nothing. Please compare it character by character. If its time is over, or if everything was erased, there is nothing left."
        )
    return str(text)


def _ask(form: CodeForm) -> ResponseReturnValue:
    return render_template("public/counselling/code.html", form=form, here=CODE, days=KEPT_FOR.days)


def _thanks(decision: str) -> str:
    thanks = {
        GIVEN: _("You have agreed. You can take that back here at any time."),
        REFUSED: _("You said no. So it isn't done."),
        WITHDRAWN: _("You have taken your consent back. From now on nothing more is done with it."),
    }
    return str(thanks[decision])


def _over() -> str:
    return str(
        _("The counsellors have changed this meanwhile, so nothing was done. What counts stands below.")
    )
