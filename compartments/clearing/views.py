"""Pages of the clearing compartment."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.office.blueprint import signed_in
from app.office.views import waiting
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from compartments.clearing.keysets import views as keysets
from compartments.clearing.models import SCHEMA
from compartments.clearing.reconciliation import views as reconciliation
from compartments.clearing.relay import views as relay
from compartments.clearing.service import ACTIONS, INCOMING, JOBS

blueprint = Blueprint("clearing", __name__)
for part in (keysets, reconciliation, relay):
    blueprint.register_blueprint(part.blueprint)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS, JOBS)
add_nav(blueprint, "clearing", NavItem(lazy_gettext("Start"), ".index", order=10, visible=signed_in))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What this office does, and what waits for it."""
    return render_template("clearing/index.html", waiting=waiting())
