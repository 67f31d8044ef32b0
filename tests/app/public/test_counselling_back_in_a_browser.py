"""The browser's own "back" between the pages of a form, where scripts run: it keeps what was typed, and after leaving there is nothing to see."""

import os
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from tests.app.public.phone import WORDS, arrived, at_the_questions, go_on, to_the_receipt
from tests.conftest import CHROMIUM_FLAGS


def test_back_and_forward_lead_through_the_pages_and_keep_what_was_typed(visit, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    words = page.locator("[name=words-text]")
    page.fill("[name=questions-since]", "Seit Mai")
    page.go_back()
    arrived(page, "Your words")
    expect(words).to_have_value(WORDS)
    page.fill("[name=words-text]", f"{WORDS}. Auch das nicht")
    page.go_back()
    arrived(page, "Who must not read it")
    page.go_forward()
    arrived(page, "Your words")
    expect(words).to_have_value(f"{WORDS}. Auch das nicht")
    page.go_forward()
    arrived(page, "Some questions, if they help you")
    expect(page.locator("[name=questions-since]")).to_have_value("Seit Mai")
    page.click(".above >> text=Deutsch")
    arrived(page, "Einige Fragen, falls sie Ihnen helfen")
    page.go_back()
    arrived(page, "Ihre Worte")
    expect(words).to_have_value(f"{WORDS}. Auch das nicht")
    assert page.url.endswith("/counselling")


def test_nothing_typed_is_there_after_leaving(visit, weather, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    page.click("text=Leave this page now")
    page.wait_for_url(f"{weather.url}/")
    assert page.context.cookies() == []
    for _entry in range(4):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Somebody to talk to")
        assert WORDS not in page.content()
    page.reload()
    expect(page.locator("h1")).to_have_text("Somebody to talk to")


def test_back_does_not_take_the_code_away(visit, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    code = to_the_receipt(page)
    page.go_back()
    page.click(".above >> text=Deutsch")
    arrived(page, "Es ist abgeschickt")
    assert page.inner_text("#code") == code
    assert WORDS not in page.content()


def test_an_interrupted_connection_loses_nothing(visit, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    page.fill("[name=questions-since]", "Seit Mai")
    page.context.set_offline(True)
    page.click(".button-row >> text=Continue")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    go_on(page)
    expect(page.locator("h1")).to_have_text("Files, if you have any")
    expect(page.locator("[name=questions-since]")).to_have_value("Seit Mai")


def test_from_an_error_page_back_leads_to_what_was_typed(visit, site, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    page.fill("[name=questions-since]", "Seit Mai")
    error = page.request.get(f"{site}/counselling/99").text()
    page.route(
        "**/counselling", lambda route: route.fulfill(status=503, body=error, content_type="text/html")
    )
    go_on(page)
    page.unroute("**/counselling")
    page.go_back()
    arrived(page, "Some questions, if they help you")
    expect(page.locator("[name=questions-since]")).to_have_value("Seit Mai")
    expect(page.locator("[name=words-text]")).to_have_value(WORDS)


def test_files_that_are_too_large_are_not_sent_and_lose_nothing(visit, office):
    page = at_the_questions(visit("/counselling", script=True), office)
    go_on(page)
    film = {"name": "Film.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" + bytes(20_000_000)}
    page.set_input_files("input[type=file]", film)
    page.click(".button-row .btn-primary")
    expect(page.locator("[data-most]")).to_be_focused()
    page.set_input_files("input[type=file]", [])
    go_on(page)
    assert page.inner_text("h1") == "How we answer you"
    expect(page.locator("[name=words-text]")).to_have_value(WORDS)


@pytest.fixture
def own_browser(browser, chromium_path, tmp_path):
    """A browser with a folder of its own, which keeps whole pages in memory to go back to, as browsers do."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium_path,
        args=CHROMIUM_FLAGS,
        chromium_sandbox=os.geteuid() != 0,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield context
    context.close()


def test_no_page_that_the_browser_kept_in_memory_is_there_after_leaving(own_browser, site, weather, office):
    page = own_browser.pages[0]
    page.goto(f"{weather.url}/yesterday")
    page.evaluate("window.kept = true")
    page.goto(f"{site}/counselling?lang=en")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.kept"), "this browser keeps no pages, so the rest would prove nothing"
    page.goto(f"{site}/counselling?lang=en")
    at_the_questions(page, office)
    page.click("text=Leave this page now")
    page.wait_for_url(f"{weather.url}/")
    for _entry in range(4):
        page.go_back(wait_until="commit")
        expect(page.locator("h1")).to_have_text("Somebody to talk to")
        assert WORDS not in page.content()


def test_the_browser_writes_no_word_and_no_code_to_its_disk(own_browser, site, office, tmp_path):
    """Its file of open tabs holds every form that was sent as a page of its own, and the answer to none that wasn't."""
    page = own_browser.pages[0]
    page.goto(f"{site}/counselling?lang=en")
    at_the_questions(page, office)
    code = to_the_receipt(page)
    page.goto(f"{site}/counselling?lang=en")
    page.click("text=I have a code")
    page.fill("[name=code]", code)
    go_on(page)
    expect(page.locator(".talk")).to_contain_text(WORDS)
    own_browser.close()
    kept = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and not one.is_symlink())
    assert f"{site}/counselling".encode() in kept
    for secret in (WORDS, quote_plus(WORDS), code):
        assert not any(secret.encode(how) in kept for how in ("utf-8", "utf-16-le"))
