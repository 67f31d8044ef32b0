"""Pages of this part of the administration compartment: the connection to the participation platform: plan, apply, read back; or files in its place."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("platform", __name__, url_prefix="/platform")
