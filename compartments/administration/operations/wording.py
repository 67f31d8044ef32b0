"""What the office's own records and their facts are called."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from compartments.administration.operations.models import Change, Credential, Incident, Maintenance, Record


@dataclass(frozen=True)
class Words:
    """A kind's names."""

    title: str
    lead: str
    add: str


def kinds_in_words() -> dict[str, Words]:
    """The kinds of records, in the order of their pages."""
    return {
        "changes": Words(
            _("Changes and updates"), _("What was changed on which system, and how long updates waited."), _("Write a change down")
        ),
        "incidents": Words(
            _("Incidents"), _("What went wrong, and the 72 hours where personal data are affected."), _("Write an incident down")
        ),
        "maintenance": Words(_("Maintenance windows"), _("When the platform may be away."), _("Plan a window")),
        "runbooks": Words(_("Runbooks"), _("How things are done, so that anybody can."), _("Write a runbook")),
        "credentials": Words(
            _("Credentials"), _("Passwords of the systems. Each look is noted."), _("Add a credential")
        ),
    }  # fmt: skip


def facts(record: Record) -> list[tuple[str, str]]:
    """What stands beside a record, without its text and without any secret."""
    found: list[tuple[str, str | None]] = []
    if isinstance(record, Change):
        found = [
            (_("System"), record.system),
            (_("Security update"), _("yes") if record.security else None),
            (_("There from"), format_date(record.published_on, "medium") if record.published_on else None),
            (
                _("Deployed"),
                format_date(record.deployed_on, "medium") if record.deployed_on else _("not yet"),
            ),
        ]
    elif isinstance(record, Incident):
        found = [
            (_("Noticed"), format_datetime(record.noticed_at, "short")),
            (_("Personal data"), _("affected") if record.personal_data else None),
            (_("Reported"), format_datetime(record.reported_at, "short") if record.reported_at else None),
            (_("Closed"), format_date(record.closed_on, "medium") if record.closed_on else _("not yet")),
        ]
    elif isinstance(record, Maintenance):
        found = [
            (_("From"), format_datetime(record.starts_at, "short")),
            (_("Until"), format_datetime(record.ends_at, "short")),
        ]
    elif isinstance(record, Credential):
        found = [(_("System"), record.system), (_("User name"), record.username or None)]
    return [(label, text) for label, text in found if text]
