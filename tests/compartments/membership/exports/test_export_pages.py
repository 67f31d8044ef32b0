"""The pages of exports, as two officers walk through them."""

import io
from datetime import timedelta

import pytest

from app.clock import today
from app.shared.models import Act, Session
from compartments.membership import persons
from compartments.membership.exports.models import Download, Export
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.pages import fill, read, visit_and_fill, words

ASKED = {
    "purpose": "Einladung per Brief zum Kreisparteitag",
    "recipient": "Druckerei Eins",
    "columns": ["last_name", "city"],
}


@pytest.fixture
def client(cast):
    with cast.vault("membership"):
        for at in range(1, 21):
            person = details("Öztürk", f"Jördis{at}", member_number=at, city="Köln")
            persons.add(person, entry_id=new_id(), by=MIKA, now=NOW)
    client = cast["membership"].client()
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def export(cast, client, mona):
    """An export that was asked for and confirmed; the address of its page."""
    asked = visit_and_fill(client, "/membership/exports/new?status=current", "status=current", **ASKED)
    with cast.vault("membership"):
        one = Export.get()
    proposal = f"/membership/proposals/{_proposal(client, asked.location)}"
    assert visit_and_fill(mona, proposal, "/confirm").status_code == 303
    return f"/membership/exports/{one.id}"


def _proposal(client, page):
    return client.get(page).get_data(as_text=True).partition("/membership/proposals/")[2][:32]


def test_nothing_is_ticked_in_advance_and_a_purpose_is_wanted(client):
    page = client.get("/membership/exports/new")
    assert "checked" not in page.text
    refused = words(fill(client, page, "/new", **{**ASKED, "purpose": "so", "days": "91"}))
    assert "in a sentence" in refused
    assert "from 1 to 90" in refused


def test_a_second_officer_sees_what_it_is_and_the_asker_gets_the_file(cast, client, mona):
    asked = visit_and_fill(client, "/membership/exports/new?status=current", "status=current", **ASKED)
    proposal = f"/membership/proposals/{_proposal(client, asked.location)}"
    seen = words(mona.get(proposal))
    for said in (ASKED["purpose"], ASKED["recipient"], "20 now", "Last name, Town or city", "members"):
        assert said in seen
    assert "/confirm" not in client.get(proposal).text
    assert fill(mona, mona.get(proposal), "/confirm").status_code == 303
    page = client.get(asked.location)
    file = fill(client, page, "/download")
    assert file.mimetype == "text/csv"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.data.decode("utf-8-sig").count("Öztürk") == 20
    with cast.shared():
        assert Act.select().where(Act.act == "exported").count() == 1


def test_the_same_form_sent_twice_asks_once(cast, client):
    page = client.get("/membership/exports/new")
    places = [fill(client, page, "/new", **ASKED).location for _click in range(2)]
    assert places[0] == places[1]
    with cast.vault("membership"):
        assert Export.select().count() == 1


def test_whoever_confirmed_can_not_download_and_needs_no_button(client, mona, export):
    assert "/download" not in mona.get(export).text
    (_, fields) = next(form for form in read(mona.get("/membership/exports/new")) if "csrf_token" in form[1])
    token = {"csrf_token": fields["csrf_token"]}
    assert mona.post(f"{export}/download", data=token).status_code == 303
    assert "Only whoever has asked" in words(mona.get(export))


def test_every_officer_sees_the_list(mona, export):
    seen = words(mona.get("/membership/exports/"))
    assert "Druckerei" not in seen
    assert ASKED["purpose"] in seen
    assert "ready" in seen


def test_the_asker_confirms_that_it_is_deleted(client, export):
    assert fill(client, client.get(export), "/deleted").status_code == 303
    page = client.get(export)
    assert "files deleted" in words(page)
    assert "/download" not in page.text


def test_an_expired_one_waits_in_the_askers_inbox_alone(cast, client, mona, export):
    fill(client, client.get(export), "/download")
    with cast.vault("membership"):
        Export.update(expires_on=today() - timedelta(days=1)).execute()
    assert "Delete every copy" in words(client.get("/membership/inbox"))
    assert "Delete every copy" not in words(mona.get("/membership/inbox"))
    assert "expired" in words(client.get(export))


def test_a_list_that_turned_up_is_traced_and_not_kept(cast, client, mona, export):
    file = fill(client, client.get(export), "/download").data
    page = mona.get("/membership/exports/trace")
    found = words(fill(mona, page, None, file=(io.BytesIO(file), "fund.csv")))
    assert "The invented person is in it" in found
    assert "100 of 100" in found
    with cast.vault("membership"):
        assert Download.select().count() == 1


def test_a_download_takes_a_recent_passphrase(cast, client, export):
    page = client.get(export)
    with cast.shared():
        Session.update(stepped_up_at=None).execute()
    answer = fill(client, page, "/download")
    assert (answer.status_code, "step-up" in answer.location) == (303, True)
    with cast.vault("membership"):
        assert Download.select().count() == 0
