"""Pages of the counsellors' annual reports."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from app.web.guard import officer_required
from compartments.board import reader
from compartments.board.counsel import service

blueprint = Blueprint("counsel", __name__)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The years."""
    return render_template(
        "board/counsel/list.html", reports=service.years(), released_on=service.released_on
    )


@blueprint.get("/<year>")
@officer_required
def show(year: str) -> ResponseReturnValue:
    """One report."""
    try:
        report = service.find(year)
    except LookupError:
        abort(404)
    labels = report.content["labels"][reader.language()]
    before = service.tables_before(year)
    return render_template("board/counsel/report.html", report=report, labels=labels, before=before)


@blueprint.get("/<year>/pdf")
@officer_required
def pdf(year: str) -> ResponseReturnValue:
    """The same as a PDF, as the counsellors made it."""
    try:
        file = service.printed(year, reader.language())
    except LookupError:
        abort(404)
    response: Response = send_file(
        BytesIO(bytes(file.content)), "application/pdf", as_attachment=True, download_name=file.name
    )
    response.headers["Cache-Control"] = "no-store"
    return response
