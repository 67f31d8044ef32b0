"""Pages of the counsel compartment."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.web.compartment import Compartment
from app.web.guard import officer_required
from compartments.counsel.models import SCHEMA
from compartments.counsel.service import ACTIONS, INCOMING

blueprint = Blueprint("counsel", __name__)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Where the officers begin."""
    return redirect(url_for("office.inbox", compartment="counsel"))
