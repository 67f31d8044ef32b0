"""What every page does that acts on an application: do it once, or show the page again with what was typed and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.state import state
from compartments.board import reader
from compartments.board.applications import letters
from compartments.board.applications.history import (
    AlreadyDone,
    StaleApplication,
    UnknownApplication,
    find,
    since,
)
from compartments.board.applications.service import NotPossibleNow
from compartments.board.appointments import orders
from compartments.board.forms import ActForm
from compartments.board.models import Application, StageEvent


@dataclass
class Again:
    """Why a page is shown again instead of the act having been done: the forms as they were sent, and what happened meanwhile."""

    forms: dict[str, Any] = field(default_factory=dict)
    happened: list[StageEvent] = field(default_factory=list)
    problem: str = ""


def carry_out(
    application_id: str,
    form: ActForm,
    name: str,
    act: Callable[[], object],
    page: Callable[[Application, Again], str],
    done: str,
) -> ResponseReturnValue:
    """Do ``act`` if the form is in order; otherwise show ``page`` again with what was typed and what stands against it."""
    try:
        if not form.validate_on_submit():
            return page(find(application_id), Again({name: form})), 422
        try:
            act()
        except StaleApplication as stale:
            application = find(application_id)
            form.show(application.revision)
            return page(application, Again({name: form}, since(application, stale.seen))), 409
        except NotPossibleNow:
            return page(find(application_id), Again({name: form}, problem=_not_possible())), 409
    except AlreadyDone:
        pass
    except UnknownApplication:
        return gone(form)
    orders.deliver()
    flash(done, "success")
    return redirect(url_for("board.applications.show", application_id=application_id), 303)


def gone(form: Any = None) -> ResponseReturnValue:
    """Say that an application isn't here any more; what was typed for it is shown, to be copied."""
    typed = [one.data for one in form if one.type == "TextAreaField" and one.data] if form else []
    return render_template("board/applications/gone.html", typed=typed), 404


def letter_for(application: Application, kind: str, postings: list[str], date: Any = None) -> str:
    """The wording of a letter in the applicant's language, filled in. ``date`` defaults to the day of erasure after a rejection."""
    titles = reader.titles(application.language)
    day = date or state().today + state().settings.application_retention
    places = {
        "name": application.name,
        "posting": " / ".join(titles.get(slug, slug) for slug in postings),
        "organisation": reader.organisation(),
        "date": _in_words(day, application.language),
    }
    return letters.filled_in(kind, application.language, places)


def _in_words(day: Any, tongue: str) -> str:
    """A day in the applicant's language, whatever the reader's is."""
    return day.strftime("%d.%m.%Y") if tongue == "de" else f"{day.day} {day:%B %Y}"


def _not_possible() -> Any:
    return _("This isn't possible any more: the application stands elsewhere now. You see it as it is.")
