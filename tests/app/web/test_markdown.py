import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.markdown import render_markdown


def test_officers_write_paragraphs_lists_and_links():
    html = render_markdown("Sie **helfen**.\n\n- eins\n- zwei\n\n[mehr](https://example.org)")
    assert "<strong>helfen</strong>" in html
    assert "<li>zwei</li>" in html
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">mehr</a>' in html


def test_the_highest_heading_fits_below_the_headline_of_the_page():
    assert render_markdown("### A\n\n#### B") == "<h2>A</h2>\n<h3>B</h3>\n"
    assert render_markdown("# A", top=4) == "<h4>A</h4>\n"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<style>*{display:none}</style>",
        '<a href="https://example.org" style="position:fixed">x</a>',
        "<iframe src=//example.org></iframe>",
    ],
)
def test_html_and_scripts_come_out_as_text(attack):
    html = render_markdown(attack)
    assert not {"<script", "<img", "<style", "<iframe", 'href="javascript', 'href="data'} & set(
        html.split(">")
    )
    assert "<a style" not in html
    assert "onerror=alert(1)>" not in html


def test_no_picture_is_ever_loaded():
    assert "<img" not in render_markdown("![cat](https://example.org/cat.png)")


def test_nothing_is_nothing():
    assert render_markdown(None) == ""


@given(st.text(alphabet="<>&\"'`*_[]()#!-=/\\ \nabjs:0", max_size=80))
def test_only_listed_tags_survive_whatever_is_typed(text):
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.partition("href=")[2].partition(">")[0]
