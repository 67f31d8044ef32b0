"""The access report as its person reads it: fields by their names, values as people write them (Art. 12(1) GDPR). Words only.

The JSON keeps every value as the vault holds it; here what only the program itself needs is left out, and so are fields with nothing in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, format_datetime, lazy_gettext
from flask_babel import gettext as _

from compartments.membership.admissions.words import state_names
from compartments.membership.details import from_text
from compartments.membership.fields import euros
from compartments.membership.invitations.words import MAIL_STATES
from compartments.membership.persons import ADDED
from compartments.membership.rights.wording import kind_names
from compartments.membership.wording import FIELD_NAMES, in_words

INTERNAL = frozenset(
    {
        "revision", "first", "second", "survivor", "score", "run", "next_try", "exposed", "owner_left", "waits", "import_id", "place",
        "locks", "reasons", "attempts",
    }
)  # fmt: skip
"""Numbers and marks of the program, which tell a reader nothing."""

NAMES = {
    **FIELD_NAMES,
    "paid_until": lazy_gettext("Paid until"),
    "first_paid_on": lazy_gettext("First payment on"),
    "credit_cents": lazy_gettext("Credit"),
    "reminded_on": lazy_gettext("Last reminder on"),
    "field": lazy_gettext("Field"),
    "before": lazy_gettext("Before"),
    "after": lazy_gettext("Afterwards"),
    "at": lazy_gettext("When"),
    "ticket": lazy_gettext("Ticket reference"),
    "state": lazy_gettext("State"),
    "found_at": lazy_gettext("Found on"),
    "decided_at": lazy_gettext("Decided on"),
    "remark": lazy_gettext("Remark"),
    "record": lazy_gettext("Record"),
    "merged_at": lazy_gettext("Merged on"),
    "received_on": lazy_gettext("Received on"),
    "retain_until": lazy_gettext("Erased on"),
    "division_wish": lazy_gettext("Division wished for"),
    "dues_monthly": lazy_gettext("Dues per month"),
    "dues_reduction": lazy_gettext("Asks for a reduction"),
    "dues_reason": lazy_gettext("Reason for the reduction"),
    "other_party": lazy_gettext("Another party"),
    "earlier_refusal": lazy_gettext("Earlier refusal"),
    "guardian_name": lazy_gettext("Parent or guardian"),
    "guardian_consent": lazy_gettext("Parent or guardian agrees"),
    "consent": lazy_gettext("Consent"),
    "consent_on": lazy_gettext("Consent given on"),
    "remarks": lazy_gettext("Remarks"),
    "reason": lazy_gettext("Reason"),
    "kind": lazy_gettext("Kind"),
    "cents": lazy_gettext("Amount"),
    "months": lazy_gettext("Months"),
    "used_cents": lazy_gettext("Amount counted"),
    "reference": lazy_gettext("Reference"),
    "taken_back_at": lazy_gettext("Taken back on"),
    "taken_back_on": lazy_gettext("Taken back on"),
    "key_set": lazy_gettext("Key set"),
    "assigned_on": lazy_gettext("Assigned on"),
    "deactivated_on": lazy_gettext("Deactivated on"),
    "code": lazy_gettext("What the mail server said"),
    "settled_on": lazy_gettext("Settled on"),
    "since": lazy_gettext("Since"),
    "text": lazy_gettext("Text"),
    "arrived_on": lazy_gettext("Arrived on"),
    "sent_on": lazy_gettext("Sent on"),
    "due_on": lazy_gettext("To be answered by"),
    "answered_on": lazy_gettext("Answered on"),
    "came_in": lazy_gettext("Written by you"),
    "day": lazy_gettext("Day"),
    "name": lazy_gettext("Name"),
    "media_type": lazy_gettext("Kind of file"),
    "size": lazy_gettext("Size in bytes"),
    "line": lazy_gettext("Line of the list"),
    "number": lazy_gettext("Member number"),
    "given": lazy_gettext("What the list says"),
    "changes": lazy_gettext("What it changed"),
    "problem": lazy_gettext("What was wrong"),
}
_COUNTED = frozenset({"cents", "used_cents", "credit_cents", "months", "reminders"})
"""What says nothing where it is none."""
_CENTS = frozenset({"cents", "used_cents", "credit_cents", "dues_monthly"})
_HELD = frozenset({"record", "given", "changes"})
"""What the program has written as JSON. In any other text somebody may have typed what looks like it."""
_DAYS, _MOMENTS = ("_on", "_date", "_until", "since"), ("at",)
"""How the names of columns end that hold days, or times."""


def readable(report: Mapping[str, Any], divisions: Mapping[int, str]) -> dict[str, Any]:
    """Return the report with its tables in the reader's words: label -> text."""
    held = {table: [_row(table, row, divisions) for row in rows] for table, rows in report["held"].items()}
    return {
        **report,
        "made_on": _value("", "made_on", report["made_on"], {}),
        "held": {table: [row for row in rows if row] for table, rows in held.items()},
    }


def _row(table: str, row: Mapping[str, Any], divisions: Mapping[int, str]) -> dict[str, str]:
    if "field" in row:
        return _change(row, divisions)
    said = {
        str(NAMES.get(name, name)): _value(table, name, value, divisions)
        for name, value in row.items()
        if name not in INTERNAL
    }
    return {label: text for label, text in said.items() if text}


def _change(row: Mapping[str, Any], divisions: Mapping[int, str]) -> dict[str, str]:
    field = str(row["field"])
    if field == ADDED:
        return {_("Added to the register"): _value("", "at", row["at"], divisions)}
    said = {
        str(NAMES["field"]): str(NAMES.get(field, field)),
        str(NAMES["before"]): in_words(field, from_text(field, row["before"]), dict(divisions)),
        str(NAMES["after"]): in_words(field, from_text(field, row["after"]), dict(divisions)),
        str(NAMES["at"]): _value("", "at", row["at"], divisions),
        str(NAMES["ticket"]): str(row["ticket"]),
    }
    return {label: text for label, text in said.items() if text}


def _value(table: str, name: str, value: Any, divisions: Mapping[int, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    text = str(value)
    if coded := _codes().get((table, name)):
        return str(coded.get(text, text))
    if name in _COUNTED and not value:
        return ""
    if name in _CENTS:
        return f"{euros(int(value))} €"
    return _written(name, value, divisions)


def _written(name: str, value: Any, divisions: Mapping[int, str]) -> str:
    """A value whose kind its field's name tells."""
    text = str(value)
    if name.endswith(_DAYS) or name == "day":
        return str(format_date(date.fromisoformat(text), "medium"))
    if name.endswith(_MOMENTS):
        return str(format_datetime(datetime.fromisoformat(text), "short"))
    if name in FIELD_NAMES:
        return str(in_words(name, value, dict(divisions)))
    return _held(text, divisions) if name in _HELD else text


def _held(text: str, divisions: Mapping[int, str]) -> str:
    """What a column holds as one: field -> value, or field -> before and after."""
    try:
        held = json.loads(text)
    except ValueError:
        return text
    parts = []
    for field, value in held.items():
        values = [
            from_text(field, one) if isinstance(one, str) and field in FIELD_NAMES else one
            for one in (value if isinstance(value, list) else [value])
        ]
        shown = " → ".join(_value("", field, one, divisions) or "–" for one in values)
        parts.append(f"{NAMES.get(field, field)}: {shown}")
    return "; ".join(parts)


def _codes() -> dict[tuple[str, str], Mapping[str, Any]]:
    """Table and field -> code -> words."""
    return {
        ("admission", "state"): state_names(),
        ("invitation", "state"): MAIL_STATES,
        ("rights_request", "kind"): kind_names(),
        ("payment", "kind"): {
            "payment": _("Payment"),
            "waiver": _("waived"),
            "carried": _("carried over"),
        },
        ("reference_key", "state"): {"assigned": _("good"), "deactivated": _("deactivated")},
        ("pair", "state"): {"open": _("not looked at yet"), "distinct": _("two persons")},
        ("message", "state"): {"open": _("open"), "closed": _("done")},
        ("staged_row", "kind"): {
            "add": _("New members"),
            "change": _("Changes"),
            "exit": _("Exits"),
            "same": _("Unchanged"),
            "bad": _("Bad rows"),
        },
    }
