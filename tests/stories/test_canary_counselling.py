"""What people write to the counsellors is found nowhere outside of sealed and encrypted bytes, and what a photo noted isn't even inside."""

import http.client

import pytest

from app.public.counselling import forms, steps
from tests.server import Home, Server
from tests.stories.canary import Canary, Search, Watch
from tests.stories.fields import typed_fields
from tests.stories.visitor import Officer, Page, Typist, Visitor

pytestmark = pytest.mark.slow

COUNSEL = ("conny", "Leise Wellen lecken lange Leinen")
SECOND_FACTOR = {}
INTAKE = {f"{step.removesuffix('Step').lower()}-{name}" for step, name in typed_fields(steps)}
COMING_BACK = {name for form, name in typed_fields(forms) if form != "CodeForm"}
"""The code itself is looked for by its own name: it is in nobody's hands but the person's."""


@pytest.fixture(scope="session")
def counsel_home(home_once, tmp_path_factory) -> Home:
    """A home in which one counsellor is there, with a portrait. Made once, copied per test."""
    folder = tmp_path_factory.mktemp("counsel")
    home = home_once.copied_to(folder / "instance")
    with Server(home, folder / "server") as server:
        Officer(server).enrols(home.codes["counsel"], *COUNSEL)
        conny = counsellor(server)
        page = conny.sees("/counsel/portrait")
        form = page.form(field="name")
        card = {"name": "Conny", "languages": ["de"], "portrait_de": "Ich höre zu.", "accepts": "y"}
        conny.sends(page, form, card)
        SECOND_FACTOR["secret"] = conny.secret
        assert "Conny" in Visitor(server).sees("/counselling").text
    return home


@pytest.fixture
def home(counsel_home, tmp_path) -> Home:
    return counsel_home.copied_to(tmp_path / "instance")


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
def typist(canary) -> Typist:
    return Typist(canary, {"preferred": lambda: "phone"})


def counsellor(server: Server) -> Officer:
    conny = Officer(server)
    conny.username, conny.passphrase = COUNSEL
    conny.secret = SECOND_FACTOR.get("secret", "")
    conny.logs_in()
    return conny


def goes_in(visitor: Visitor, which: int) -> Page:
    """Press one of the two buttons of the first page."""
    page = visitor.sees("/counselling")
    return visitor.sends(page, page.forms[which], button=("go", "start"))


def write_in(visitor: Visitor, typist: Typist) -> str:
    """Write in, with the canary in every field of every page and in every file; return the receipt code."""
    page = goes_in(visitor, 0)
    for _page in range(6):
        form = page.forms[0]
        if form.has("files-files"):
            uploads = [("files-files", *file) for file in typist.canary.files()]
            page = visitor.sends(page, form, button=("go", "upload"), files=uploads)
            form = page.forms[0]
        page = visitor.sends(page, form, typist.types(form), button=("go", "next"))
    assert typist.canary.word in page.text
    return visitor.sends(page, page.forms[0], button=("go", "send")).codes["code"]


def come_back(visitor: Visitor, code: str) -> Page:
    page = goes_in(visitor, 1)
    return visitor.sends(page, page.forms[0], {"code": code}, button=("go", "open"))


def write_more(visitor: Visitor, page: Page, typist: Typist) -> Page:
    typed = {"text": typist.canary.text("text")}
    uploads = [("files", *file) for file in typist.canary.files()]
    return visitor.sends(page, page.forms[0], typed, button=("go", "send"), files=uploads)


def corrects(visitor: Visitor, code: str, typist: Typist, conny: Officer) -> None:
    """A counsellor leaves a record, and the person corrects it."""
    case = conny.sees("/counsel/cases").link("/counsel/cases/[0-9a-f]{32}")
    page = conny.sees(f"{case}/record")
    conny.sends(page, page.form(field="text"), {"text": "Eine Zusammenfassung"})
    page = come_back(visitor, code)
    typed = {"correction": typist.canary.text("correction")}
    visitor.sends(page, page.form(field="correction"), typed, button=("go", "correct-record"))
    assert typist.canary.word in conny.sees(case).text


def write_twice(visitor: Visitor, typist: Typist) -> None:
    write_more(visitor, come_back(visitor, write_in(visitor, typist)), typist)


def test_what_people_write_to_the_counsellors_is_found_nowhere(server, canary, typist):
    search, person = Search(server, canary), Visitor(server)
    with Watch(search) as watch:
        code = write_in(person, typist)
        assert search.findings() == []
        conny = counsellor(server)
        page = conny.sees("/counsel/cases")
        page = conny.sees(page.link("/counsel/cases/[0-9a-f]{32}"))
        assert canary.word in page.text
        page = write_more(person, come_back(person, code), typist)
        assert canary.text("text") in page.text
        corrects(person, code, typist, conny)
        assert search.findings() == []
    assert canary.typed >= INTAKE | COMING_BACK
    assert watch.found == set()
    assert [carried for carried in person.carried if canary.word in carried] == []
    assert not any(secret in server.said() for secret in (code, code.replace("-", ""), "/counselling"))
    server.stop()
    assert search.findings() == []


@pytest.mark.parametrize("point", ["counselling.begin.before-commit", "counselling.write.before-commit"])
def test_a_page_killed_before_it_commits_leaves_nothing_readable(home, tmp_path, canary, typist, point):
    with Server(home, tmp_path / "deadly", SCHOTTEN_FAULT_POINT=point) as server:
        search, person = Search(server, canary), Visitor(server)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            write_twice(person, typist)
        server.kill()
        assert search.findings() == []
