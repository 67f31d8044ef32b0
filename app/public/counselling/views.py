"""The one address to which everything is sent, whether somebody writes in or comes back: a browser's history shows no difference."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.public.blueprint import blueprint
from app.public.counselling import intake, reading, visit
from app.public.counselling.page import START, accepting, published, to
from app.web.genuine import FOR_EVER, is_genuine
from app.web.limits import TRIES, limiter

WRITE, VISIT = "write", "visit"
STEPS = "120 per minute"

__all__ = ["counselling_go", "reading"]


def _tries_no_code() -> bool:
    return not request.form.get("code")


@blueprint.post("/counselling")
@limiter.limit(STEPS)
@limiter.limit(TRIES, exempt_when=_tries_no_code)
def counselling_go() -> ResponseReturnValue:
    """Lead to the page that the form says. What another session typed is taken from nobody: see :func:`_anew`."""
    part = request.form.get("part")
    if part not in {WRITE, VISIT}:
        return redirect(to(".counselling"), 303)
    if request.form.get("go") != START and not is_genuine(FOR_EVER):
        return _anew()
    return intake.go() if part == WRITE else visit.go()


def _anew() -> ResponseReturnValue:
    """Show no word of what came, and set no cookie: somebody may have pressed "back" and "reload" after another had left.

    The token ends with the cookie, and the cookie with leaving or with the browser, and nothing else ends it.
    """
    return render_template("public/counselling/anew.html", open=bool(accepting(published())))
