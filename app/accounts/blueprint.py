"""The blueprint of log-in, enrolment and an officer's own account. Pages of an account stand under its compartment's path."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, redirect

from app.offices import OFFICES
from app.web.compartment import served
from app.web.i18n import chosen_language
from app.web.look import current_look, show_face
from app.web.redirects import local_path

OWN = f"/<any({','.join(OFFICES)}):compartment>"
"""Beginning of the paths that belong to an account's compartment."""

blueprint = Blueprint("accounts", __name__)


@blueprint.url_value_preprocessor
def _only_what_this_app_serves(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the compartment out of the view's arguments; 404 where this app doesn't serve it."""
    compartment = (values or {}).pop("compartment", None)
    if compartment is not None and compartment not in served():
        abort(404)


@blueprint.url_defaults
def _stay_in_the_compartment(endpoint: str, values: dict[str, Any]) -> None:
    if current_app.url_map.is_endpoint_expecting(endpoint, "compartment"):
        values.setdefault("compartment", current_look().name)


def wanted(compartment: str, candidate: str | None) -> str:
    """Return where to go next: ``candidate`` if it is a page of this compartment, else the compartment's first page."""
    home = f"/{compartment}/"
    path = local_path(candidate, home)
    return path if path.startswith(home) else home


def see_other(path: str) -> Response:
    """Send the browser on after a POST."""
    return cast(Response, redirect(path, HTTPStatus.SEE_OTHER))


def dress(candidate: str | None) -> None:
    """Dress a page outside any compartment as the one it leads to, so that officers see where they log in."""
    first = local_path(candidate).split("/")[1]
    compartments = list(served())
    if first in compartments:
        show_face(first)
    elif len(compartments) == 1 and "public.index" not in current_app.view_functions:
        show_face(compartments[0])


def language() -> str:
    """The reader's language: "de" or "en"."""
    return chosen_language()
