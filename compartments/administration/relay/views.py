"""Pages of this part of the administration compartment: messages to the holders of accounts, by way of clearing, and their answers."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("relay", __name__, url_prefix="/relay")
