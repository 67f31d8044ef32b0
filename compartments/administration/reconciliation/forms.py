"""Forms of the reconciliation: what is proposed to a second officer."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app.web.fields import PARAGRAPH, clean_text, optional


class ProposalForm(FlaskForm):
    """A reason, where there has to be one."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext(
            "Needed for very many locks, and for very few changes. The second officer reads it."
        ),
    )
