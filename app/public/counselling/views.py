"""The one address to which everything is sent, whether somebody writes in or comes back: a browser's history shows no difference."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.public.blueprint import blueprint
from app.public.counselling import intake, reading, visit
from app.public.counselling.page import to
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
    """Lead to the page that the form says."""
    part = request.form.get("part")
    if part == WRITE:
        return intake.go()
    if part == VISIT:
        return visit.go()
    return redirect(to(".counselling"), 303)
