"""Leaving quickly, in a real browser: with JavaScript and without. And whether the pages hold together on a phone."""

from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect

from tests.app.public.phone import PHONE, WORDS, at_the_questions, go_on


def no_violations(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("script", [True, False])
def test_one_press_leads_to_the_weather_which_learns_nothing(visit, weather, script):
    page = visit("/counselling/3", script=script)
    page.click("text=Leave this page now")
    page.wait_for_url(f"{weather.url}/")
    assert page.title() == "Weather"
    assert weather.referrers == [None]


def test_with_javascript_there_is_nothing_to_go_back_to(visit, site, weather):
    page = visit("/contact", script=True)
    page.goto(f"{site}/counselling/4")
    page.click("text=Leave this page now")
    page.wait_for_url(f"{weather.url}/")
    page.go_back()
    assert page.url == f"{site}/contact"


def test_escape_three_times_leaves_and_twice_does_not(visit, weather):
    page = visit("/counselling", script=True)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert page.url.endswith("/counselling")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(f"{weather.url}/")


def test_the_way_out_stays_in_sight_on_a_phone_and_covers_nothing(visit):
    page = visit("/counselling/4", script=False)
    link = page.locator("[data-leave]")
    header, footer = page.locator(".site-header"), page.locator(".site-footer")
    assert header.bounding_box()["y"] >= link.bounding_box()["y"] + link.bounding_box()["height"]
    for place in (0, 100_000):
        page.mouse.wheel(0, place)
        box = link.bounding_box()
        assert 0 <= box["y"] <= PHONE["height"] - box["height"]
        assert box["height"] >= 44
    footer.scroll_into_view_if_needed()
    assert footer.bounding_box()["y"] >= link.bounding_box()["y"] + link.bounding_box()["height"]


def test_a_link_to_a_mistake_does_not_end_behind_the_way_out(visit):
    page = visit("/counselling", script=True)
    page.click("text=Write to the counsellors")
    page.click(".button-row >> text=Continue")
    page.click(".error-summary a[href]")
    out = page.locator(".quick-exit").bounding_box()
    assert page.locator("#readers-readers-0").bounding_box()["y"] >= out["y"] + out["height"]


def test_without_scripts_a_mistake_leaves_no_address_that_tells_where_somebody_was(visit):
    page = visit("/counselling", script=False)
    page.click("text=Write to the counsellors")
    page.click(".button-row >> text=Continue")
    assert page.locator(".error-summary").is_visible()
    assert page.locator("main a[href^='#']").count() == 0


@pytest.mark.parametrize("path", ["/counselling", *(f"/counselling/{number}" for number in range(1, 6))])
def test_a_page_fits_a_phone_and_is_accessible(visit, path):
    page = visit(path, script=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    no_violations(page)


def test_each_number_of_a_helpline_has_a_line_of_its_own(visit):
    page = visit("/counselling/1", script=False)
    links = page.locator(".numbers li:has(a + a, a ~ a) a")
    tops = [links.nth(number).bounding_box()["y"] for number in range(links.count())]
    assert len(tops) == 3
    assert len(set(tops)) == 3


def back_and_reload(page):
    """Go back to a page that answered a form, which the browser may not have kept, and let it send the form once more."""
    with suppress(Error):
        page.go_back()
    for _attempt in range(100):
        # The browser's own error page comes in a process of its own: until it is there, there is nothing to reload.
        with suppress(Error):
            page.reload()
            return
        page.wait_for_timeout(100)
    raise AssertionError("there was never a page to reload")


def test_back_and_reload_after_leaving_show_no_word(visit, weather, office):
    page = at_the_questions(visit("/counselling", script=False), office)
    page.click(".button-row >> text=Continue")
    # The browser does send the words again, and before leaving it gets them: so what follows is no empty promise.
    back_and_reload(page)
    expect(page.locator("[name=words-text]")).to_have_value(WORDS)
    page.click("text=Leave this page now")
    page.wait_for_url(f"{weather.url}/")
    assert page.context.cookies() == []
    for _entry in range(2):
        back_and_reload(page)
        expect(page.locator("h1")).to_have_text("Please start again")
        assert WORDS not in page.content()
    assert page.context.cookies() == []


def test_our_own_back_keeps_what_was_typed(visit, office):
    page = at_the_questions(visit("/counselling", script=False), office)
    page.fill("textarea >> nth=1", "Seit Mai")
    page.click(".above >> text=Back")
    assert page.input_value("textarea") == WORDS
    page.click(".button-row >> text=Continue")
    assert page.input_value("textarea >> nth=1") == "Seit Mai"


def test_another_language_in_the_middle_keeps_what_was_typed_and_enter_goes_on(visit, office):
    page = at_the_questions(visit("/counselling", script=False), office)
    page.fill("textarea >> nth=1", "Seit Mai")
    page.click(".above >> text=Deutsch")
    assert page.get_attribute("html", "lang") == "de"
    assert page.input_value("textarea >> nth=1") == "Seit Mai"
    page.click(".above >> text=English")
    for _page in range(2):
        page.click(".button-row >> text=Continue")
    page.fill("[name=answer-name]", "Kim")
    page.press("[name=answer-name]", "Enter")
    assert page.inner_text("h1") == "The yearly figures"
    assert page.get_attribute("html", "lang") == "en"


def test_the_whole_way_fits_a_phone_and_is_accessible(visit, office):
    page = visit("/counselling", script=True)
    page.click("text=Write to the counsellors")
    page.check(f'input[value="{office["conny"].account_id}"]')
    seen = []
    while not page.locator("#code").count():
        seen.append(page.inner_text("h1"))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        no_violations(page)
        # Nothing is stored on the disk, so reloading loses it: each page says so.
        assert page.get_by_text("Don't reload the page while you write").is_visible()
        if page.locator("textarea[name=words-text]").count():
            page.fill("textarea", WORDS)
        go_on(page)
    assert len(seen) == len(set(seen)) == 8
    code = page.inner_text("#code")
    page.goto(page.url)
    page.click("text=I have a code")
    no_violations(page)
    page.fill("[name=code]", code)
    go_on(page)
    for button in ("erase", "erase-meant"):
        no_violations(page)
        go_on(page, f"[value={button}]")
    page.click("[value=keep]")
    expect(page.get_by_text("You have taken your wish back.")).to_be_visible()
    no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
