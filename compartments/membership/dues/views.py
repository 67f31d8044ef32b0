"""Pages of this part of the membership compartment: what members owe and have paid: amounts, payments, arrears, reminders."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("dues", __name__, url_prefix="/dues")
