"""How each face looks: its name in words, its colour and its mark.

An officer always sees in which compartment they are: every page carries the face's class (colours are in
static/schotten.css under `.face-<name>`), its mark (templates/macros/marks.html) and its name. This module holds
presentation only: no rights are decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_bootstrap import Bootstrap5
from flask_login import current_user

from app.web.assets import Assets
from app.web.errorlist import errors_of
from app.web.markdown import render_markdown
from app.web.navigation import nav_links, url_of


@dataclass(frozen=True, slots=True)
class Look:
    """One face: `name` is also the CSS class suffix and the name of the mark."""

    name: str
    title: LazyString
    short: LazyString
    purpose: LazyString

    @property
    def css_class(self) -> str:
        return f"face-{self.name}"

    @property
    def is_public(self) -> bool:
        return self.name == "public"


_LOOKS = (
    Look("public", _("Public pages"), _("Public"), _("For everybody, without an account")),
    Look("board", _("Board"), _("Board"), _("Postings, applications, appointments, figures")),
    Look(
        "desk",
        _("Support, communication, processes and law"),
        _("Support desk"),
        _("Requests, answers, news, legal texts"),
    ),
    Look("membership", _("Membership office"), _("Membership"), _("Register, dues, divisions")),
    Look("administration", _("Administration"), _("Administration"), _("Platform, accounts, operations")),
    Look("clearing", _("Clearing office"), _("Clearing"), _("Reference keys and invite codes, no names")),
    Look("counsel", _("Counsellors"), _("Counsel"), _("Confidential counsel")),
)
LOOKS: Mapping[str, Look] = MappingProxyType({look.name: look for look in _LOOKS})
PUBLIC = LOOKS["public"]


def show_face(name: str) -> None:
    """Dress the current request as face `name`, for pages whose blueprint doesn't say (log-in, enrolment)."""
    g.face = LOOKS[name].name


def current_look() -> Look:
    """The face of the current request: `show_face`, else the blueprint, else the first part of the path."""
    candidates = (
        g.get("face"),
        (request.endpoint or "").partition(".")[0],
        request.path.lstrip("/").partition("/")[0],
    )
    return next((LOOKS[name] for name in candidates if name in LOOKS), PUBLIC)


def init_look(app: Flask) -> None:
    """Set up Bootstrap (served from this machine), the context names of base.html, and the template functions of the macros."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.jinja_env.globals.update(asset=Assets(app), errors_of=errors_of, looks=LOOKS)
    app.jinja_env.filters["markdown"] = render_markdown
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    look = current_look()
    # Links and officer are looked up when the header asks for them: an error page must not fail on what the failure broke.
    return {
        "look": look,
        "nav_items": partial(nav_links, look.name),
        "logout_url": _logout_url(look),
        "current_user": current_user,
    }


def _logout_url(look: Look) -> str | None:
    served = "accounts.logout" in current_app.view_functions and not look.is_public
    return url_of("accounts.logout", look.name) if served else None
