"""The blueprint of the pages that every compartment has, under ``/<compartment>/…``.

The compartment stands in the path: that decides whose session counts and which vault is opened (app.web.guard). Modules of this
package attach their views to :data:`blueprint`; :mod:`app.office.views` imports them all.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from flask_login import current_user

from app.office.authors import Author
from app.offices import OFFICES
from app.web.compartment import served
from app.web.guard import officer
from app.web.look import current_look

blueprint = Blueprint("office", __name__, url_prefix=f"/<any({','.join(OFFICES)}):compartment>")


@blueprint.url_value_preprocessor
def _only_what_this_app_serves(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the compartment out of the view's arguments; 404 where this app doesn't serve it."""
    if (values or {}).pop("compartment", None) not in served():
        abort(404)


@blueprint.url_defaults
def _stay_in_the_compartment(_endpoint: str, values: dict[str, Any]) -> None:
    """Links from an office's page to its inbox need not name the office."""
    values.setdefault("compartment", current_look().name)


def author() -> Author:
    """The officer whose page this is, as histories and notes keep them."""
    account = officer().account
    return Author(account.id, account.display_name)


def signed_in() -> bool:
    """Whether an officer is logged in: log-in pages of an office show no navigation."""
    return bool(current_user.is_authenticated)
