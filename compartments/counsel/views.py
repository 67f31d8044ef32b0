"""Pages of the counsel compartment: the start; its parts have their own."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.office.blueprint import signed_in
from app.office.views import waiting
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from compartments.counsel.annual import views as _annual
from compartments.counsel.blueprint import blueprint
from compartments.counsel.cases import reading_views as _reading
from compartments.counsel.cases import views as _cases
from compartments.counsel.consents import views as _consents
from compartments.counsel.counsellors import views as _counsellors
from compartments.counsel.incidents import views as _incidents
from compartments.counsel.models import SCHEMA
from compartments.counsel.prevention import views as _prevention
from compartments.counsel.service import ACTIONS, INCOMING
from compartments.counsel.services import views as _services

PARTS = (_cases, _reading, _consents, _counsellors, _incidents, _prevention, _annual, _services)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)
add_nav(blueprint, "counsel", NavItem(lazy_gettext("Start"), ".index", order=10, visible=signed_in))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What this office does, and what waits for it."""
    return render_template("counsel/index.html", waiting=waiting())
