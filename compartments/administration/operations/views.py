"""Pages of this part of the administration compartment: the office's own work: changes, incidents, maintenance, runbooks, credentials."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("operations", __name__, url_prefix="/operations")
