"""The mailbox: opened with the receipt code, which travels in the forms only, never in an address, a cookie or a log. Reading leaves no trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.public import correspondence
from app.public.basket import Basket
from app.public.blueprint import blueprint
from app.public.correspondence import NoSuchOffer, Offer, Partner
from app.public.mailbox_forms import CodeForm, InsideForm, OfferForm, WithdrawForm, WriteForm
from app.public.uploads import limit, take_uploads
from app.shared import drafts, postings
from app.web.i18n import chosen_language
from app.web.limits import TRIES, limiter
from app.web.state import state
from keys.codes import grouped
from keys.errors import MalformedCode
from keys.mailbox import MailboxKeys

MEANT = "-meant"
WITHDRAWN = {"board": "public/mailbox/withdrawn.html", "membership": "public/membership/mailbox_erased.html"}


@blueprint.get("/mailbox")
def mailbox() -> ResponseReturnValue:
    """Ask for the code."""
    return _ask(CodeForm(formdata=None))


@blueprint.post("/mailbox")
@limiter.limit(TRIES)
def mailbox_open() -> ResponseReturnValue:
    """Show what is in the mailbox."""
    form = CodeForm()
    if not form.validate():
        return _ask(form)
    try:
        keys = MailboxKeys.from_receipt(form.code.data)
    except MalformedCode:
        form.code.errors = [
            _(
                "This isn't a whole code: a code has 20 signs, letters without a, e, i, o, u, l and digits from 2 to 9."
            )
        ]
        return _ask(form)
    return _show(keys, form.code.data)


@blueprint.post("/mailbox/message")
@limiter.limit(TRIES)
def mailbox_write() -> ResponseReturnValue:
    """Send a message to the office that the mailbox was opened with, with files where it takes them."""
    form = WriteForm()
    keys = _keys(form)
    if keys is None:
        return _ask_again()
    opened = correspondence.read(keys, state().today)
    partner = opened.partner if opened else None
    if partner is None:
        return _show(keys, form.code.data)
    basket = Basket(form.seed.data, request.form.getlist("draft") if partner.takes_files else ())
    whole = form.validate()
    if form.csrf_token.errors:
        return _show(keys, form.code.data, writing=form, basket=basket)
    return _write(keys, form, basket, partner, whole=whole)


def _write(
    keys: MailboxKeys, form: WriteForm, basket: Basket, partner: Partner, *, whole: bool
) -> ResponseReturnValue:
    code, go = form.code.data, request.form.get("go", "send")
    if go.startswith("remove:"):
        if draft := basket.take_out(go.removeprefix("remove:")):
            drafts.remove(draft)
        return _show(keys, code, writing=_unchecked(form), basket=basket)
    problems = take_uploads(basket, "files", "") if partner.takes_files else []
    if problems:
        form.files.errors = problems
    if problems or not whole:
        return _show(keys, code, writing=form, basket=basket)
    office = state().pinned(partner.vault)
    try:
        correspondence.write(
            keys, form.text.data, basket, partner=partner, to=office, day=state().today, now=utc_now()
        )
    except drafts.DraftIsGone as gone:
        lost = basket.take_out(str(gone))
        form.files.errors = [
            _("“%(name)s” isn't there any more. Please add the file again.", name=lost.name if lost else "")
        ]
        return _show(keys, code, writing=form, basket=basket)
    return _show(keys, code, said=_sent_to(partner.vault))


@blueprint.post("/mailbox/offer")
@limiter.limit(TRIES)
def mailbox_offer() -> ResponseReturnValue:
    """Accept or decline an offer: the first press shows what that means, the second one, on that page, does it."""
    form = OfferForm()
    keys = _keys(form)
    if keys is None:
        return _ask_again()
    go, day = request.form.get("go", ""), state().today
    answer = go.removesuffix(MEANT)
    if not form.validate() or answer not in {"accept", "decline"}:
        return _show(keys, form.code.data, trouble=[_stale()])
    accepted = answer == "accept"
    try:
        if not go.endswith(MEANT):
            return _ask_if_meant(form, correspondence.open_offer(keys, form.offer.data, day), accepted)
        correspondence.answer_offer(
            keys, form.offer.data, accepted=accepted, board=_board(), day=day, now=utc_now()
        )
    except NoSuchOffer:
        return _show(
            keys,
            form.code.data,
            trouble=[_("This offer was answered before, or it is over. What counts stands below.")],
        )
    said = (
        _("You have accepted the office. Welcome!")
        if accepted
        else _("You have declined the offer. The board knows.")
    )
    return _show(keys, form.code.data, said=said)


@blueprint.post("/mailbox/withdraw")
@limiter.limit(TRIES)
def mailbox_withdraw() -> ResponseReturnValue:
    """Ask whether everything is really to be erased."""
    form = InsideForm()
    keys = _keys(form)
    if keys is None:
        return _ask_again()
    if not form.validate():
        return _show(keys, form.code.data, trouble=[_stale()])
    return _ask_whether(keys, WithdrawForm(formdata=None, data={"code": form.code.data}))


@blueprint.post("/mailbox/erase")
@limiter.limit(TRIES)
def mailbox_erase() -> ResponseReturnValue:
    """Withdraw: erase mailbox and application."""
    form = WithdrawForm()
    keys = _keys(form)
    if keys is None:
        return _ask_again()
    if not form.validate():
        return _ask_whether(keys, form)
    opened = correspondence.read(keys, state().today)
    partner = opened.partner if opened else None
    if partner is None or partner.withdrawal is None:
        return _show(keys, form.code.data)
    office = state().pinned(partner.vault)
    correspondence.withdraw(keys, to=office, day=state().today, type_=partner.withdrawal)
    return render_template(WITHDRAWN[partner.vault])


def _show(
    keys: MailboxKeys,
    code: str,
    *,
    said: str | None = None,
    trouble: Sequence[str] = (),
    writing: WriteForm | None = None,
    basket: Basket | None = None,
) -> ResponseReturnValue:
    """The page of a mailbox. A code that opens none gets the same page as a mistyped one."""
    opened = correspondence.read(keys, state().today)
    if opened is None:
        form = CodeForm()
        form.code.errors = [
            _(
                "No mailbox opens with this code. Please compare it sign by sign. If it was withdrawn, or its time is over, it is gone."
            )
        ]
        return _ask(form)
    basket = basket or Basket(None)
    writing = writing or WriteForm(formdata=None)
    code = grouped(code)
    return render_template(
        "public/mailbox/page.html",
        mailbox=opened,
        code=code,
        said=said,
        trouble=list(trouble),
        form=writing,
        inside=InsideForm(formdata=None, data={"code": code}),
        basket=basket,
        limit=limit(),
        moment=datetime.fromisoformat,
    )


def _ask_if_meant(form: OfferForm, offer: Offer, accepted: bool) -> ResponseReturnValue:  # noqa: FBT001
    posting = postings.find(offer.content["posting"], chosen_language(), state().today)
    return render_template(
        "public/mailbox/answer.html",
        form=OfferForm(formdata=None, data={"code": form.code.data, "offer": form.offer.data}),
        back=InsideForm(formdata=None, data={"code": form.code.data}),
        offer=offer,
        accepted=accepted,
        title=posting.title if posting else "",
        strict=bool(posting and posting.strict),
        cooling_off=state().settings.cooling_off.days,
    )


def _ask_whether(keys: MailboxKeys, form: WithdrawForm) -> ResponseReturnValue:
    opened = correspondence.read(keys, state().today)
    of_member = opened is not None and opened.is_membership
    return render_template("public/mailbox/withdraw.html", form=form, of_member=of_member)


def _ask(form: CodeForm) -> ResponseReturnValue:
    return render_template("public/mailbox/code.html", form=form)


def _ask_again() -> ResponseReturnValue:
    form = CodeForm(formdata=None)
    form.code.errors = [_("Please enter your code again")]
    return _ask(form)


def _keys(form: Any) -> MailboxKeys | None:
    try:
        return MailboxKeys.from_receipt(form.code.data or "")
    except MalformedCode:
        return None


def _unchecked(form: WriteForm) -> WriteForm:
    for field in form:
        field.errors = []
    return form


def _sent_to(vault: str) -> str:
    said = {
        "board": _("Your message was sealed and sent to the board."),
        "membership": _("Your message was sealed and sent to the membership office."),
        "desk": _("Your message was sealed and sent to the support desk."),
    }
    return str(said[vault])


def _board() -> Any:
    return state().pinned("board")


def _stale() -> str:
    return str(_("This page had been open for too long, so nothing was done. Please press the button again."))
