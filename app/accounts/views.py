"""Pages of accounts. Importing this attaches all of them to the blueprint."""

from __future__ import annotations

from app.accounts.blueprint import blueprint
from app.accounts.pages import account, enrolment, login, second_factor

__all__ = ["account", "blueprint", "enrolment", "login", "second_factor"]
