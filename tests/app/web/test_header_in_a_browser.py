"""The header of every office in a real browser: one row of links on a screen, two rows and a menu on a phone, with and without JavaScript."""

import pytest

from app.offices import OFFICES
from tests.threaded import served

FACES = ("public", *OFFICES)


@pytest.fixture
def site(cast):
    with served(cast.app) as address:
        yield address


@pytest.fixture
def visit(cast, browser, site):
    """Open the start page of a face as its officer."""
    contexts = []

    def go(face, width, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="de-DE", **options)
        contexts.append(context)
        if face in OFFICES:
            context.add_cookies([{"name": f"schotten-{face}", "value": cast[face].token(), "url": site}])
        page = context.new_page()
        page.goto(f"{site}/{face}/" if face in OFFICES else site)
        return page

    yield go
    for context in contexts:
        context.close()


def rows(page, selector):
    """How many rows the visible boxes of `selector` stand in: boxes whose middles are level are one row."""
    boxes = [box.bounding_box() for box in page.locator(selector).all() if box.is_visible()]
    assert boxes
    levels = []
    for middle in sorted(box["y"] + box["height"] / 2 for box in boxes):
        if not levels or middle - levels[-1] > 12:
            levels.append(middle)
    return len(levels)


@pytest.mark.parametrize("face", FACES)
def test_the_links_fit_into_one_row_of_a_screen(visit, face):
    page = visit(face, 1280)
    assert rows(page, ".site-nav__row > li") == 1
    assert not page.locator(".menu").is_visible()


@pytest.mark.parametrize("face", FACES)
def test_on_a_phone_the_header_has_two_rows_and_the_menu_every_link(visit, face):
    page = visit(face, 360)
    assert (
        rows(
            page,
            ".site-header__band :is(.brand__mark, .menu__button, .account__name, .account__button, .languages a)",
        )
        == 2
    )
    assert not page.locator("#site-nav").is_visible()
    page.get_by_text("Menü", exact=True).click()
    on_a_screen = page.locator("#site-nav a").evaluate_all("all => all.map(link => link.pathname)")
    on_the_phone = page.locator(".menu nav:first-child a").evaluate_all(
        "all => all.map(link => link.pathname)"
    )
    assert sorted(on_the_phone) == sorted(on_a_screen)
    assert page.locator(".menu nav a").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_folded_opens_by_keyboard_without_javascript_too(visit, width, javascript):
    page = visit("membership", width, java_script_enabled=javascript)
    summary = page.locator(".menu summary" if width == 360 else ".site-nav__more summary")
    link = summary.locator("xpath=..").get_by_role("link", name="Importe")
    assert not link.is_visible()
    summary.press("Enter")
    assert link.is_visible()
    link.press("Enter")
    page.wait_for_url("**/membership/imports/")


@pytest.mark.parametrize("how", ["key", "click"])
def test_more_closes_on_escape_and_on_a_click_beside_it(visit, how):
    page = visit("membership", 1280)
    page.locator(".site-nav__more summary").click()
    assert page.locator(".site-nav__more ul").is_visible()
    page.keyboard.press("Escape") if how == "key" else page.locator("h1").click()
    assert not page.locator(".site-nav__more ul").is_visible()


def test_the_page_under_more_is_marked_where_it_is_folded(visit):
    page = visit("membership", 1280)
    page.goto(page.url + "imports/")
    assert page.locator(".site-nav__more summary.here").is_visible()
    assert page.locator("#site-nav [aria-current=page]").count() == 1
