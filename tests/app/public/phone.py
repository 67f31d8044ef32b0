"""Somebody on a phone who reads and writes on the counsellors' pages: the pages served, the browser, and the way through the form."""

import pytest
from playwright.sync_api import expect

from app.factory import create_app
from tests.threaded import served

PHONE = {"width": 360, "height": 740}


class Weather:
    """A page that says nothing, and remembers who sent somebody."""

    def __init__(self):
        self.referrers = []

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/":
            self.referrers.append(environ.get("HTTP_REFERER"))
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<title>Weather</title>Sunny."]


@pytest.fixture
def weather():
    weather = Weather()
    with served(weather) as weather.url:
        yield weather


@pytest.fixture
def site(office, weather):
    app = create_app(office.cast.organisation.settings.but(neutral_page=f"{weather.url}/"))
    with served(app) as url:
        yield url
    app.extensions["schotten"].shared.close()


@pytest.fixture
def visit(browser, site):
    """Open a page in a phone's browser."""
    contexts = []

    def open_page(path, *, script):
        contexts.append(browser.new_context(java_script_enabled=script, viewport=PHONE, locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


WORDS = "Das soll hier niemand lesen"


def go_on(page, button=".button-row .btn-primary"):
    """Press a button and wait for the next page: where scripts run, it comes without the browser going anywhere."""
    before = page.inner_text("h1")
    page.click(button)
    expect(page.locator("h1")).not_to_have_text(before)
    if page.locator("html.js").count():
        whole(page)


def whole(page):
    """Wait for the scripts of a page that came without the browser going anywhere: they end with the cursor in it."""
    expect(page.locator("#content:focus")).to_be_visible()
    assert page.evaluate("window.scrollY") == 0


def arrived(page, heading):
    """Wait for such a page."""
    expect(page.locator("h1")).to_have_text(heading)
    whole(page)


def at_the_questions(page, office):
    """Write some words, as somebody on a phone does, and go on to the page behind them."""
    page.click("text=Write to the counsellors")
    page.check(f'input[value="{office["conny"].account_id}"]')
    go_on(page)
    go_on(page)
    page.fill("textarea", WORDS)
    go_on(page)
    return page


def to_the_receipt(page):
    """Go on until it is sent; return the code."""
    while not page.locator("#code").count():
        go_on(page)
    return page.inner_text("#code")
