"""What things in a case are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from compartments.counsel.cases.opened import Kind

KINDS: Mapping[str, LazyString] = {
    Kind.RECEIVED: _("The person wrote"),
    Kind.ANSWER: _("Answer"),
    Kind.NOTE: _("Note"),
    Kind.CONTACT: _("Talk"),
    Kind.NEED: _("Need"),
    Kind.STEP: _("Agreed step"),
    Kind.SAFETY: _("Safety"),
    Kind.FOLLOW_UP: _("Follow-up"),
    Kind.CONSENT: _("Consent"),
    Kind.REFERRAL: _("Referral"),
    Kind.RECORD: _("Record for the person"),
}

ADD: Mapping[str, LazyString] = {
    Kind.NOTE: _("Write a note"),
    Kind.CONTACT: _("Note down a talk"),
    Kind.NEED: _("Add a need"),
    Kind.STEP: _("Add an agreed step"),
    Kind.SAFETY: _("Add a thought on safety"),
    Kind.FOLLOW_UP: _("Set a reminder"),
}

EVENTS: Mapping[str, LazyString] = {
    "taken": _("Took charge of the case"),
    "handed-over": _("Put a colleague in charge of the case"),
    "struck": _("Struck out something of their own"),
    "shared": _("Let a colleague read the case"),
    "stepped-out": _("Stepped out of the case"),
    "left": _("Is no counsellor any more; the case has a new key"),
    "law-applies": _("The whistleblower law applies"),
    "law-does-not-apply": _("The whistleblower law doesn't apply"),
    "closed": _("Closed the case"),
    "reopened": _("Opened the case again"),
    "incident": _("Counted an incident"),
    "kept-longer": _("Put the erasure off"),
    "withdrawn": _("Noted that the person has withdrawn a consent"),
    "recalled": _("Told whoever had received something that the consent is withdrawn"),
    "consent-ended": _(
        "Can't read the case any more, since the person has withdrawn the consent; the case has a new key"
    ),
}

LETTERS: Mapping[str, LazyString] = {
    "intake": _("First words"),
    "message": _("The person wrote"),
    "consent": _("The person decided on a consent"),
    "record": _("The person answered to the record"),
    "end": _("The person ended the contact"),
    "erase": _("The person asks for erasure"),
    "keep": _("The person doesn't want it erased any more"),
}

DUE: Mapping[str, LazyString] = {
    "follow-up": _("Follow-up"),
    "step": _("Agreed step"),
    "acknowledge": _("Acknowledge receipt"),
    "answer": _("Tell what was done"),
    "erase": _("Is erased"),
}

CHANNELS: Mapping[str, LazyString] = {
    "in-person": _("in person"),
    "phone": _("by phone"),
    "video": _("by video"),
    "mail": _("by e-mail"),
    "online": _("on this page"),
}

PREFERRED: Mapping[str, LazyString] = {
    "here": _("here, with the receipt code"),
    "phone": _("by phone"),
    "mail": _("by e-mail"),
    "in-person": _("in person"),
}

REASONS: Mapping[str, LazyString] = {
    "CannotOpen": _(
        "It can't be opened with any key of this case: it was damaged, or sealed for something else."
    ),
    "BadSignature": _("Its signature is wrong: it doesn't come from the person who began this contact."),
}
"""Why a letter couldn't be opened, by the name of the error; anything else is :data:`NOT_UNDERSTOOD`."""
NOT_UNDERSTOOD = _("It could be opened, but this program doesn't understand what is in it.")

THEMES: Mapping[str, LazyString] = {
    "all": _("Everything"),
    "talk": _("Conversation"),
    "work": _("Notes and steps"),
    "consents": _("Consents and referrals"),
}
