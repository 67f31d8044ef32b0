"""Pages of the connection to the platform: its settings, and a try."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.office.forms import Confirmation
from app.web.guard import officer_required
from compartments.administration.platform import settings
from compartments.administration.platform.connector import PlatformError, connected
from compartments.administration.platform.forms import PlatformForm
from compartments.administration.platform.wording import failure_in_words

blueprint = Blueprint("platform", __name__, url_prefix="/platform")
KEPT_SECRET = "password"  # noqa: S105  (a column's name)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Where the platform is and by which rules it is changed; never the password."""
    return render_template(
        "administration/platform/index.html", settings=settings.read(), button=Confirmation()
    )


@blueprint.get("/edit")
@officer_required(junior=False, stepped_up=True)
def edit() -> ResponseReturnValue:
    """A form to change the settings."""
    found = settings.read()
    form = PlatformForm(formdata=None, obj=found)
    form.password.data = ""
    form.user.data = found.user or "schotten_connector"
    return render_template("administration/platform/edit.html", form=form)


@blueprint.post("/edit")
@officer_required(junior=False, stepped_up=True)
def save() -> ResponseReturnValue:
    """Save the settings."""
    form = PlatformForm()
    if not form.validate_on_submit():
        return render_template("administration/platform/edit.html", form=form)
    sent = ((name, value) for name, value in form.data.items() if name not in ("csrf_token", "revision"))
    values = {name: "" if value is None else value for name, value in sent}
    if not values[KEPT_SECRET]:
        del values[KEPT_SECRET]
    try:
        settings.save(values, revision=int(form.revision.data or 0))
    except (settings.ChangedMeanwhile, ValueError):
        flash(
            _("A colleague has changed the settings meanwhile. Please look at them and try again."), "warning"
        )
        return redirect(url_for(".edit"), 303)
    flash(_("The settings are saved."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/try")
@officer_required
def attempt() -> ResponseReturnValue:
    """Connect, ask for the version, and say what came of it."""
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".index"), 303)
    try:
        with connected(settings.address(settings.read())) as platform:
            version = platform.version()
    except PlatformError as error:
        flash(failure_in_words(error), "warning")
    else:
        flash(_("The platform answers: LiquidFeedback %(version)s.", version=version.text), "success")
    return redirect(url_for(".index"), 303)
