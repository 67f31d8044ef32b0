"""What every compartment has: inbox, notes to colleagues, who has access. Importing this attaches all of it to the blueprint."""

from __future__ import annotations

from app.office.blueprint import blueprint

__all__ = ["blueprint"]
