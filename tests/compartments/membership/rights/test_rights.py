"""What a person may ask for: everything that is kept of them, and an answer within a month."""

import json
from datetime import date

import pytest

from app.shared.models import Act
from compartments.membership import persons
from compartments.membership.exports.models import Download, Export
from compartments.membership.models import ReadEvent
from compartments.membership.rights import report
from compartments.membership.rights.models import RightsRequest
from compartments.membership.rights.requests import a_month_later
from tests.compartments.membership.conftest import MIKA, NOW, details, new_id
from tests.compartments.membership.rights.conftest import WORDS
from tests.compartments.membership.rights.conftest import fill as somebody
from tests.pages import fill, words


@pytest.fixture
def person(cast):
    with cast.vault("membership"):
        notes = 'Wünscht #include("/etc/passwd") keine Post'
        known = persons.add(
            details("Öztürk", "Jördis", email="j@example.org", notes=notes),
            entry_id=new_id(),
            by=MIKA,
            now=NOW,
        )
        return known.id


def test_the_report_holds_everything_but_who_of_the_office_did_it(cast, client, person):
    page = client.get(f"/membership/rights/persons/{person}")
    answer = fill(client, page, "/report", go="json")
    assert answer.mimetype == "application/json"
    made = json.loads(answer.text)
    assert made["held"]["person"][0]["email"] == "j@example.org"
    assert made["held"]["field_change"][0]["field"] == "added"
    assert MIKA.name not in answer.text
    assert "name_key" not in answer.text
    with cast.shared():
        assert Act.select().where(Act.act == "exported").count() == 1
    with cast.vault("membership"):
        assert ReadEvent.select().count() > 0


def test_the_report_is_a_tagged_pdf_and_values_are_no_markup(client, person):
    page = client.get(f"/membership/rights/persons/{person}")
    answer = fill(client, page, "/report", go="pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.data
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_request_is_noted_once_and_answered(cast, client, person):
    page = client.get(f"/membership/rights/persons/{person}")
    for _click in range(2):
        assert fill(client, page, "/requests", kind="access", received_on="2026-10-31").status_code == 303
    listed = client.get("/membership/rights/")
    assert "Öztürk" in words(listed)
    assert fill(client, listed, "/answered").status_code == 303
    with cast.vault("membership"):
        (row,) = RightsRequest.select()
        assert (row.due_on, row.answered_on is not None) == (date(2026, 11, 30), True)


def test_a_request_of_tomorrow_is_refused(client, person):
    page = client.get(f"/membership/rights/persons/{person}")
    assert "lies ahead" in words(fill(client, page, "/requests", kind="access", received_on="2099-01-01"))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_a_month_ends_with_the_month(day, due):
    assert a_month_later(day) == due


def test_the_report_holds_every_word_that_an_erasure_would_take(cast):
    with cast.vault("membership"):
        made = json.dumps(_report(somebody().id), ensure_ascii=False)
    assert [word for word in WORDS if word not in made] == []
    assert "living-key" not in made


def test_the_report_names_who_was_given_a_list_with_the_person(cast):
    with cast.vault("membership"):
        person = somebody()
        export = Export.create(
            id=new_id(), number=1, purpose="Einladung", recipient="Druckerei Eins", columns="[]", asked="{}", rows=1,
            asked_by="a", asked_by_name="M", asked_on=NOW.date(), expires_on=NOW.date(),
        )  # fmt: skip
        Download.create(export=export, number=1, mark=new_id(), rows=1, at=NOW)
        assert "Druckerei Eins: Einladung (2026-11-21)" in _report(person.id)["recipients"]
        Download.update(at=NOW.replace(year=2020)).execute()
        assert _report(person.id)["recipients"] == []


def _report(person_id):
    return report.report(person_id, organisation="X", day=NOW.date(), statements={"recipients": []})
