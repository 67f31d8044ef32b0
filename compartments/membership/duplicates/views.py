"""Pages of this part of the membership compartment: one person with two numbers: found, compared, merged, or noted as two."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("duplicates", __name__, url_prefix="/duplicates")
