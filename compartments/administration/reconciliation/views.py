"""Pages of this part of the administration compartment: locking and unlocking by the whitelist: dry run, threshold, second officer, application, counts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")
