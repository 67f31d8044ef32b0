"""Pages of this part of the clearing compartment: turning membership's reference keys into administration's invite codes, shuffled, batch by batch."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")
