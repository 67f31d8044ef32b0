"""Rules of the board compartment: what is done with letters that come in and with orders that go out. Knows no Flask.

The rules themselves stand in the sub-packages; here is only who takes what, and the notices to other compartments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.offices import OFFICES
from compartments.board.applications.erasure import take_withdrawal
from compartments.board.applications.incoming import take_application, take_message
from compartments.board.appointments import orders
from compartments.board.appointments.service import take_reply
from compartments.board.counsel.service import take_report
from compartments.board.figures.service import take_figures
from compartments.board.models import SentNotice, database

INCOMING: Mapping[str, Handler] = {
    "application": take_application,
    "application-message": take_message,
    "application-reply": take_reply,
    "application-withdrawal": take_withdrawal,
    "audit-figures": take_figures,
    "annual-report": take_report,
}
ACTIONS: Mapping[str, Action] = orders.ACTIONS

RECIPIENTS = tuple(name for name in OFFICES if name != "board")


def send_notice(
    recipient: str, subject: str, text: str, *, once: str, author: str, now: datetime, day: date
) -> None:
    """Send a notice to another compartment, sealed and signed. ``once`` is the form's own id: sent twice, it goes once."""
    if recipient not in RECIPIENTS:
        raise ValueError("there is no such compartment to write to")
    with database.atomic("IMMEDIATE"):
        if SentNotice.select().where(SentNotice.id == once).exists():
            return
        SentNotice.create(
            id=once, recipient=recipient, subject=subject, text=text, author_name=author, sent_at=now
        )
        body = {"subject": subject, "text": text, "author": author, "day": day.isoformat()}
        outbox.send("notice", recipient, body, day=day)


def sent_notices(most: int = 100) -> list[SentNotice]:
    """Return what was sent, newest first."""
    return list(SentNotice.select().order_by(SentNotice.sent_at.desc()).limit(most))
