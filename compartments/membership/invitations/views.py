"""Pages of this part of the membership compartment: reference keys: asked for, assigned at random, mailed, deactivated, and the runs that do it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")
