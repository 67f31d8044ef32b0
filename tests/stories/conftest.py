"""What the stories stand on: a freshly founded instance served by a real server, and people with browsers."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.server import Home, Server, found
from tests.stories.album import WIDE, Album, listen
from tests.stories.people import Applicant, BoardMember, Colleague, Officer

OUTPUT = Path(__file__).parents[1] / "output" / "stories"
LOCALES = {"de": "de-DE", "en": "en-GB"}


@pytest.fixture(scope="session")
def home_once(tmp_path_factory) -> Home:
    """An instance as `schotten init` leaves it. Founded once, copied per test."""
    return found(tmp_path_factory.mktemp("home") / "instance")


@pytest.fixture
def home(home_once, tmp_path) -> Home:
    return home_once.copied_to(tmp_path / "instance")


@pytest.fixture
def server(home, tmp_path) -> Iterator[Server]:
    """A server of the test's own; what it could write to lies under the test's folder."""
    with Server(home, tmp_path / "server") as server:
        yield server


@dataclass
class Town:
    """Where the story takes place: it gives people browsers, and knows at the end whether one of them complained."""

    server: Server
    browser: object
    album: Album
    language: str
    people: list = field(default_factory=list)

    @property
    def codes(self) -> dict[str, str]:
        """What `schotten init` printed."""
        return self.server.home.codes

    def applicant(self, name: str, *, javascript: bool = True) -> Applicant:
        # axe is a script, so without JavaScript there is nothing to ask.
        return self.person(Applicant, name, javascript=javascript, looks=javascript)

    def board_member(self, name: str, username: str, passphrase: str) -> BoardMember:
        return self.person(BoardMember, name, username=username, passphrase=passphrase)

    def officer(self, name: str, username: str, passphrase: str) -> Officer:
        return self.person(Officer, name, username=username, passphrase=passphrase)

    def colleague(self, name: str, compartment: str, username: str, passphrase: str) -> Colleague:
        login = {"compartment": compartment, "username": username, "passphrase": passphrase}
        return self.person(Colleague, name, **login)

    def complaints(self) -> list[str]:
        return [complaint for person in self.people for complaint in person.complaints]

    def person(self, kind, name, *, javascript=True, language="", **more):
        """Give somebody a browser, in the town's language where none is named."""
        language = language or self.language
        context = self.browser.new_context(
            locale=LOCALES[language],
            timezone_id="Europe/Berlin",
            viewport=WIDE,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        complaints = listen(context, self.server.url)
        person = kind(name, language, context, complaints, self.server.url, self.album, **more)
        self.people.append(person)
        return person


@pytest.fixture(params=["de", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture
def town(server, browser, screenshots, language, request) -> Iterator[Town]:
    folder = OUTPUT / f"{request.node.originalname}-{language}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    town = Town(server, browser, Album(folder, screenshots), language)
    yield town
    for person in town.people:
        person.context.close()
    sys.stdout.write(server.said()[-4_000:])  # pytest shows it where the story fails
