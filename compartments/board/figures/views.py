"""The page of released figures: per period each office's numbers, the sums, and whether they agree."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from app.web.guard import officer_required
from compartments.board import charts
from compartments.board.figures import service, words

blueprint = Blueprint("figures", __name__)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What the three offices have released, newest period first."""
    periods = service.periods()
    longest = max((sum(period.parts.values()) for period in periods), default=1)
    return render_template(
        "board/figures/index.html",
        periods=periods,
        bars=[
            (period, charts.stacked(period.parts, service.PARTS, longest))
            for period in reversed(periods)
            if sum(period.parts.values())
        ],
        figures=service.FIGURES,
        words=words,
        month=_month,
    )


def _month(period: str) -> str:
    """A period such as "2026-11" in words."""
    return str(format_date(date.fromisoformat(f"{period}-01"), "MMMM y"))
