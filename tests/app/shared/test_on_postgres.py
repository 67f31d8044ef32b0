"""The shared layer on a real PostgreSQL: an organisation founded on it, served, and led through what the shared layer is for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from peewee import IntegrityError

from app.clock import today
from app.instance import Instance
from app.offices import OFFICES
from app.shared import acts
from app.shared.database import SharedLayer, shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Act, Assignment, Person
from keys.randomness import new_id
from keys.service import ServiceKey
from tests.server import Home, Server, found, run
from tests.stories.canary import Canary
from tests.stories.texts import POSTING
from tests.stories.visitor import Officer, Page, Typist, Visitor

pytestmark = pytest.mark.slow

PASSPHRASE = "Sieben Segel sinken selten, {}"
DATABASE = "schotten"


@pytest.fixture(scope="module")
def url(postgres) -> str:
    """A database of our own, and a role with a password that has to be escaped."""
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute("create role schotten login password 'ein @Zeichen / zwei'")
        server.execute(f"create database {DATABASE} owner schotten")
        host = server.info.host
    return f"postgresql://schotten:ein%20%40Zeichen%20%2F%20zwei@/{DATABASE}?host={host}"


@pytest.fixture(scope="module")
def home(url, tmp_path_factory) -> Home:
    return found(tmp_path_factory.mktemp("on-postgres") / "instance", SCHOTTEN_SHARED_URL=url)


@pytest.fixture(scope="module")
def server(home, url, tmp_path_factory):
    with Server(home, tmp_path_factory.mktemp("server"), SCHOTTEN_SHARED_URL=url) as server:
        yield server


@pytest.fixture(scope="module")
def canary() -> Canary:
    return Canary()


@pytest.fixture(scope="module")
def database(postgres):
    with psycopg.connect(postgres, dbname=DATABASE, autocommit=True) as connection:
        yield connection


def officer(server: Server, name: str, code: str) -> Officer:
    one = Officer(server)
    one.enrols(code, name, PASSPHRASE.format(name))
    one.logs_in()
    return one


def presses(visitor: Visitor, page: Page, action: str, typed=None, **more) -> Page:
    form = page.form(action)
    return visitor.sends(page, form, typed, **more)


def publishes(board: Officer) -> None:
    page = board.sees("/board/postings/new")
    form = page.form(field="de-title")
    typed = {name: text for name, text in POSTING.items() if form.has(name)}
    typed["deadline"] = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    page = board.sends(page, form, typed)
    presses(board, page, "/publish")


def applies(applicant: Visitor, typist: Typist) -> str:
    page = applicant.sees("/postings/membership-office/apply")
    for _page in range(6):
        form = page.form("/apply")
        page = applicant.sends(page, form, typist.types(form), button=("go", "next"))
    return presses(applicant, page, "/apply", button=("go", "send")).codes["code"]


@pytest.fixture(scope="module")
def appointed(server, canary):
    """From the posting to an officer at work, over pages: (the officer, the one who admitted, the board)."""
    codes = server.home.codes
    board = officer(server, "berta", codes["board"])
    publishes(board)
    applicant = Visitor(server)
    receipt = applies(applicant, Typist(canary, {"email": lambda: canary.email}))

    page = board.sees(board.sees("/board/applications/").link("/board/applications/[0-9a-f]{32}"))
    page = board.sees(page.link(r"/board/people/offer/.+"))
    assert board.sends(page, page.form(field="answer_by")).status == 200

    page = applicant.sees("/mailbox")
    page = applicant.sends(page, page.form("/mailbox"), {"code": receipt})
    for answer in ("accept", "accept-meant"):
        if not any(form.action.endswith("/offer") for form in page.forms):
            break
        page = presses(applicant, page, "/offer", button=("go", answer))
    [code] = [text for name, text in page.codes.items() if name.startswith("enrolment")]

    noor = officer(server, "noor", code)
    assert noor.sees("/membership/").path == "/membership/waiting"
    mika = officer(server, "mika", codes["membership"])
    page = mika.sees(mika.sees("/membership/inbox").link("/membership/access/[0-9a-f]+/admit"))
    assert mika.sends(page, page.form(field="compared"), {"compared": "y"}).path == "/membership/access"
    assert noor.logs_in().path == "/membership/"
    return noor, mika, board


def test_from_a_posting_to_an_officer_at_work(appointed):
    noor, _mika, board = appointed
    assert noor.sees("/membership/persons/new").status == 200
    assert "noor" not in board.sees("/membership/").text


def test_a_letter_of_the_public_reaches_the_desk_once(server, canary, database):
    visitor = Visitor(server)
    page = visitor.sees("/contact")
    assert "code" in presses(visitor, page, "/contact", Typist(canary).types(page.form("/contact"))).codes
    waiting = database.execute("select count(*) from envelope where recipient = 'desk'").fetchone()
    desk = officer(server, "dana", server.home.codes["desk"])
    assert canary.word in desk.sees(desk.sees("/desk/").link("/desk/requests/[0-9a-f]+")).text
    left = database.execute("select count(*) from envelope where recipient = 'desk'").fetchone()
    assert (waiting, left) == ((1,), (0,))


def test_a_claim_slot_is_there_for_each_pair(server, appointed, database):
    _noor, mika, _board = appointed
    page = mika.sees("/membership/invitations/")
    presses(mika, page, "/keys", {"count": "6"})
    clara = officer(server, "clara", server.home.codes["clearing"])
    page = clara.sees(clara.sees("/clearing/").link(r"/clearing/keysets/new\?request=.+"))
    assert presses(clara, page, "/new", {"name": "Herbst"}).path == "/clearing/keysets/"
    assert database.execute("select count(*) from claim_slot").fetchone() == (6,)


def test_no_text_of_anybody_stands_in_its_tables(appointed, canary, database):
    """Searched as bytes, in every column of every table."""
    tables = database.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    assert len(tables) > 15
    found = []
    for (table,) in tables:
        text = database.execute(
            f"select coalesce(string_agg(t::text, ' '), '') from \"{table}\" t"
        ).fetchone()[0]
        # A bytea is written in hexadecimal there.
        found += [table for spelling in (canary.word, canary.word.encode().hex()) if spelling in text]
    assert found == []


SECOND_OFFICE = """
    insert into assignment select repeat('x', 32), person_id, posting_id, 'clearing', role, 'appointed', appointed_on, starts_on, ends_on,
    ended_on from assignment where compartment = 'membership' and state <> 'ended'
"""


@pytest.mark.parametrize(
    "statement",
    [
        "update account set compartment = 'counsel' where username = 'mika'",
        "update assignment set compartment = 'counsel' where compartment = 'membership'",
        "delete from account where username = 'mika'",
        "update act set act = 'nothing'",
        "delete from act",
        SECOND_OFFICE,
    ],
)
def test_its_triggers_refuse_what_the_file_refuses(appointed, database, statement):
    with pytest.raises(psycopg.errors.CheckViolation):
        database.execute(statement)


def test_a_nul_in_what_a_stranger_sends_finds_nothing(server, appointed):
    visitor = Visitor(server)
    assert visitor.sees("/postings/%00").status == 404
    page = visitor.sees("/login")
    page = visitor.sends(page, page.form("/login"), {"username": "mika\x00", "passphrase": "nichts"})
    assert (page.status, page.path) == (200, "/login")


def test_it_goes_on_where_the_server_has_ended_its_connections(server, appointed, database):
    """As after an update of PostgreSQL: nobody sees an error, in whichever process and thread they land."""
    _noor, mika, _board = appointed
    ended = database.execute(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = %s and usename = 'schotten'",
        (DATABASE,),
    ).fetchone()
    assert ended[0] > 0
    assert [mika.sees("/membership/").status for _ in range(8)] == [200] * 8


def at_once(layer, work, number):
    """Let so many threads work at the same moment, each with a connection of its own; return what they return."""
    ready = threading.Barrier(number)

    def one(place):
        with layer.bound():
            ready.wait(30)
            try:
                return work(place)
            finally:
                layer.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.fixture
def layer(home, url):
    key = ServiceKey.load(Instance(home.instance).service_key).derive("shared-database")
    layer = SharedLayer.at(Instance(home.instance).shared_file, key, url)
    yield layer
    layer.close()


def test_of_appointments_at_one_moment_a_person_gets_one_strict_office(layer):
    """Other than a file, PostgreSQL lets many write at once: the triggers of two that don't see each other would let both pass."""
    strict = [name for name, office in OFFICES.items() if office.strict]
    with layer.bound():
        person = Person.create(id=new_id()).id

    def appoint(place):
        try:
            with write_transaction(shared_database):
                serialise_writers(shared_database, "assignments")
                day = today()
                Assignment.create(
                    id=new_id(), person=person, compartment=strict[place], appointed_on=day, starts_on=day
                )
        except IntegrityError:
            return "refused"
        return "appointed"

    done = at_once(layer, appoint, len(strict))
    assert sorted(done) == ["appointed"] + ["refused"] * (len(strict) - 1)


def test_acts_recorded_at_one_moment_make_one_chain(layer):
    def record(_place):
        for _ in range(5):
            with write_transaction(shared_database):
                acts.record(acts.Kind.POSTING_CLOSED, subject=new_id())

    with layer.bound():
        before = Act.select().count()
    at_once(layer, record, 4)
    with layer.bound():
        assert [row.number for row in Act.select().order_by(Act.number)] == list(range(1, before + 21))
        assert list(acts.broken_links()) == []


def test_the_timer_and_the_doctor_work_on_it(home, url, appointed, database):
    database.execute("update posting set deadline = current_date - 1")
    assert "posting closed: membership-office" in run(home.instance, "tick", SCHOTTEN_SHARED_URL=url)
    assert run(home.instance, "tick", "--quiet", SCHOTTEN_SHARED_URL=url) == ""
    run(home.instance, "doctor", SCHOTTEN_SHARED_URL=url, SCHOTTEN_HTTPS="1")
    assert not (home.instance / "shared" / "shared.db").exists()
