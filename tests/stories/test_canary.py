"""What people type is found nowhere outside of sealed and encrypted bytes: not while a real server runs, not after it stops, not after kill -9."""

import http.client
import socket
import sys
import threading
import time
from datetime import date, timedelta
from subprocess import PIPE, Popen
from tempfile import NamedTemporaryFile

import pytest

from tests.server import HOST, Home, Server
from tests.stories.canary import SPOOLED_FROM, Canary, Search, Watch
from tests.stories.texts import POSTING
from tests.stories.visitor import Officer, Typist, Visitor

pytestmark = pytest.mark.slow

BOARD = ("berta", "Sieben Segel sinken selten")
MEMBERSHIP = ("mika", "Karteikarten knistern kaum hörbar")
DESK = ("dana", "Laternen leuchten auch dem Postboten")
APPLICATION = {
    "contact-name",
    "contact-email",
    "contact-phone",
    "contact-pronouns",
    "motivation-motivation",
    "motivation-experience",
    "motivation-availability",
}
PERSON = {
    "member_number",
    "first_name",
    "last_name",
    "birth_date",
    "street",
    "postcode",
    "city",
    "email",
    "phone",
    "entered_on",
    "dues_cents",
    "notes",
    "ticket",
    "left_on",
}


LATER = (date.today() + timedelta(days=300)).isoformat()  # noqa: DTZ011


@pytest.fixture(scope="session")
def office_home(home_once, tmp_path_factory) -> Home:
    """A home in which three offices have their first officers, and a posting is out. Made once, copied per test."""
    folder = tmp_path_factory.mktemp("office")
    home = home_once.copied_to(folder / "instance")
    with Server(home, folder / "server") as server:
        for compartment, login in (("board", BOARD), ("membership", MEMBERSHIP), ("desk", DESK)):
            Officer(server).enrols(home.codes[compartment], *login)
        board = officer(server, BOARD)
        page = board.sees("/board/postings/new")
        form = page.form(field="de-title")
        more = {"deadline": (date.today() + timedelta(days=30)).isoformat()}  # noqa: DTZ011
        page = board.sends(
            page, form, {name: text for name, text in POSTING.items() if form.has(name)} | more
        )
        page = board.sends(page, page.form("/publish"))
        assert "membership-office" in board.sees("/").text
    return home


@pytest.fixture
def home(office_home, tmp_path) -> Home:
    return office_home.copied_to(tmp_path / "instance")


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
def typist(canary) -> Typist:
    return Typist(
        canary,
        {
            "email": lambda: canary.email,
            "phone": lambda: canary.phone,
            "country": lambda: "AT",
            "postcode": lambda: canary.word,
            "member_number": lambda: canary.number,
            "birth_date": lambda: canary.born,
            "entered_on": lambda: canary.entered,
            "left_on": lambda: canary.left,
            "exit_reason": lambda: "other",
            "dues_cents": lambda: canary.dues,
            "reduced_cents": lambda: "1.00",
            "reduced_until": lambda: LATER,
            "voting_on": lambda: canary.entered,
            "consent_news_on": lambda: canary.entered,
            "consent_phone_on": lambda: canary.entered,
        },
    )


def officer(server: Server, login: tuple[str, str]) -> Officer:
    officer = Officer(server)
    officer.username, officer.passphrase = login
    officer.logs_in()
    return officer


def apply(visitor: Visitor, typist: Typist) -> str:
    """Apply, with the canary in every field of every page and in every file; return the receipt code."""
    page = visitor.sees("/postings/membership-office/apply")
    for _page in range(6):
        form = page.form("/apply")
        files = [one.name for one in form.fields if one.kind == "file"]
        if files:
            uploads = [(name, *file) for name in files for file in typist.canary.files()]
            page = visitor.sends(page, form, typist.types(form), button=("go", "upload"), files=uploads)
            form = page.form("/apply")
        page = visitor.sends(page, form, typist.types(form), button=("go", "next"))
    assert typist.canary.word in page.text
    page = visitor.sends(page, page.form("/apply"), button=("go", "send"))
    return page.codes["code"]


def add_person(membership: Officer, typist: Typist, **typed: str) -> str:
    """Add a person to the register, with the canary in every field; return the address of their page."""
    page = membership.sees("/membership/persons/new")
    form = page.form(field="last_name")
    page = membership.sends(page, form, {**typist.types(form), **typed})
    if page.path.endswith("/new"):
        # Likely duplicates are shown first; saving again saves.
        form = page.form(field="last_name")
        page = membership.sends(page, form, {**typist.types(form), **typed})
    return page.path


def test_what_people_type_is_found_nowhere(server, canary, typist):
    search = Search(server, canary)
    applicant = Visitor(server)
    with Watch(search) as watch:
        code = apply(applicant, typist)
        assert search.findings() == []

        board = officer(server, BOARD)
        page = board.sees("/board/applications/")
        page = board.sees(address := page.link("/board/applications/[0-9a-f]{32}"))
        assert page.text.count(canary.word) > len(APPLICATION)
        board.sends(page, page.form("/messages"), typist.types(page.form("/messages")))
        assert address in board.sees(f"/board/applications/?q={canary.word}").links

        page = applicant.sees("/mailbox")
        page = applicant.sends(page, page.form("/mailbox"), {"code": code})
        assert canary.text("text") in page.text
        form = page.form("/message")
        uploads = [("files", *file) for file in canary.files()]
        page = applicant.sends(page, form, typist.types(form), button=("go", "send"), files=uploads)
        assert search.findings() == []

        page = applicant.sees("/contact")
        page = applicant.sends(page, page.form("/contact"), typist.types(page.form("/contact")))
        receipt = page.codes["code"]
        desk = officer(server, DESK)
        page = desk.sees(desk.sees("/desk/").link("/desk/requests/[0-9a-f]+"))
        assert canary.word in page.text
        desk.sends(page, page.form("/answer"), typist.types(page.form("/answer")))

        membership = officer(server, MEMBERSHIP)
        person = add_person(membership, typist)
        page = membership.sees(f"{person}/edit")
        form = page.form(field="last_name")
        page = membership.sends(
            page, form, {**typist.types(form), "first_name": canary.text("first_name") * 2}
        )
        assert page.path == person, page.text
        membership.sees(f"/membership/?q={canary.word}")
        membership.sees(f"{person}/history")
        for one, path in (
            (membership, "/membership/notes"),
            (board, "/board/notices"),
            (desk, "/desk/notes"),
        ):
            page = one.sees(path)
            one.sends(page, page.form(field="text"), typist.types(page.form(field="text")))
        assert search.findings() == []
    assert canary.typed >= APPLICATION | PERSON | {"subject", "name", "text"}
    assert any("questions-" in name for name in canary.typed)
    assert any("evidence-" in name for name in canary.typed)
    assert watch.found == set()
    assert watch.rounds > 10
    for visitor in (applicant, board, desk, membership):
        assert [carried for carried in visitor.carried if canary.word in carried] == []
    assert not any(secret in server.said() for secret in (code, receipt, BOARD[1], "127.0.0.1 -"))
    server.stop()
    assert search.findings() == []
    server.start()
    assert search.findings() == []


def test_half_an_upload_lies_in_no_file(server, canary, typist):
    """What is on its way is where a temporary file would be: the server has read half of it, and waits for the rest."""
    search = Search(server, canary)
    applicant = Visitor(server)
    page = applicant.sees("/postings/membership-office/apply")
    upload = ("evidence-general.files", *canary.files()[1])
    assert len(upload[2]) > SPOOLED_FROM
    path, body, kind = applicant.letter(page, page.form("/apply"), files=[upload] * 3)
    with socket.create_connection((HOST, server.port), timeout=120) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {applicant.cookie()}\r\nContent-Type: {kind}\r\n"
        line.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        line.sendall(body[: len(body) * 2 // 3])
        time.sleep(0.5)
        assert search.findings() == []
        server.kill()
    assert search.findings() == []


@pytest.mark.parametrize(
    "point", ["application.before-commit", "mailbox-message.before-commit", "contact.before-commit"]
)
def test_a_public_page_killed_before_it_commits_leaves_nothing_readable(
    home, tmp_path, canary, typist, point
):
    with Server(home, tmp_path / "deadly", SCHOTTEN_FAULT_POINT=point) as server:
        search, applicant = Search(server, canary), Visitor(server)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            write_by(point, applicant, typist)
        server.kill()
        assert (home.instance / "shared" / "shared.db-wal").exists()
        assert search.findings() == []


def write_by(point: str, applicant: Visitor, typist: Typist) -> None:
    if point.startswith("contact"):
        page = applicant.sees("/contact")
        applicant.sends(page, page.form("/contact"), typist.types(page.form("/contact")))
        return
    code = apply(applicant, typist)
    page = applicant.sees("/mailbox")
    page = applicant.sends(page, page.form("/mailbox"), {"code": code})
    form = page.form("/message")
    uploads = [("files", *file) for file in typist.canary.files()]
    applicant.sends(page, form, typist.types(form), button=("go", "send"), files=uploads)


def test_a_vault_killed_in_the_middle_of_an_import_leaves_nothing_readable(home, tmp_path, canary, typist):
    with Server(home, tmp_path / "deadly", SCHOTTEN_FAULT_POINT="import.before-commit") as server:
        search = Search(server, canary)
        apply(Visitor(server), typist)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            officer(server, BOARD)
        server.kill()
        assert search.findings() == []
    with Server(home, tmp_path / "server") as server:
        assert canary.word in officer(server, BOARD).sees("/board/applications/").text
        assert search.findings() == []


def test_a_register_killed_while_officers_write_leaves_nothing_readable(server, canary, typist):
    search, membership = Search(server, canary), officer(server, MEMBERSHIP)
    written = []

    def write() -> None:
        for number in range(1, 1000):
            try:
                written.append(add_person(membership, typist, member_number=str(number)))
            except (ConnectionError, http.client.HTTPException):
                return

    officer_at_work = threading.Thread(target=write)
    officer_at_work.start()
    while len(written) < 8 and officer_at_work.is_alive():
        time.sleep(0.01)
    server.kill()
    officer_at_work.join()
    assert search.findings() == []
    server.start()
    assert canary.word in membership.sees("/membership/").text
    assert search.findings() == []


# --- the search itself --------------------------------------------------------------------------------------------


@pytest.fixture
def idle(home, tmp_path) -> Server:
    """A server that was never started: the search needs only its places."""
    return Server(home, tmp_path / "server")


def test_the_search_finds_a_canary_in_every_spelling(idle, canary):
    search = Search(idle, canary)
    for number, (name, spelling) in enumerate(search.spellings.items()):
        leak = idle.home.instance / f"{number}.journal"
        leak.write_bytes(b"\x00\x01" + spelling + b"\xff")
        assert f"{leak}: {name}" in search.of_the_server()
        leak.unlink()
    assert search.findings() == []


@pytest.mark.parametrize(
    "place", ["instance/vaults/board/board.db-journal", "server/tmp/tmpab12", "server/serve.err"]
)
def test_the_search_finds_a_canary_wherever_it_lies(idle, canary, tmp_path, place):
    search = Search(idle, canary)
    (tmp_path / place).write_text(f"... {canary.word} ...")
    assert len(search.findings()) == 1
    (tmp_path / place).unlink()


def test_the_search_finds_a_canary_in_a_name_and_in_the_machines_memory(idle, canary):
    search = Search(idle, canary)
    (idle.temporary / f"{canary.word}.pdf").touch()
    with NamedTemporaryFile(dir="/dev/shm") as leak:
        leak.write(canary.word.encode())
        leak.flush()
        assert [found.partition(": ")[0] for found in search.findings()] == [
            f"the name of {idle.temporary / canary.word}.pdf",
            leak.name,
        ]


def test_the_search_finds_a_canary_in_a_file_without_a_name(idle, canary):
    leaks = "import sys, tempfile; f = tempfile.TemporaryFile(); f.write(sys.argv[1].encode()); f.flush(); print(); sys.stdin.read()"
    with Popen([sys.executable, "-c", leaks, canary.word], stdin=PIPE, stdout=PIPE) as idle.process:
        idle.process.stdout.readline()
        found = Search(idle, canary).of_the_server()
        idle.process.communicate()
    assert ["deleted" in one for one in found] == [True]
