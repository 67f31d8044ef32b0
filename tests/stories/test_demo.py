"""The demo as a newcomer meets it: with the logins that it prints, through every page that the menus lead to; and the pictures for README.md."""

import json

import pyotp
import pytest

from tests.server import Home, run
from tests.stories.conftest import Town
from tests.stories.people import Colleague

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home_of_the_demo(tmp_path_factory) -> Home:
    instance = tmp_path_factory.mktemp("demo") / "instance"
    run(instance, "demo")
    return Home(instance, {})


@pytest.fixture
def home(home_of_the_demo, tmp_path) -> Home:
    return home_of_the_demo.copied_to(tmp_path / "instance")


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
def demo(home) -> dict:
    return json.loads((home.instance / "demo.json").read_text(encoding="utf-8"))


def officer_of(compartment: str, demo: dict, town: Town) -> Colleague:
    """The compartment's first officer, who has logged in."""
    known = next(one for one in demo["accounts"] if one["compartment"] == compartment)
    officer = town.colleague(known["name"], compartment, known["username"], known["passphrase"])
    if known["second_factor"]:
        officer.second_factor = pyotp.TOTP(known["second_factor"])
    officer.logs_in()
    return officer


def test_every_office_can_be_walked_through(town, demo):
    town.album.asked_at = ("wide",)
    for compartment in ("board", "desk", "membership", "administration", "clearing", "counsel"):
        officer_of(compartment, demo, town).walks_through_the_office()
    assert len(town.album.stations) > 20
    assert town.complaints() == []


def test_the_pictures_for_the_readme(town, demo):
    anybody = town.applicant("Anybody")
    anybody.goes_to("/")
    town.album.keep(anybody.page, "postings", "wide", "narrow")

    vera = officer_of("board", demo, town)
    vera.goes_to("/board/applications/")
    with vera.page.expect_navigation():
        vera.page.get_by_role("link", name=demo["receipts"][0]["name"]).click()
    town.album.keep(vera.page, "board-application", "wide", "narrow")

    anke = officer_of("membership", demo, town)
    anke.goes_to("/membership/")
    town.album.keep(anke.page, "register", "wide")
    assert town.complaints() == []
