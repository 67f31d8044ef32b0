"""Pages of the counsel compartment."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.office.blueprint import signed_in
from app.office.views import waiting
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from compartments.counsel.models import SCHEMA
from compartments.counsel.service import ACTIONS, INCOMING

blueprint = Blueprint("counsel", __name__)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)
add_nav(blueprint, "counsel", NavItem(lazy_gettext("Start"), ".index", order=10, visible=signed_in))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What this office does, and what waits for it."""
    return render_template("counsel/index.html", waiting=waiting())
