from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale, gettext

from app.web.i18n import chosen_language, file_size

PAGE = "{% extends 'base.html' %}{% block title %}{{ _('Back') }}{% endblock %}"


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        (None, None, "de"),
        (None, "en-GB,en;q=0.9,de;q=0.5", "en"),
        (None, "fr,de;q=0.3", "de"),
        (None, "fr", "de"),
        ("en", "de", "en"),
        ("de", "en", "de"),
        ("xx", "en", "en"),
    ],
)
def test_a_choice_comes_before_the_browsers_wish_and_that_before_german(dressed, cookie, header, expected):
    headers = {"Accept-Language": header} if header else {}
    headers |= {"Cookie": f"lang={cookie}"} if cookie else {}
    with dressed.test_request_context(headers=headers):
        assert chosen_language() == expected


@pytest.mark.parametrize(("language", "word"), [("de", "Zurück"), ("en", "Back")])
def test_a_page_says_its_language_and_speaks_it(dressed, language, word):
    dressed.page(PAGE)
    response = dressed.test_client().get("/page", headers={"Accept-Language": language})
    assert f'<html lang="{language}"' in response.text
    assert f"<title>{word} – Bürgerbund</title>" in response.text
    assert response.headers["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(response.vary)


def test_the_switch_remembers_the_choice_and_leads_back(dressed):
    dressed.page(PAGE)
    client = dressed.test_client()
    response = client.get("/language/en?next=/page")
    assert (response.status_code, response.location) == (303, "/page")
    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert "SameSite=Lax" in response.headers["Set-Cookie"]
    assert '<html lang="en"' in client.get("/page", headers={"Accept-Language": "de"}).text


def test_no_cookie_is_set_unless_chosen(dressed):
    dressed.page(PAGE)
    assert "Set-Cookie" not in dressed.test_client().get("/page").headers


@pytest.mark.parametrize("target", ["//example.org", "https://example.org", "/\\example.org", "x"])
def test_the_switch_leads_to_no_other_site(dressed, target):
    assert dressed.test_client().get("/language/de", query_string={"next": target}).location == "/"


def test_an_unknown_language_is_not_found(dressed):
    assert dressed.test_client().get("/language/xx").status_code == 404


def test_the_switch_works_by_links_and_is_missing_where_it_would_lose_what_was_typed(dressed):
    dressed.page(PAGE)
    client = dressed.test_client()
    assert 'href="/language/en?next=/page"' in client.get("/page").text
    assert "/language/" not in client.post("/page").text


def test_days_times_and_numbers_follow_the_language_and_the_organisations_zone(dressed):
    template = "{{ day|dateformat('long') }}|{{ moment|datetimeformat('short') }}|{{ 8991|numberformat }}"
    dressed.page(template, day=date(2026, 11, 30), moment=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    client = dressed.test_client()
    assert client.get("/page").text == "30. November 2026|02.07.26, 00:30|8.991"
    english = client.get("/page", headers={"Accept-Language": "en"}).text
    assert english.startswith("30 November 2026|02/07/2026, 00:30")
    assert english.endswith("|8,991")


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1500, "1,5 kB"), (5_000_000, "5 MB"), (2 * 10**12, "2.000 GB")],
)
def test_sizes_are_in_words(dressed, size, words):
    with dressed.test_request_context():
        assert file_size(size) == words


def test_messages_in_python_are_translated_too(dressed):
    with dressed.test_request_context():
        assert gettext("Step %(current)s of %(total)s", current=1, total=2) == "Schritt 1 von 2"


def test_what_is_put_into_a_translation_is_escaped(dressed):
    dressed.page("{{ _('Step %(current)s of %(total)s', current='<b>', total=name) }} 100 %", name="<script>")
    assert dressed.test_client().get("/page").text == "Schritt &lt;b&gt; von &lt;script&gt; 100 %"


def test_a_language_can_be_forced_within_a_request(dressed):
    with dressed.test_request_context():
        back = dressed.jinja_env.from_string("{{ _('Back') }}")
        with force_locale("en"):
            assert back.render() == "Back"
        assert back.render() == "Zurück"
