"""The page of the rules of reminding and striking off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author
from app.web.guard import officer_required
from compartments.membership.dues import rules
from compartments.membership.dues.forms import RulesForm
from compartments.membership.rule_changes import Past
from compartments.membership.wording import Change, Edit

blueprint = Blueprint("dues_rules", __name__, url_prefix="/dues/rules")


@blueprint.route("/", methods=["GET", "POST"])
@officer_required(junior=False)
def index() -> ResponseReturnValue:
    """See and set the rules, and what they were before."""
    form = RulesForm()
    if form.validate_on_submit():
        try:
            saved = rules.save(form.rules, instead_of=form.seen.data or "", by=author(), now=utc_now())
        except rules.Changed:
            form.seen.data = rules.rules().seen
            form.form_errors.append(
                _("A colleague has changed the rules meanwhile. Look below, then save again.")
            )
        else:
            flash(
                _("The rules are saved.") if saved else _("Nothing was changed."),
                "success" if saved else "info",
            )
            return redirect(url_for(".index"), 303)
    if request.method == "GET":
        known = rules.rules()
        form.show(known)
        form.seen.data = known.seen
    edits = [_in_words(one, form) for one in rules.history()]
    return render_template("membership/dues/rules.html", form=form, edits=edits)


def _in_words(past: Past, form: RulesForm) -> Edit:
    """What one officer changed, by the names that the form has for it."""
    changes = [
        Change(name, str(form[name].label.text), _value(past.before[name]), _value(value))
        for name, value in past.after.items()
        if value != past.before[name]
    ]
    return Edit(_("Changed"), past.who, past.at, "", changes)


def _value(value: bool | int) -> str:  # noqa: FBT001  (a value to be shown, no switch)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value)
