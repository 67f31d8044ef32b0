"""Typed text is normalised, never guessed at; what can't be shown is refused."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web.fields import clean_line, clean_text
from app.web.i18n import init_i18n


@pytest.fixture(scope="module")
def speaking():
    app = Flask("speaking")
    init_i18n(app)
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\x1bb", "a\x85b", "a\ufffeb", "a\udc80b"])
def test_control_characters_are_refused(speaking, text):
    with pytest.raises(ValueError, match="can't be shown"):
        clean_text(text)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("e\u0301", "é"),
        ("\u202eabc\u202c", "abc"),
        ("a\tb", "a\tb"),
        ("مرحبا", "مرحبا"),
        ("👩🏽‍🚀", "👩🏽‍🚀"),
        (None, None),
    ],
)
def test_text_keeps_what_was_meant(typed, clean):
    assert clean_text(typed) == clean


def test_a_line_has_no_breaks():
    assert clean_line(" a\n b\t c ") == "a b c"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn"])))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)
