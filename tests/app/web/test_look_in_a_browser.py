"""All parts of the look on one page in a real browser: axe, phones, no JavaScript, a strict policy, paper."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.web.security import CONTENT_SECURITY_POLICY
from tests.threaded import served

PARTS = (Path(__file__).parent / "parts.html").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHOICES = [SelectChoice("y", "Ja"), SelectChoice("n", "Nein")]


class Everything(FlaskForm):
    name = StringField("Name", [InputRequired("Geben Sie den Namen ein.")], description="Wie im Ausweis.")
    text = TextAreaField("Text")
    where = SelectField("Gliederung", choices=CHOICES)
    which = RadioField("Ja oder nein?", choices=CHOICES, validators=[InputRequired("Wählen Sie.")])
    secret = PasswordField("Passphrase")
    agreed = BooleanField("Ich bin einverstanden.", [InputRequired("Das braucht es.")])


class Pages:
    page, pages, has_prev, has_next, total = 3, 180, True, True, 8991


@pytest.fixture
def site(dressed):
    def form():
        made = Everything()
        made.validate_on_submit()
        return made

    for face in ("public", "counsel"):
        dressed.page(PARTS, f"/{face}/page", endpoint=face, form=form, pages=Pages())
    dressed.after_request(with_policy)
    with served(dressed) as address:
        yield address


def with_policy(response):
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


@pytest.fixture
def visit(browser, site):
    """Open the page of a face; `complaints` collects what the browser's console says."""
    contexts = []

    def go(face="public", **options):
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(locale="de-DE", extra_http_headers={"X-Signed-In": "1"}, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(f"{site}/{face}/page")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("face", ["public", "counsel"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(visit, face, scheme, width):
    page = visit(face, color_scheme=scheme, viewport={"width": width, "height": 900})
    for _attempt in ("fresh", "sent"):
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
        page.get_by_role("button", name="Absenden").click()
        page.wait_for_selector("[role=alert]")
    assert page.complaints == []


@pytest.mark.parametrize("width", [320, 360, 768])
def test_nothing_sticks_out_on_a_narrow_screen(visit, width):
    page = visit("counsel", viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_error_summary_has_the_focus_and_leads_into_the_field(visit):
    page = visit()
    page.get_by_role("button", name="Absenden").click()
    page.wait_for_selector("[role=alert]:focus")
    page.get_by_role("link", name="Geben Sie den Namen ein.").click()
    assert page.evaluate("document.activeElement.id") == "name"


def test_the_button_that_was_pressed_is_sent_once_with_its_value(visit):
    page = visit()
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    page.get_by_role("button", name="Absenden").dblclick()
    page.wait_for_selector("[role=alert]")
    assert len(sent) == 1
    assert "action=send" in sent[0]


def test_a_passphrase_can_be_shown_on_a_phone(visit):
    page = visit("counsel", viewport={"width": 360, "height": 700})
    page.fill("#secret", "tell nobody")
    page.get_by_role("button", name="Anzeigen").click()
    assert page.locator("#secret").get_attribute("type") == "text"
    page.get_by_role("button", name="Verbergen").click()
    assert page.locator("#secret").get_attribute("type") == "password"


def test_everything_is_there_without_javascript(visit):
    page = visit("counsel", java_script_enabled=False, viewport={"width": 360, "height": 700})
    page.get_by_role("button", name="Absenden").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_role("link", name="Geben Sie den Namen ein.").get_attribute("href") == "#name"
    assert not page.get_by_role("button", name="Kopieren").is_visible()


def test_a_receipt_prints_without_navigation_and_buttons(visit):
    page = visit()
    page.emulate_media(media="print")
    assert page.get_by_text("bcdfg-hjkmn-pqrst-vwxyz").is_visible()
    assert not page.locator("footer").is_visible()
    assert not page.locator("button").first.is_visible()
