"""Pages of this part of the administration compartment: invite codes as they came from clearing, and what the platform says of them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("codes", __name__, url_prefix="/codes")
