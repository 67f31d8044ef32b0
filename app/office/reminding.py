"""What a reminder of the calendar is said to be, in the reader's language, and its days as a file for an officer's own calendar."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.office import calendar
from app.office.calendar import Reminder
from app.web.state import state


def in_words(reminder: Reminder) -> str:
    """One sentence of what is due."""
    if reminder.state == calendar.TODAY:
        return str(_("The reconciliation is due today"))
    day = format_date(reminder.day, "long")
    if reminder.state == calendar.SOON:
        return str(
            ngettext(
                "The reconciliation is due in %(num)s day, on %(day)s",
                "The reconciliation is due in %(num)s days, on %(day)s",
                reminder.days,
                day=day,
            )
        )
    return str(
        ngettext(
            "The reconciliation of %(day)s is %(num)s day overdue",
            "The reconciliation of %(day)s is %(num)s days overdue",
            reminder.days,
            day=day,
        )
    )


def shown(reminder: Reminder | None) -> dict[str, Any]:
    """What a page needs to show a reminder (templates/macros/calendar.html)."""
    return {"due": reminder, "due_words": in_words(reminder) if reminder else ""}


def calendar_file(days: Collection[int], name: str) -> ResponseReturnValue:
    """Answer with the days as a file for an officer's own calendar."""
    text = calendar.as_file(days, state().today, title=_("Reconciliation"), name=name)
    headers = {"Content-Disposition": "attachment; filename=reconciliation.ics"}
    return Response(text, mimetype="text/calendar", headers=headers)
