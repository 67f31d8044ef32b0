"""Pages of this part of the membership compartment: applications for membership: from the sealed envelope to the number."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("admissions", __name__, url_prefix="/admissions")
