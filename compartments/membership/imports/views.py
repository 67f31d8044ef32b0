"""Pages of this part of the membership compartment: taking in lists of members: staged, previewed, committed and undone as a whole."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
