"""What the membership office's sums are called where two of its officers release them to the board."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import lazy_gettext

from app.office.audit import add_audit
from compartments.membership import reports

NAMES = {
    "keys": lazy_gettext("Reference keys received"),
    "assigned": lazy_gettext("of these, with a member"),
    "free": lazy_gettext("of these, not yet given out"),
    "deactivated": lazy_gettext("of these, deactivated"),
    "urgent": lazy_gettext("Locked at once, apart from the regular lists"),
}


def add_figures(blueprint: Blueprint) -> None:
    """Give the office the page on which its sums are released."""
    add_audit(blueprint, "membership", reports.audit_figures, NAMES)
