"""Pages of the administration compartment."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.office import calendar, reminding
from app.office.audit import add_audit
from app.office.blueprint import signed_in
from app.office.views import waiting
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.administration import reports
from compartments.administration.codes import books
from compartments.administration.codes import views as codes
from compartments.administration.models import SCHEMA
from compartments.administration.operations import views as operations
from compartments.administration.platform import views as platform
from compartments.administration.reconciliation import batches
from compartments.administration.reconciliation import views as reconciliation
from compartments.administration.relay import views as relay
from compartments.administration.service import ACTIONS, INCOMING, JOBS

blueprint = Blueprint("administration", __name__)
for part in (codes, operations, platform, reconciliation, relay):
    blueprint.register_blueprint(part.blueprint)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS, JOBS)
add_nav(blueprint, "administration", NavItem(lazy_gettext("Start"), ".index", order=10, visible=signed_in))
add_audit(
    blueprint,
    "administration",
    reports.audit_figures,
    {
        "codes": lazy_gettext("Invite codes received"),
        "accounts": lazy_gettext("Accounts on the platform"),
        "locked": lazy_gettext("Codes and accounts locked"),
        "deactivated": lazy_gettext("Invite codes deactivated"),
    },
)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """How things are, and what is due."""
    today = state().today
    return render_template(
        "administration/index.html",
        waiting=waiting(),
        standing=books.standing(),
        **reminding.shown(batches.reminder(today)),
        next_due=calendar.following(batches.days(), today),
    )
