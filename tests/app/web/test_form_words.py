"""WTForms' own words come in the reader's language, from a catalogue that is read once."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from app.web import security


class Asking(FlaskForm):
    name = StringField(validators=[DataRequired()])

    class Meta:
        csrf = False


def errors(app, language):
    with app.test_request_context("/", method="POST", headers={"Accept-Language": language}):
        form = Asking()
        assert not form.validate()
        return form.name.errors


def test_each_reader_gets_their_language(app):
    german, english = errors(app, "de"), errors(app, "en")
    assert german == ["Dieses Feld wird benötigt."]
    assert english == ["This field is required."]


def test_the_catalogue_is_read_once(app):
    security._words_of_wtforms.cache_clear()
    for _ in range(3):
        errors(app, "de")
    assert security._words_of_wtforms.cache_info().misses == 1
