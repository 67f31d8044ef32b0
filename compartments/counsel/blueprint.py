"""The blueprint of the counsel compartment, and what its pages have in common."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.opened import NoCase, OpenCase
from compartments.counsel.service import ACTIONS

blueprint = Blueprint("counsel", __name__)
# What is sealed as JSON keeps its days and moments in ISO form.
blueprint.add_app_template_filter(date.fromisoformat, "isodate")
blueprint.add_app_template_filter(datetime.fromisoformat, "isomoment")


def desk() -> Desk:
    """The desk of the officer whose page this is."""
    return Desk.of(officer())


def case_of(at: Desk, case_id: str) -> OpenCase:
    """A case that this officer reads; 404 for any other, whether there is one or not."""
    try:
        case = at.open(case_id, now=utc_now())
    except NoCase as error:
        abort(make_response(gone_meanwhile(error)))
    # What has just been taken in may have left word for the person: that goes now, and not with whatever page is opened next.
    outbox.deliver(ACTIONS)
    return case


@blueprint.errorhandler(NoCase)
def gone_meanwhile(_error: NoCase) -> ResponseReturnValue:
    """A case that isn't there, isn't this officer's, or went while this request was at it: one page for all, so that it tells nobody which."""
    return render_template("counsel/cases/none.html"), 404
