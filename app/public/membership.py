"""Applying for membership, page by page. Nothing is handed over before "send" on the last page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.public import membership_sending as sending
from app.public import membership_steps as steps
from app.public.blueprint import blueprint
from app.public.confirming import confirmed
from app.public.sending import AlreadySent, AlreadyWithdrawn
from app.public.steps import Step
from app.public.walk import CHECK, Walk
from app.web.genuine import is_genuine
from app.web.limits import limiter
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from keys.mailbox import MailboxKeys

PAGES = "120 per minute"
GUARDIAN = "guardian"
FORMS: dict[str, type[Step]] = {
    "person": steps.PersonStep,
    "address": steps.AddressStep,
    "reach": steps.ReachStep,
    GUARDIAN: steps.GuardianStep,
    "background": steps.BackgroundStep,
    "dues": steps.DuesStep,
    "agreement": steps.AgreementStep,
    CHECK: Step,
}
TEXTS = {
    "person": ("last_name", "first_name", "birth_date", "citizenship"),
    "address": ("street", "postcode", "city", "country"),
    "reach": ("email", "phone", "language"),
    "background": ("division_wish", "other_party", "earlier_refusal", "remarks"),
}
"""What goes along as it was typed, by page."""

add_nav(
    blueprint,
    "public",
    NavItem(lazy_gettext("Become a member"), ".membership_application", order=15, section=(".membership_",)),
)


class MembershipWalk(Walk):
    """An application for membership under way."""

    steps = tuple(FORMS)
    receipt = "membership-application-receipt"

    @property
    def order(self) -> list[str]:
        """The pages: a guardian is asked only for somebody under 18."""
        return [step for step in self.steps if step != GUARDIAN or self.under_age]

    @property
    def under_age(self) -> bool:
        """Whether a guardian has to agree."""
        born = self.born
        return born is not None and steps.age(born, state().today) < steps.OF_AGE

    @property
    def born(self) -> date | None:
        """The date of birth, None while it isn't right."""
        if self.vouched:
            return date.fromisoformat(self.value("person", "birth_date"))
        born: date | None = self.form("person")["birth_date"].data
        return born

    def build(self, step: str) -> Step:
        """Make the form of one page."""
        return FORMS[step](formdata=self.typed, prefix=step)


def consent_text() -> str:
    """What is agreed to; it goes along word for word."""
    return str(
        _(
            "I agree that the membership office processes what I have entered, to decide about this application and to keep my membership. "
            "That I apply shows a political opinion, which the law protects in particular (Article 9 of the General Data Protection "
            "Regulation). As long as nothing is decided I can withdraw in the mailbox; then everything is erased at once."
        )
    )


@blueprint.get("/membership-application")
def membership_application() -> ResponseReturnValue:
    """The first page of the form."""
    walk = MembershipWalk()
    return _show(walk, walk.steps[0])


@blueprint.post("/membership-application")
@limiter.limit(PAGES)
def membership_next() -> ResponseReturnValue:
    """Take one page in and show the next, or the same with its errors."""
    walk, go = MembershipWalk(), request.form.get("go", "next")
    if not is_genuine():
        return _show(walk, walk.step, [_stale()])
    return _send(walk) if go == "send" else _show(walk, walk.place_after(go))


def _send(walk: MembershipWalk) -> ResponseReturnValue:
    if invalid := walk.first_invalid():
        return _show(walk, invalid)
    keys = MailboxKeys.from_receipt(walk.code)
    settings, same = state().settings, True
    try:
        erase_on = sending.send(
            said(walk),
            keys,
            office=state().pinned("membership"),
            retention=settings.application_retention,
            day=state().today,
            now=utc_now(),
        )
    except AlreadyWithdrawn:
        return render_template("public/membership/withdrawn.html")
    except AlreadySent as sent:
        same, erase_on = sent.same, sending.erase_on(keys)
    return confirmed("public/membership/sent.html", walk.code, erase_on, same=same)


def said(walk: MembershipWalk) -> dict[str, Any]:
    """Everything that was typed, as the envelope carries it; only a checked walk gives a whole one."""
    reduction, guarded = walk.ticked("dues", "reduction"), walk.under_age
    return {
        **{name: walk.value(step, name) for step, names in TEXTS.items() for name in names},
        "dues_monthly": steps.monthly(walk.value("dues", "dues"), walk.value("dues", "amount")),
        "dues_reduction": reduction,
        "dues_reason": walk.value("dues", "reason") if reduction else "",
        "statutes_accepted": walk.ticked("agreement", "statutes"),
        "guardian_name": walk.value(GUARDIAN, "guardian_name") if guarded else "",
        "guardian_consent": guarded and walk.ticked(GUARDIAN, "guardian_consent"),
        "consent": {"text": consent_text(), "day": state().today.isoformat()},
    }


def _show(walk: MembershipWalk, step: str, trouble: Sequence[str] = ()) -> ResponseReturnValue:
    step = walk.shown(step)
    return render_template(
        "public/membership/page.html",
        journey=walk,
        step=step,
        form=walk.form(step),
        trouble=list(trouble),
        consent_text=consent_text,
        minimum_age=state().settings.minimum_age,
    )


def _stale() -> str:
    return str(
        _(
            "This page had been open for too long, or your browser keeps no cookies. What you typed is still here; please press the button again."
        )
    )
