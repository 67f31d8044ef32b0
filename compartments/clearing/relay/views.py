"""Pages of this part of the clearing compartment: messages between an account and a member: each passed on under the next office's own identifier."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("relay", __name__, url_prefix="/relay")
