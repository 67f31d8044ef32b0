"""How each face looks: its name in words, its colour and its mark.

An officer always sees in which compartment they are: every page carries the face's class (colours are in
static/schotten.css under `.face-<name>`), its mark (templates/macros/marks.html) and its name. This module holds
presentation only: no rights are decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import LazyString, lazy_gettext
from flask_bootstrap import Bootstrap5

from app.web.errorlist import errors_of
from app.web.markdown import render_markdown
from app.web.navigation import nav_links


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


def _look(name: str, title: LazyString, short: LazyString, purpose: LazyString) -> tuple[str, Look]:
    return name, Look(name, title, short, purpose)


LOOKS: Mapping[str, Look] = MappingProxyType(
    dict(
        (
            _look("public", lazy_gettext("Public pages"), lazy_gettext("Public"), lazy_gettext("For everybody, without an account")),
            _look("board", lazy_gettext("Board"), lazy_gettext("Board"), lazy_gettext("Postings, applications, appointments, figures")),
            _look(
                "desk",
                lazy_gettext("Support, communication, processes and law"),
                lazy_gettext("Support desk"),
                lazy_gettext("Requests, answers, news, legal texts"),
            ),
            _look("membership", lazy_gettext("Membership office"), lazy_gettext("Membership"), lazy_gettext("Register, dues, divisions")),
            _look(
                "administration",
                lazy_gettext("Administration"),
                lazy_gettext("Administration"),
                lazy_gettext("Platform, accounts, operations"),
            ),
            _look(
                "clearing",
                lazy_gettext("Clearing office"),
                lazy_gettext("Clearing"),
                lazy_gettext("Reference keys and invite codes, no names"),
            ),
            _look("counsel", lazy_gettext("Counsellors"), lazy_gettext("Counsel"), lazy_gettext("Confidential counsel")),
        )
    )
)
PUBLIC = LOOKS["public"]


def show_face(name: str) -> None:
    """Dress the current request as face `name`, for pages whose blueprint doesn't say (log-in, enrolment)."""
    g.face = LOOKS[name].name


def current_look() -> Look:
    """The face of the current request: `show_face`, else the blueprint, else the first part of the path."""
    candidates = (g.get("face"), (request.endpoint or "").partition(".")[0], request.path.lstrip("/").partition("/")[0])
    return next((LOOKS[name] for name in candidates if name in LOOKS), PUBLIC)


def init_look(app: Flask) -> None:
    """Set up Bootstrap (served from this machine), the context names of base.html, and the template functions of the macros."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    fingerprints = _fingerprints(Path(app.static_folder)) if app.static_folder else {}

    def asset(filename: str) -> str:
        return url_for("static", filename=filename, v=fingerprints.get(filename))

    app.jinja_env.globals.update(asset=asset, errors_of=errors_of, looks=LOOKS)
    app.jinja_env.filters["markdown"] = render_markdown
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    look = current_look()
    return {"look": look, "nav_items": nav_links(look.name)}


def _fingerprints(folder: Path) -> dict[str, str]:
    """A short hash per static file, so that browsers may keep files for long and still see a new release at once."""
    return {path.name: sha256(path.read_bytes()).hexdigest()[:12] for path in folder.iterdir() if path.is_file()}
