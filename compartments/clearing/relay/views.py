"""The page of the relay: how many messages went which way. There is nothing to read here, and nothing to do."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.guard import officer_required
from compartments.clearing.relay import service

blueprint = Blueprint("relay", __name__, url_prefix="/relay")


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The messages that passed."""
    return render_template("clearing/relay/index.html", messages=service.recent())
