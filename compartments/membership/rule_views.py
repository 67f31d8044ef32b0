"""The page of the rule of who may take part."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import eligibility
from compartments.membership.eligibility import Changed, Rule
from compartments.membership.list_forms import RuleForm
from compartments.membership.wording import Change, Edit

blueprint = Blueprint("rule", __name__, url_prefix="/rule")


@blueprint.route("/", methods=["GET", "POST"])
@officer_required(junior=False)
def index() -> ResponseReturnValue:
    """See and set the rule, and how many members it lets take part today."""
    form = RuleForm()
    if form.validate_on_submit():
        new = Rule(form["entitled"].data, form["has_paid"].data, form["most_arrears"].data)
        if eligibility.set_rule(new, by=author(), now=utc_now()):
            flash(_("The rule is saved."), "success")
        else:
            flash(_("Nothing was changed."), "info")
        return redirect(url_for(".index"), 303)
    if request.method == "GET":
        for name, value in vars(eligibility.rule()).items():
            form[name].data = value
    return render_template(
        "membership/rule.html",
        form=form,
        number=eligibility.eligible(state().today).count(),
        edits=[_in_words(one, form) for one in eligibility.history()],
    )


def _in_words(changed: Changed, form: RuleForm) -> Edit:
    """What one officer changed about the rule, by the names that the form has for it."""
    before, after = vars(changed.before), vars(changed.after)
    changes = [
        Change(name, str(form[name].label.text), _value(before[name]), _value(after[name]))
        for name in before
        if before[name] != after[name]
    ]
    return Edit(_("Changed"), changed.who, changed.at, "", changes)


def _value(value: bool | int | None) -> str:  # noqa: FBT001  (a value to be shown, no switch)
    if value is None:
        return str(_("any number"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value)
