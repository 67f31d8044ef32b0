"""The office's own records: revisions, clocks, and secrets that are seen only by who is noted."""

from datetime import date, datetime, timedelta

import pytest

from app.office.authors import Author
from compartments.administration.operations import records
from compartments.administration.operations.models import Credential
from keys.randomness import new_id
from tests.compartments.administration.test_pages import PLACE, post, text

ADA = Author("ada", "Ada")
NOW = datetime(2026, 11, 15, 12)  # noqa: DTZ001  (as vaults keep times)
BASE = "/operations"


def add(kind, **values):
    return records.add(kind, {"title": "Titel", **values}, entry_id=new_id(), by=ADA, now=NOW)


def test_the_time_to_deploy_is_measured_on_security_updates(cast):
    with cast.vault("administration"):
        for days in (1, 3, 9):
            add(
                "changes",
                system="PostgreSQL",
                security=True,
                published_on=date(2026, 11, 1),
                deployed_on=date(2026, 11, 1) + timedelta(days=days),
            )
        add(
            "changes",
            system="Theme",
            security=False,
            published_on=date(2026, 1, 1),
            deployed_on=date(2026, 11, 1),
        )
        add("changes", system="OpenSSL", security=True, published_on=date(2026, 11, 10))
        assert (records.median_days_to_deploy(), records.security_updates_open()) == (3, 1)


def test_the_72_hours_run_from_when_it_was_noticed_until_it_is_reported(cast):
    with cast.vault("administration"):
        incident = add("incidents", noticed_at=NOW, personal_data=True)
        add("incidents", noticed_at=NOW, personal_data=False)
        assert records.clocks() == [(incident, NOW + timedelta(hours=72))]
        records.change("incidents", incident.id, {"reported_at": NOW}, revision=1, by=ADA, now=NOW)
        assert records.clocks() == []


def test_two_who_change_the_same_record_don_t_overwrite_each_other(cast):
    with cast.vault("administration"):
        runbook = add("runbooks", text="a")
        records.change("runbooks", runbook.id, {"text": "b"}, revision=1, by=ADA, now=NOW)
        with pytest.raises(records.ChangedMeanwhile):
            records.change("runbooks", runbook.id, {"text": "c"}, revision=1, by=ADA, now=NOW)
        assert records.find("runbooks", runbook.id).text == "b"


def test_a_form_sent_twice_makes_one_record(cast):
    ada, entry = cast["administration"].client(), new_id()
    for _ in range(2):
        post(
            ada,
            f"{BASE}/runbooks/new",
            f"{BASE}/runbooks/new",
            entry=entry,
            revision="0",
            title="Neustart",
            text="# Erst\n\n* Warten",
        )
    with cast.vault("administration"):
        assert [one.title for one in records.listed("runbooks")] == ["Neustart"]


def test_every_kind_is_written_shown_and_changed(cast):
    ada = cast["administration"].client()
    forms = {
        "changes": {
            "system": "PostgreSQL",
            "security": "y",
            "published_on": "2026-11-01",
            "deployed_on": "2026-11-03",
        },
        "incidents": {"noticed_at": "2026-11-14T10:00", "personal_data": "y"},
        "maintenance": {"starts_at": "2026-12-01T20:00", "ends_at": "2026-12-01T22:00"},
        "runbooks": {"text": "So geht es."},
        "credentials": {"system": "db.example.org", "username": "root", "secret": "hügel-sturm"},
    }
    for kind, fields in forms.items():
        made = post(
            ada,
            f"{BASE}/{kind}/new",
            f"{BASE}/{kind}/new",
            entry=new_id(),
            revision="0",
            title=f"Neu {kind}",
            **fields,
        )
        place = made.headers["Location"].removeprefix(PLACE)
        assert f"Neu {kind}" in text(ada, place)
        assert f"Neu {kind}" in text(ada, f"{BASE}/{kind}")
        assert (
            post(
                ada, f"{place}/edit", f"{place}/edit", revision="1", title=f"Alt {kind}", **fields
            ).status_code
            == 303
        )
        assert f"Alt {kind}" in text(ada, place)
        stale = post(ada, f"{place}/edit", f"{place}/edit", revision="1", title="Zu spät", **fields)
        assert "Zu spät" in stale.get_data(as_text=True)
        assert "Zu spät" not in text(ada, place)
    text(ada, f"{BASE}/")


def test_times_are_the_organisations_and_a_window_ends_after_its_beginning(cast):
    ada = cast["administration"].client()
    window = {"entry": new_id(), "revision": "0", "title": "Umzug", "starts_at": "2026-12-01T20:00"}
    assert (
        post(
            ada, f"{BASE}/maintenance/new", f"{BASE}/maintenance/new", ends_at="2026-12-01T20:00", **window
        ).status_code
        == 200
    )
    post(ada, f"{BASE}/maintenance/new", f"{BASE}/maintenance/new", ends_at="2026-12-01T22:00", **window)
    with cast.vault("administration"):
        [found] = records.listed("maintenance")
        assert found.starts_at == datetime(2026, 12, 1, 19)  # noqa: DTZ001
    assert "20:00" in text(ada, f"{BASE}/maintenance/{found.id}")
    assert "2026-12-01T20:00" in text(ada, f"{BASE}/maintenance/{found.id}/edit")


@pytest.fixture
def credential(cast):
    with cast.vault("administration"):
        return add("credentials", system="db", secret="hügel-sturm").id


def test_a_secret_is_shown_on_its_button_only_and_who_saw_it_is_noted(cast, credential):
    ada, page = cast["administration"].client(), f"{BASE}/credentials/{credential}"
    for path in (page, f"{page}/edit", f"{BASE}/credentials", f"{BASE}/"):
        assert "hügel-sturm" not in text(ada, path)
    assert "hügel-sturm" in post(ada, f"{page}/reveal", page).get_data(as_text=True)
    assert "hügel-sturm" not in text(ada, page)
    with cast.vault("administration"):
        assert [one.officer for one in records.reads(credential)] == [cast["administration"].account_id]


def test_a_junior_sees_neither_the_secret_nor_a_form_for_it(cast, credential):
    junior, page = cast["junior"].client(), f"{BASE}/credentials/{credential}"
    assert "hügel-sturm" not in text(junior, page)
    assert post(junior, f"{page}/reveal", "/notes").status_code == 403
    assert junior.get(f"{PLACE}{page}/edit").status_code == 403
    assert post(junior, f"{page}/edit", "/notes", title="x", system="y", secret="z").status_code == 403
    assert junior.get(f"{PLACE}{BASE}/credentials/new").status_code == 403
    assert junior.get(f"{PLACE}{BASE}/changes/new").status_code == 200
    with cast.vault("administration"):
        assert records.reads(credential) == []


def test_an_empty_password_keeps_the_secret(cast, credential):
    ada, page = cast["administration"].client(), f"{BASE}/credentials/{credential}"
    post(ada, f"{page}/edit", f"{page}/edit", revision="1", title="Neu", system="db2", secret="")
    with cast.vault("administration"):
        found = Credential.get_by_id(credential)
        assert (found.system, found.secret) == ("db2", "hügel-sturm")


def test_there_are_no_other_kinds(cast):
    ada = cast["administration"].client()
    for path in ("secrets", "secrets/new", "secrets/1", "changes/999", "changes/999/edit"):
        assert ada.get(f"{PLACE}{BASE}/{path}").status_code == 404
