"""Pages of this part of the membership compartment: what a person may ask for: access, correction, erasure. And exports for a purpose."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("rights", __name__, url_prefix="/rights")
