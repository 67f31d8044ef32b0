import re
from html import unescape
from pathlib import Path

import pytest

from app.offices import OFFICES
from app.web.look import LOOKS, current_look, show_face

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "app" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGE = "{% extends 'base.html' %}{% block content %}<h1>x</h1>{% endblock %}"
ERRORS = (400, 403, 404, 405, 413, 429, 500, 503)


# --- faces ---


def test_every_office_and_the_public_have_a_look():
    assert set(LOOKS) == set(OFFICES) | {"public"}


@pytest.mark.parametrize(
    ("path", "face"),
    [("/", "public"), ("/board/inbox", "board"), ("/counsel/", "counsel"), ("/boards", "public")],
)
def test_the_path_tells_the_face(dressed, path, face):
    with dressed.test_request_context(path):
        assert current_look().name == face


def test_a_blueprint_tells_the_face_wherever_it_is_mounted(dressed, blueprint):
    blueprint.add_url_rule("/x", "x", lambda: current_look().name)
    dressed.register_blueprint(blueprint, url_prefix="/elsewhere")
    assert dressed.test_client().get("/elsewhere/x").text == "board"


def test_a_view_can_dress_its_page(dressed):
    with dressed.test_request_context("/login"):
        show_face("desk")
        assert current_look() is LOOKS["desk"]


@pytest.mark.parametrize("face", LOOKS)
def test_a_page_shows_colour_mark_and_name_of_its_face(dressed, face):
    dressed.page(PAGE, f"/{face}/page")
    html = dressed.test_client().get(f"/{face}/page", headers={"X-Signed-In": "1"}).text
    assert f'class="face-{face}"' in html
    assert '<svg class="glyph"' in html
    if face != "public":
        with dressed.test_request_context():
            assert str(LOOKS[face].title) in unescape(html)
        assert "Ada Lovelace" in html
        assert '<meta name="robots" content="noindex">' in html


def test_the_public_pages_show_no_account(dressed):
    dressed.page(PAGE)
    assert "Ada" not in dressed.test_client().get("/page", headers={"X-Signed-In": "1"}).text


def test_log_out_is_a_form_of_the_office_one_is_in(dressed, blueprint):
    blueprint.name = "accounts"
    blueprint.add_url_rule(
        "/<compartment>/logout", "logout", lambda compartment: compartment, methods=["POST"]
    )
    dressed.register_blueprint(blueprint, url_prefix="/")
    dressed.page(PAGE, "/desk/page")
    html = dressed.test_client().get("/desk/page", headers={"X-Signed-In": "1"}).text
    assert '<form method="post" action="/desk/logout"' in html


def test_a_demo_says_so_on_every_page(dressed):
    dressed.context_processor(lambda: {"is_demo": True})
    dressed.page(PAGE)
    assert "alle Personen sind erfunden" in dressed.test_client().get("/page").text


# --- colours ---


def variables(sheet, selector):
    found = re.findall(
        rf"^{re.escape(selector)} \{{([^}}]*)\}}", (STATIC / sheet).read_text(encoding="utf-8"), re.MULTILINE
    )
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", " ".join(found)))


def contrast(one, other):
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour):
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def resolved(values, name):
    value = values[name]
    return resolved(values, value[6:-1]) if value.startswith("var(") else value


@pytest.mark.parametrize("face", LOOKS)
@pytest.mark.parametrize("night", [False, True])
def test_text_can_be_read_in_every_face_by_day_and_by_night(face, night):
    values = variables("schotten.css", ":root") | variables("schotten.css", f".face-{face}")
    if night:
        values |= variables("dark.css", ":root") | variables("dark.css", f".face-{face}")
    pairs = [
        (ink, paper)
        for ink in ("ink", "ink-soft", "face-ink")
        for paper in ("paper", "paper-soft", "paper-sunk", "face-tint")
    ]
    pairs += [(f"{kind}-ink", f"{kind}-tint") for kind in ("danger", "warning", "success", "info")]
    pairs += [("danger-ink", "paper"), ("action-text", "action"), ("action-text", "action-deep")]
    poor = {
        pair: ratio
        for pair in pairs
        if (ratio := contrast(resolved(values, pair[0]), resolved(values, pair[1]))) < 4.5
    }
    assert not poor
    assert contrast("#ffffff", resolved(values, "face")) >= 5
    assert contrast(resolved(values, "line-strong"), resolved(values, "paper")) >= 3


def test_no_two_faces_share_a_colour():
    colours = [variables("schotten.css", f".face-{face}").get("face", "#1f3a5f") for face in LOOKS]
    assert len(set(colours)) == len(LOOKS)


# --- what a strict content security policy would refuse ---


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_loads_nothing_from_elsewhere(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(src|srcset|action)\s*=\s*[\"']?(https?:)?//", source)


# A job's page asks how far the job is, and a form of several pages is sent: at the address that the template's url_for gave; connect-src 'self' bounds it.
OWN_ADDRESSES = ("await fetch(box.dataset.job,", "await fetch(memory.address, {")


@pytest.mark.parametrize("path", [*STATIC.glob("*.css"), *STATIC.glob("*.js")], ids=lambda path: path.name)
def test_our_own_files_load_nothing(path):
    source = path.read_text(encoding="utf-8")
    for own in OWN_ADDRESSES:
        source = source.replace(own, "")
    assert not re.search(
        r"@import|url\((?!\"data:)|fetch\(|XMLHttpRequest|localStorage|eval\(|innerHTML", source
    )


def test_own_files_carry_their_fingerprint(dressed):
    dressed.page(PAGE)
    html = dressed.test_client().get("/page").text
    assert re.search(r'href="/static/schotten\.css\?v=[0-9a-f]{12}"', html)


# --- error pages ---


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_error_page_says_what_happened_and_what_to_do(dressed, code, language):
    dressed.page(f"{{% extends 'errors/{code}.html' %}}", reference="k7mn-2bcd")
    html = dressed.test_client().get("/page", headers={"Accept-Language": language}).text
    assert html.count("<h1>") == 1
    assert ("k7mn-2bcd" in html) == (code == 500)


@pytest.mark.parametrize("code", [500, 503])
def test_a_page_for_our_own_failure_asks_nothing_that_may_have_failed(dressed, code):
    def broken():
        raise ConnectionError

    dressed.context_processor(lambda: {"nav_items": broken})
    dressed.login_manager.request_loader(lambda _request: broken())
    dressed.page(f"{{% extends 'errors/{code}.html' %}}", "/board/page")
    assert dressed.test_client().get("/board/page").status_code == 200
