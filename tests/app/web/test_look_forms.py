"""The form macros: what a screen reader gets told, and what happens to errors."""

from html.parser import HTMLParser

import pytest
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.web.errorlist import errors_of

FORM = (
    "{% from 'macros/forms.html' import field, error_summary, hidden_fields %}"
    "{{ error_summary(form) }}{{ hidden_fields(form, {'posting': ['a', 'b']}) }}{% for one in form if not one.widget.input_type == 'hidden' %}{{ field(one) }}{% endfor %}"
)
MISSING = "Geben Sie das an."


class Address(Form):
    town = StringField("Ort", [InputRequired("Geben Sie den Ort an.")])


class Sample(FlaskForm):
    draft = HiddenField()
    name = StringField("Name", [InputRequired(MISSING), Length(max=5)], description="Wie im Ausweis.")
    phone = StringField("Telefon", [Optional()])
    text = TextAreaField("Text", [InputRequired(MISSING)])
    one = RadioField(
        "Eins",
        choices=[SelectChoice("y", "Ja"), SelectChoice("n", "Nein")],
        validators=[InputRequired(MISSING)],
    )
    many = SelectMultipleField(
        "Viele",
        choices=[SelectChoice("a", "A"), SelectChoice("b", "B")],
        validators=[InputRequired(MISSING)],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    secret = PasswordField("Passphrase", [InputRequired(MISSING)])
    file = FileField("Datei")
    agreed = BooleanField("Einverstanden", [InputRequired(MISSING)])


class Page(HTMLParser):
    """Elements by id, and everything in order."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def by_id(self, wanted):
        return next(attrs for _tag, attrs in self.elements if attrs.get("id") == wanted)

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]

    def of(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture
def pages(dressed):
    """The page at first, and after an empty form was sent."""

    def form():
        made = Sample()
        made.validate_on_submit()
        return made

    dressed.page(FORM, form=form)
    client = dressed.test_client()
    return Page(client.get("/page").text), Page(client.post("/page").text)


@pytest.fixture
def fresh(pages):
    return pages[0]


@pytest.fixture
def sent(pages):
    return pages[1]


def test_every_input_has_a_label_and_every_id_is_there_once(fresh):
    labelled = {attrs["for"] for attrs in fresh.of("label")}
    inputs = [
        attrs
        for tag in ("input", "textarea", "select")
        for attrs in fresh.of(tag)
        if attrs.get("type") != "hidden"
    ]
    assert {attrs["id"] for attrs in inputs} == labelled
    assert len(fresh.ids()) == len(set(fresh.ids()))


def test_optional_fields_say_so_and_required_ones_carry_no_asterisk(dressed):
    dressed.page(FORM, form=Sample)
    html = dressed.test_client().get("/page").text
    assert html.count("(freiwillig)") == 2  # telephone and file
    assert "*" not in html


def test_hint_and_error_are_tied_to_the_input(fresh, sent):
    assert fresh.by_id("name")["aria-describedby"] == "name-hint"
    assert "aria-invalid" not in fresh.by_id("name")
    assert sent.by_id("name")["aria-describedby"] == "name-hint name-error"
    assert sent.by_id("name")["aria-invalid"] == "true"
    assert sent.by_id("text")["aria-describedby"] == "text-error"
    assert {"name-hint", "name-error", "text-error"} <= set(sent.ids())


def test_choices_are_a_fieldset_with_a_legend(sent):
    assert [attrs["id"] for attrs in sent.of("fieldset")] == ["one", "many"]
    assert len(sent.of("legend")) == 2
    assert sent.by_id("one")["aria-describedby"] == "one-error"


def test_the_summary_takes_the_focus_and_links_to_what_can_be_corrected(sent):
    summary = next(attrs for _tag, attrs in sent.elements if attrs.get("role") == "alert")
    assert summary["tabindex"] == "-1"
    targets = [attrs["href"][1:] for attrs in sent.of("a")]
    assert targets == ["name", "text", "one-0", "many-0", "secret", "agreed"]
    assert set(targets) <= set(sent.ids())


def test_a_form_without_errors_has_no_summary(fresh):
    assert not [attrs for _tag, attrs in fresh.elements if attrs.get("role") == "alert"]


def test_nothing_is_cut_off_or_refused_by_the_browser(fresh):
    for attrs in fresh.of("input") + fresh.of("textarea"):
        assert not {"maxlength", "minlength", "required"} & set(attrs)


def test_hidden_fields_and_carried_values_travel_along(fresh):
    hidden = [(attrs["name"], attrs["value"]) for attrs in fresh.of("input") if attrs["type"] == "hidden"]
    assert hidden == [("draft", ""), ("posting", "a"), ("posting", "b")]


def test_a_passphrase_is_never_written_back(dressed):
    dressed.page(FORM, form=Sample)
    assert "tell nobody" not in dressed.test_client().post("/page", data={"secret": "tell nobody"}).text


def test_what_people_type_is_escaped(dressed):
    dressed.page(FORM, form=Sample)
    html = (
        dressed.test_client().post("/page", data={"name": '"><script>', "text": "</textarea><script>"}).text
    )
    assert "<script" not in html


def test_errors_of_forms_within_forms_are_listed_with_their_places(dressed):
    class Nested(Form):
        home = FormField(Address)
        others = FieldList(FormField(Address), min_entries=2)
        tags = FieldList(StringField("Wort", [Length(max=2, message="Zu lang.")]), min_entries=1)

    with dressed.test_request_context(method="POST"):
        form = Nested(data={"home": {"town": ""}, "tags": ["lang"]})
        form.validate()
        form.form_errors.append("Im Ganzen falsch.")
    listed = [(error.text, error.target) for error in errors_of(form)]
    assert listed == [
        ("Im Ganzen falsch.", None),
        ("Geben Sie den Ort an.", "home-town"),
        ("Geben Sie den Ort an.", "others-0-town"),
        ("Geben Sie den Ort an.", "others-1-town"),
        ("Zu lang.", "tags-0"),
    ]
