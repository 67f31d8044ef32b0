"""The pages of imports, as officers walk through them."""

import io

import pytest

from app.clock import today
from app.office import jobs as office_jobs
from app.office.running import run
from app.vault.models import Job
from compartments.membership import persons
from compartments.membership.imports import thresholds
from compartments.membership.imports.models import Import, ImportFile
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.compartments.membership.imports.conftest import HEADER, row, table
from tests.pages import fill, words


@pytest.fixture
def client(cast, monkeypatch):
    """The office's first officer; jobs wait until a test lets them run."""
    monkeypatch.setattr(office_jobs, "launch", lambda *_: None)
    client = cast["membership"].client()
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def finish(cast, place):
    """Runs the jobs that are waiting."""

    def finish():
        with cast.vault("membership"):
            waiting = [job.id for job in Job.select().where(Job.unfinished.is_null(False))]
        for job_id in waiting:
            run(job_id, place)

    return finish


@pytest.fixture
def staged(client, finish):
    """Uploads a list and has it read; returns the address of its page."""

    def staged(content, **typed):
        page = fill(client, client.get("/membership/imports/"), None, file=(io.BytesIO(content), "liste.csv"))
        assert page.status_code == 303, words(page)
        columns = client.get(page.location)
        chosen = {f"columns-{name}": str(HEADER.index(title)) for name, title in NAMES.items()}
        done = fill(client, columns, None, **{**chosen, **typed})
        assert done.status_code == 303, words(done)
        finish()
        return page.location.removesuffix("/columns")

    return staged


NAMES = {
    "member_number": "Mitgliedsnummer",
    "last_name": "Name1",
    "first_name": "Name2",
    "postcode": "PLZ",
    "entered_on": "USER_Eintrittsdatum",
}


def test_bad_rows_say_what_is_wrong_as_an_officer_reads_it(client, staged):
    page = client.get(staged(table(row(7), row(7), row(8, entered="31.12.2099"), row(9, "A\x00b"))))
    assert "the same member number stands further up, in line 2" in words(page)
    assert "this day can't be right 31 Dec 2099" in words(page)
    assert "A\ufffdb" in words(page)


def test_an_officer_uploads_looks_commits_and_undoes(cast, client, staged, finish):
    show = staged(table(row(7, "Weiß"), row("x")), keep_as="Buchhaltung")
    page = client.get(show)
    assert "it is no member number" in words(page)
    assert "Weiß, Nina" in words(client.get(show + "?kind=add"))
    assert fill(client, page, "/commit").status_code == 303
    finish()
    with cast.vault("membership"):
        assert persons.numbered(7).last_name == "Weiß"
        assert not ImportFile.select().exists()
    assert "has done this already" in words(client.get(fill(client, page, "/commit").location))
    assert fill(client, client.get(show), "/undo").status_code == 303
    finish()
    assert "the whole import is undone" in words(client.get(show))
    with cast.vault("membership"):
        assert persons.numbered(7) is None
    assert "Buchhaltung" in words(client.get("/membership/imports/"))


def test_a_form_sent_twice_uploads_once(cast, client):
    entry = new_id()
    page = client.get("/membership/imports/")
    for _ in range(2):
        fill(client, page, None, entry=entry, file=(io.BytesIO(table(row(7))), "a.csv"))
    with cast.vault("membership"):
        assert Import.select().count() == 1


@pytest.mark.parametrize("content", [b"", b"only one column\n1\n", b"\x00" * 50])
def test_what_is_no_list_is_refused_with_words(client, content):
    page = fill(client, client.get("/membership/imports/"), None, file=(io.BytesIO(content), "a.csv"))
    assert page.status_code == 200
    assert "There is a problem" in words(page) or "list" in words(page)


def test_a_list_over_the_usual_limit_of_uploads_is_taken(client):
    content = table(*(row(number, "x" * 100) for number in range(1, 90_000)))
    assert len(content) > 11 * 1024 * 1024
    page = fill(client, client.get("/membership/imports/"), None, file=(io.BytesIO(content), "a.csv"))
    assert page.status_code == 303
    # The test's own client has spooled what it sent.
    page.request.environ["wsgi.input"].close()


def test_many_exits_go_to_a_second_officer(cast, client, mona, staged, finish):
    with cast.vault("membership"):
        thresholds.save({"percent": 5, "least": 2})
        for number in range(1, 11):
            persons.add(details(member_number=number), entry_id=new_id(), by=MIKA, now=NOW)
    leaving = table(*((str(n), "", "", "", "", "", "01.11.2026") for n in (1, 2)))
    show = staged(leaving, **{"columns-left_on": "6", "columns-entered_on": ""})
    proposed = fill(client, client.get(show), "/commit")
    assert "/proposals/" in proposed.location
    done = fill(mona, mona.get(proposed.location), "/confirm")
    assert done.status_code == 303
    finish()
    with cast.vault("membership"):
        assert persons.numbered(1).left_on is not None
        assert Import.get().confirmed_by_name


def test_a_list_can_be_dropped_and_nothing_of_it_is_kept(cast, client, staged):
    show = staged(table(row(7)))
    fill(client, client.get(show), "/drop")
    with cast.vault("membership"):
        assert (Import.get().state, ImportFile.select().count()) == ("dropped", 0)


@pytest.mark.parametrize("typed", [{"percent": "101"}, {"least": "0"}, {"percent": "x"}])
def test_thresholds_have_bounds(client, typed):
    page = fill(client, client.get("/membership/imports/threshold"), None, **typed)
    assert page.status_code == 200
    assert fill(client, client.get("/membership/imports/threshold"), None, percent="10").status_code == 303


def test_one_officer_alone_doesnt_change_when_a_second_one_is_needed(cast, client, mona):
    def agreed():
        with cast.vault("membership"):
            return thresholds.numbers()

    before, page = agreed(), client.get("/membership/imports/threshold")
    sent = fill(client, page, None, percent="100", least="100000")
    assert agreed() == before
    asked = mona.get(sent.location)
    assert "5 → 100" in words(asked)
    assert fill(mona, asked, "/confirm").status_code == 303
    assert agreed() == {"percent": 100, "least": 100_000}


def test_members_who_are_not_in_a_full_list_have_to_be_confirmed(cast, client, staged, finish):
    with cast.vault("membership"):
        for number in (1, 2):
            person = details("Fehlt" if number == 2 else "Da", member_number=number)
            persons.add(person, entry_id=new_id(), by=MIKA, now=NOW)
    show = staged(table(row(1, "Da", "Anna")), full="1")
    page = client.get(show + "?kind=exit")
    assert "1 member isn't in the list and would leave" in words(page)
    assert "Fehlt, Anna" in words(page)
    fill(client, page, "/commit")
    assert "Please confirm that the members" in words(client.get(show))
    finish()
    with cast.vault("membership"):
        assert persons.numbered(2).left_on is None
    fill(client, page, "/commit", leavers="1")
    finish()
    with cast.vault("membership"):
        assert persons.numbered(2).left_on == today()
    assert "It can be undone until" in words(client.get(show))


def test_an_officer_takes_a_single_exit_out_of_a_full_list(cast, client, staged, finish):
    with cast.vault("membership"):
        for number in (1, 2, 3):
            person = details("Da" if number == 1 else f"Fehlt{number}", member_number=number)
            persons.add(person, entry_id=new_id(), by=MIKA, now=NOW)
    show = staged(table(row(1, "Da", "Anna")), full="1")
    page = client.get(show + "?kind=exit")
    assert "This member stays" in words(page)
    ask = next(part.partition('"')[0] for part in page.text.split('href="') if "/exits/" in part)
    asked = client.get(ask)
    assert "Fehlt2, Anna stays" in words(asked)
    assert "Please say why" in words(fill(client, asked, None, reason=""))
    assert fill(client, asked, None, reason="zahlt bar").status_code == 303
    fill(client, page, "/commit", leavers="1")
    assert "has changed meanwhile" in words(client.get(show)), "what was seen is another list now"
    again = client.get(show + "?kind=exit")
    assert "Not in the list, and stay all the same" in words(again)
    assert "zahlt bar" in words(again)
    fill(client, again, "/commit", leavers="1")
    finish()
    with cast.vault("membership"):
        assert [persons.numbered(number).left_on for number in (2, 3)] == [None, today()]
    assert client.get(ask).status_code == 404
