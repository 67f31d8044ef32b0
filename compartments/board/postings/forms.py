"""The form of a posting: its terms, its texts in two languages, what it requires and asks. Turns into a draft, and back into what was typed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.offices import JUNIOR, OFFICER, OFFICES
from app.shared.models import Posting
from app.shared.posting_changes import SLUG_LENGTH, PostingDraft, slug_for
from app.shared.postings import AT_LEAST, PLUS, TEXTS
from app.web.fields import LINE, PARAGRAPH, TEXT, at_most, clean_line, clean_text, optional, required
from app.web.look import LOOKS
from keys.randomness import token_hex

MOST_SEATS, MOST_MONTHS = 1000, 120
MOST_ROWS = 20
LANGUAGES = ("de", "en")


class TextsForm(Form):
    """The texts of a posting in one language."""

    title = StringField(_l("Title"), filters=[clean_line], validators=optional(LINE))
    summary = TextAreaField(
        _l("Summary"),
        description=_l("One or two sentences, as they stand in the list of postings"),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )
    tasks = TextAreaField(_l("Tasks"), filters=[clean_text], validators=optional(TEXT))
    brings = TextAreaField(_l("What you bring along"), filters=[clean_text], validators=optional(TEXT))
    not_for = TextAreaField(
        _l("For whom it is not the right thing"), filters=[clean_text], validators=optional(TEXT)
    )
    gets = TextAreaField(_l("What you get"), filters=[clean_text], validators=optional(TEXT))
    portrait = TextAreaField(_l("What the work is like"), filters=[clean_text], validators=optional(TEXT))
    selection = TextAreaField(_l("How the selection runs"), filters=[clean_text], validators=optional(TEXT))
    team = TextAreaField(
        _l("What the team needs as a whole"),
        description=_l("For example: at least one fully qualified lawyer"),
        filters=[clean_text],
        validators=optional(TEXT),
    )
    reports_to = StringField(_l("Reports to"), filters=[clean_line], validators=optional(LINE))


class GermanTextsForm(TextsForm):
    """The same in German, which nobody can do without."""

    title = StringField(_l("Title"), filters=[clean_line], validators=required(_l("Enter a title in German")))
    summary = TextAreaField(
        _l("Summary"),
        description=_l("One or two sentences, as they stand in the list of postings"),
        filters=[clean_text],
        validators=required(_l("Enter a summary in German"), PARAGRAPH),
    )


class AskedForm(Form):
    """One requirement or question. A row without German text is left out."""

    id = HiddenField()
    de = StringField(_l("In German"), filters=[clean_line], validators=[at_most(PARAGRAPH)])
    en = StringField(_l("In English"), filters=[clean_line], validators=[at_most(PARAGRAPH)])


class RequirementForm(AskedForm):
    """Something that one must have."""

    evidence = BooleanField(_l("Ask for evidence"))


class QuestionForm(AskedForm):
    """Something that the applicant is to write about."""

    required = BooleanField(_l("Has to be answered"))


class PostingForm(FlaskForm):
    """Everything that the board writes of a posting."""

    revision = IntegerField(widget=HiddenInput(), default=0, validators=[InputRequired()])
    slug = StringField(
        _l("Address of the page"),
        description=_l(
            "Small letters, digits and hyphens; stays for ever. Made from the title if you leave it empty."
        ),
        filters=[clean_line, lambda text: slug_for(text or "")],
        validators=optional(SLUG_LENGTH),
    )
    compartment = SelectField(
        _l("Compartment"),
        description=_l("Where the appointed person will work. A post without one gets no account."),
        choices=[
            SelectChoice("", _l("No compartment")),
            *(SelectChoice(name, LOOKS[name].title) for name in OFFICES),
        ],
    )
    role = SelectField(
        _l("Role"),
        choices=[
            SelectChoice(OFFICER, _l("Officer")),
            SelectChoice(JUNIOR, _l("Junior (reads and prepares, decides nothing)")),
        ],
    )
    employed = RadioField(
        _l("Kind of post"),
        choices=[SelectChoice("no", _l("Voluntary")), SelectChoice("yes", _l("Employed"))],
        default="no",
        validators=[DataRequired()],
    )
    min_seats = IntegerField(
        _l("At least so many people"),
        default=1,
        validators=[InputRequired(_l("Enter how many people are needed, or 0")), NumberRange(0, MOST_SEATS)],
    )
    max_seats = IntegerField(
        _l("At most so many people"),
        description=_l("Leave empty if there is no upper end."),
        validators=[Optional(), NumberRange(1, MOST_SEATS)],
    )
    seats_wording = RadioField(
        _l("If there is no upper end, say"),
        choices=[SelectChoice(PLUS, _l("“2+”")), SelectChoice(AT_LEAST, _l("“at least 2”"))],
        default=PLUS,
        validators=[DataRequired()],
    )
    filled_before = IntegerField(
        _l("Already in office"),
        description=_l("People who hold this office but were not appointed here"),
        default=0,
        validators=[InputRequired(_l("Enter a number, or 0")), NumberRange(0, MOST_SEATS)],
    )
    deadline = DateField(
        _l("Deadline"),
        description=_l("The last day on which one can apply. Leave empty if there is none."),
        validators=[Optional()],
    )
    term_months = IntegerField(
        _l("Term in months"),
        description=_l("Leave empty if the office has no end."),
        validators=[Optional(), NumberRange(1, MOST_MONTHS)],
    )
    de = FormField(GermanTextsForm)
    en = FormField(TextsForm)
    requirements = FieldList(FormField(RequirementForm), _l("Requirement"), max_entries=MOST_ROWS)
    questions = FieldList(FormField(QuestionForm), _l("Question"), max_entries=MOST_ROWS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what several of them say together."""
        fine = bool(super().validate(extra_validators))
        if self.max_seats.data is not None and self.max_seats.data < max(self.min_seats.data or 0, 1):
            self.max_seats.errors = [*self.max_seats.errors, _("The upper end is below the lower one.")]
            fine = False
        office = OFFICES.get(self.compartment.data)
        if self.role.data != OFFICER and (office is None or self.role.data not in office.roles):
            self.role.errors = [*self.role.errors, _("This compartment has no junior officers.")]
            fine = False
        for rows in (self.requirements, self.questions):
            for row in rows:
                if row.form.en.data and not row.form.de.data:
                    row.form.de.errors = [*row.form.de.errors, _("Enter it in German too")]
                    fine = False
        return fine

    def more_rows(self) -> None:
        """Leave one empty row at the end of both lists, to be filled in without JavaScript."""
        for rows in (self.requirements, self.questions):
            if len(rows) < MOST_ROWS and (not len(rows) or rows[-1].form.de.data):
                rows.append_entry()

    @property
    def typed_texts(self) -> dict[str, dict[str, str]]:
        """The texts by language, without a language in which nothing was written."""
        texts = {
            language: {part: getattr(self, language).form[part].data or "" for part in TEXTS}
            for language in LANGUAGES
        }
        return {language: parts for language, parts in texts.items() if any(parts.values())}

    @property
    def typed_requirements(self) -> list[dict[str, Any]]:
        """The requirements that aren't empty."""
        rows = [row.form for row in self.requirements if row.form.de.data]
        return [_entry(row, evidence=row.evidence.data, required=True) for row in rows]

    @property
    def typed_questions(self) -> list[dict[str, Any]]:
        """The questions that aren't empty."""
        rows = [row.form for row in self.questions if row.form.de.data]
        return [_entry(row, evidence=False, required=row.required.data) for row in rows]

    def to_draft(self) -> PostingDraft:
        """What was typed, as the shared layer takes it. Call it after a successful validation."""
        return PostingDraft(
            compartment=self.compartment.data or None,
            role=self.role.data,
            employed=self.employed.data == "yes",
            min_seats=self.min_seats.data or 0,
            max_seats=self.max_seats.data,
            seats_wording=self.seats_wording.data,
            filled_before=self.filled_before.data or 0,
            deadline=self.deadline.data,
            term_months=self.term_months.data,
            reports_to=self.typed_texts["de"]["reports_to"],
            texts=self.typed_texts,
            requirements=self.typed_requirements,
            questions=self.typed_questions,
        )


def values_of(posting: Posting) -> dict[str, Any]:
    """A stored posting as the form's ``data``."""
    return {
        "revision": posting.revision,
        "slug": posting.slug,
        "compartment": posting.compartment or "",
        "role": posting.role,
        "employed": "yes" if posting.employed else "no",
        "min_seats": posting.min_seats,
        "max_seats": posting.max_seats,
        "seats_wording": posting.seats_wording,
        "filled_before": posting.filled_before,
        "deadline": posting.deadline,
        "term_months": posting.term_months,
        **{language: dict(posting.texts.get(language, {})) for language in LANGUAGES},
        "requirements": [_row(entry, "evidence") for entry in posting.requirements],
        "questions": [_row(entry, "required") for entry in posting.questions],
    }


class ExtendForm(FlaskForm):
    """A later deadline for one posting."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    deadline = DateField(
        _l("New deadline"), validators=[DataRequired(_l("Enter the day on which the deadline ends"))]
    )


class ReopenForm(FlaskForm):
    """The deadline of a posting that is published again."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    deadline = DateField(
        _l("New deadline"), description=_l("Leave empty if there is none."), validators=[Optional()]
    )


class StateForm(FlaskForm):
    """Publish or close: a button, and the revision that was seen."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


def _entry(form: AskedForm, *, evidence: bool, required: bool) -> dict[str, Any]:
    texts = {language: form[language].data for language in LANGUAGES if form[language].data}
    return {
        "id": form.id.data or token_hex(4),
        "texts": texts,
        "required": bool(required),
        "evidence": bool(evidence),
    }


def _row(entry: dict[str, Any], mark: str) -> dict[str, Any]:
    return {
        "id": entry["id"],
        mark: entry.get(mark, False),
        **{language: entry["texts"].get(language, "") for language in LANGUAGES},
    }
