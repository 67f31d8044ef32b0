"""What one reads before writing: no cookie, no form that needs one, nothing that is kept by a browser. And the way out."""

from __future__ import annotations

from flask import abort, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from app.public.blueprint import blueprint
from app.public.counselling.page import accepting, published
from app.shared.drops import KEPT_FOR
from app.web.navigation import NavItem, add_nav
from app.web.state import state

PAGES = {
    1: "public/counselling/help.html",
    2: "public/counselling/counsellors.html",
    3: "public/counselling/confidentiality.html",
    4: "public/counselling/safety.html",
    5: "public/counselling/words.html",
}
CLEARED = '"cache", "cookies", "storage"'

add_nav(
    blueprint,
    "public",
    NavItem(lazy_gettext("Counselling"), ".counselling", order=35, section=(".counselling",)),
)


@blueprint.get("/counselling")
def counselling() -> ResponseReturnValue:
    """What there is, whom one can write to, and the two ways in."""
    everybody = published()
    return render_template(
        "public/counselling/index.html",
        counsellors=everybody,
        open=bool(accepting(everybody)),
    )


@blueprint.get("/counselling/<int:number>")
def counselling_page(number: int) -> ResponseReturnValue:
    """One of the pages about it."""
    if number not in PAGES:
        abort(404)
    return render_template(
        PAGES[number],
        counsellors=published(),
        days=KEPT_FOR.days,
        backups=state().settings.backups_kept.days,
        hours=round(state().settings.draft_valid_for.total_seconds() / 3600),
        number=number,
    )


@blueprint.get("/counselling/leave")
def counselling_leave() -> ResponseReturnValue:
    """Away, to a page that says nothing. The browser forgets what it has of this site, as far as a site can make it."""
    if session:
        session.clear()
    response = redirect(state().settings.neutral_page, 303)
    response.headers["Clear-Site-Data"] = CLEARED
    return response
