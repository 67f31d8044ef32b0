"""Pages of this part of the clearing compartment: pairs of reference key and invite code: made in sets, claimed, deactivated."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("keysets", __name__, url_prefix="/keysets")
