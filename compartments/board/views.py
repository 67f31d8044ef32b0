"""Pages of the board compartment."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.web.compartment import Compartment
from app.web.guard import officer_required
from compartments.board.models import SCHEMA
from compartments.board.service import ACTIONS, INCOMING

blueprint = Blueprint("board", __name__)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Where the officers begin."""
    return redirect(url_for("office.inbox", compartment="board"))
