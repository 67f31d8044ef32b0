"""Alarms and refusals in the reader's language: what has happened, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.office.recoveries import first_officer
from app.offices import kind_of
from app.shared.assignments import REFUSED_APPOINTMENT, REFUSED_MERGE
from app.vault.models import RECOVERED, Alarm
from app.web.look import LOOKS


@dataclass(frozen=True)
class Explained:
    """A sentence that says what has happened, and one that says what it means."""

    title: str
    text: str


def office_name(vault: str) -> str:
    """The name of a compartment in words."""
    return str(LOOKS[kind_of(vault)].title)


def alarm_in_words(alarm: Alarm) -> Explained:
    """Explain an alarm."""
    if alarm.kind == "missing-envelope":
        sender, _separator, number = str(alarm.detail).rpartition(" ")
        return Explained(
            _("An envelope is missing"),
            _(
                "Envelope number %(number)s has not arrived. Its sender: %(sender)s. Ask there, by another way, what was in it.",
                sender=office_name(sender),
                number=number,
            ),
        )
    if alarm.kind == "refused-envelope":
        return Explained(_("An envelope was refused"), refusal_in_words(str(alarm.detail)))
    if known := _failed(alarm.kind):
        return known
    if alarm.kind == RECOVERED:
        return Explained(_("The recovery shares of this office were used"), _recovered(alarm))
    return Explained(_("Something needs your attention"), f"{alarm.kind}: {alarm.detail}")


def _failed(kind: str) -> Explained | None:
    """What was decided here and could not be done."""
    known = {
        "stuck-order": Explained(
            _("Something decided here is stuck"),
            _(
                "It was decided here, and could not be carried out. It is tried again with every page; tell the operator."
            ),
        ),
        "refused-letter": Explained(
            _("A letter to a case couldn't be opened"),
            _("It is kept as it came. Whoever reads the case finds it among the cases, with what to do."),
        ),
        REFUSED_APPOINTMENT: Explained(
            _("An appointment could not be carried out"),
            _(
                "The rules of separation forbid it: the person has taken another office meanwhile. Please withdraw the offer and tell the person."
            ),
        ),
        REFUSED_MERGE: Explained(
            _("Two entries could not be made one"),
            _(
                "The rules of separation forbid it: one of the two has taken another office meanwhile. End one of the offices first."
            ),
        ),
    }
    return known.get(kind)


def refusal_in_words(reason: str) -> str:
    """Explain why an envelope was refused. ``reason`` is the name of the error."""
    known = {
        "CannotOpen": _("It could not be opened: it was sealed for somebody else, or has been damaged."),
        "BadSignature": _(
            "Its signature is wrong: it does not come from the office that it claims to come from."
        ),
        "BrokenChain": _(
            "The keys of its sender do not follow from the known ones: somebody may have exchanged them. Tell the operator at once."
        ),
        "Replayed": _("It is an old one that has been sent again."),
    }
    return str(known.get(reason) or _("What was inside is not what it should be."))


def _recovered(alarm: Alarm) -> str:
    name = first_officer(alarm)
    if name is None:
        return str(
            _("The operator opened it with them. Nobody has come in with the code from that day so far.")
        )
    return str(
        _(
            "The operator opened it with them and ended every access from before. The new first officer is %(name)s. If you didn't know of this, ask the board.",
            name=name,
        )
    )
