"""The page of the rule of who may take part."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import eligibility
from compartments.membership.eligibility import Rule
from compartments.membership.list_forms import RuleForm

blueprint = Blueprint("rule", __name__, url_prefix="/rule")


@blueprint.route("/", methods=["GET", "POST"])
@officer_required(junior=False)
def index() -> ResponseReturnValue:
    """See and set the rule, and how many members it lets take part today."""
    form = RuleForm()
    if form.validate_on_submit():
        new = Rule(form["entitled"].data, form["has_paid"].data, form["most_arrears"].data)
        eligibility.set_rule(new)
        flash(_("The rule is saved."), "success")
        return redirect(url_for(".index"), 303)
    if request.method == "GET":
        for name, value in vars(eligibility.rule()).items():
            form[name].data = value
    return render_template(
        "membership/rule.html", form=form, number=eligibility.eligible(state().today).count()
    )
