"""The page "Access": admitting after comparing, ending with the keys renewed in the same breath, and what juniors don't see."""

import pytest

from app.clock import today
from app.envelopes import rotation
from app.shared import admission, assignments
from app.shared.models import Account, Grant, Vault
from app.vault.trust import ExchangedKeys
from tests.cast import appointment, enrol
from tests.pages import fill, visit_and_fill, words

DAY = today()


@pytest.fixture
def waiting(cast):
    """Somebody who waits at the desk."""
    with cast.shared():
        member = enrol(appointment("desk"), "nora", cast.organisation.settings, compartment="desk")
    member.app = cast.app
    return member


@pytest.fixture
def nora(cast, waiting):
    """A second officer of the desk."""
    with cast.vault("desk"):
        admission.admit(waiting.account_id, by=cast["desk"].session(), day=DAY)
    cast["nora"] = waiting
    return waiting


def test_it_lists_who_has_access_with_fingerprints_and_who_admitted_them(cast, nora):
    page = words(cast["desk"].client().get("/desk/access"))
    for member in (cast["desk"], nora):
        assert member.display_name in page
        assert member.keys.public.fingerprint() in page
    assert cast["membership"].keys.public.fingerprint() not in page


def test_who_waits_is_listed_there_and_in_the_inbox(cast, waiting):
    client = cast["desk"].client()
    assert f"/desk/access/{waiting.account_id}/admit" in client.get("/desk/access").get_data(as_text=True)
    assert f"/desk/access/{waiting.account_id}/admit" in client.get("/desk/inbox").get_data(as_text=True)


def test_admitting_needs_the_fingerprint_compared(cast, waiting):
    client = cast["desk"].client()
    page = client.get(f"/desk/access/{waiting.account_id}/admit")
    assert waiting.keys.public.fingerprint() in words(page)
    refused = fill(client, page)
    assert "compared-error" in refused.get_data(as_text=True)
    assert waiting.client().get("/desk/inbox").location == "/desk/waiting"
    assert fill(client, refused, compared="y").location == "/desk/access"
    assert waiting.client().get("/desk/inbox").status_code == 200


def test_admitting_twice_is_answered_kindly(cast, waiting):
    client = cast["desk"].client()
    page = client.get(f"/desk/access/{waiting.account_id}/admit")
    fill(client, page, compared="y")
    assert fill(client, page, compared="y").location == "/desk/access"
    assert "notice--info" in client.get("/desk/access").get_data(as_text=True)
    with cast.shared():
        assert Grant.select().where(Grant.account == waiting.account_id).count() == 1


@pytest.mark.parametrize("officer", ["board", "membership"])
def test_another_compartment_does_not_even_know_who_waits(cast, waiting, officer):
    client = cast[officer].client()
    assert waiting.display_name not in words(client.get(f"/{officer}/access"))
    assert client.get(f"/{officer}/access/{waiting.account_id}/admit").status_code == 404
    assert client.get(f"/{officer}/access/{waiting.account_id}/end").status_code == 404


def test_ending_an_access_renews_the_keys_in_the_same_request(cast, nora):
    with cast.shared():
        old = nora.session().vault_keys("desk")
    hers, mine = nora.client(), cast["desk"].client()
    response = visit_and_fill(mine, f"/desk/access/{nora.account_id}/end")
    assert response.location == "/desk/access"
    assert "/login" in hers.get("/desk/inbox").location
    assert mine.get("/desk/inbox").status_code == 200
    with cast.shared():
        assert Vault.get_by_id("desk").epoch == 2
        assert cast["desk"].session().vault_keys("desk") != old
        assert not assignments.rotation_due("desk")


def test_refusing_somebody_who_waits_needs_no_new_keys(cast, waiting):
    visit_and_fill(cast["desk"].client(), f"/desk/access/{waiting.account_id}/end")
    with cast.shared():
        assert Account.get_by_id(waiting.account_id).state == "ended"
        assert Vault.get_by_id("desk").epoch == 1


def test_when_an_access_ended_without_an_officer_the_page_and_the_inbox_ask_for_new_keys(cast, nora):
    client = cast["desk"].client()
    assert "notice--danger" not in client.get("/desk/access").get_data(as_text=True)
    with cast.shared():
        assignments.end(Account.get_by_id(nora.account_id).assignment_id, day=DAY)
    for path in ("/desk/access", "/desk/inbox"):
        assert 'href="/desk/access/renew"' in client.get(path).get_data(as_text=True)
    assert "notice--danger" in client.get("/desk/access").get_data(as_text=True)
    visit_and_fill(client, "/desk/access/renew")
    assert "notice--danger" not in client.get("/desk/access").get_data(as_text=True)


def test_nobody_ends_their_own_access_nor_that_of_the_last_officer(cast, nora):
    client = cast["desk"].client()
    visit_and_fill(client, f"/desk/access/{cast['desk'].account_id}/end")
    with cast.shared():
        assert Account.get_by_id(cast["desk"].account_id).state == "active"
    ada, juna = cast["administration"], cast["junior"]
    visit_and_fill(ada.client(), f"/administration/access/{ada.account_id}/end")
    with cast.shared():
        assert Account.get_by_id(ada.account_id).state == "active"
    visit_and_fill(ada.client(), f"/administration/access/{juna.account_id}/end")
    with cast.shared():
        assert Account.get_by_id(juna.account_id).state == "ended"


def test_a_junior_sees_who_has_access_and_can_change_nothing(cast):
    juna = cast["junior"].client()
    page = juna.get("/administration/access")
    assert cast["administration"].display_name in words(page)
    assert "/end" not in page.get_data(as_text=True)
    for path in (
        f"{cast['administration'].account_id}/end",
        "renew",
        f"{cast['administration'].account_id}/admit",
    ):
        assert juna.get(f"/administration/access/{path}").status_code == 403
        assert juna.post(f"/administration/access/{path}").status_code == 403


def test_a_lost_second_factor_is_taken_off_by_a_colleague_and_set_up_anew(cast):
    juna = cast["junior"]
    visit_and_fill(cast["administration"].client(), f"/administration/access/{juna.account_id}/second-factor")
    client = cast.outsider()
    visit_and_fill(client, "/login", username=juna.username, passphrase=juna.passphrase)
    assert "qr-code" in client.get("/administration/second-factor").get_data(as_text=True)


def test_nobody_takes_off_their_own_second_factor_that_way(cast):
    ada = cast["administration"]
    visit_and_fill(ada.client(), f"/administration/access/{ada.account_id}/second-factor")
    with cast.shared():
        assert Account.get_by_id(ada.account_id).second_factor is not None


@pytest.mark.parametrize(
    "path", ["access/renew", "access/{}/end", "access/{}/admit", "access/{}/second-factor"]
)
def test_a_forged_post_changes_nothing(cast, nora, path):
    client = cast["desk"].client()
    client.post(f"/desk/{path.format(nora.account_id)}", data={"compared": "y"})
    with cast.shared():
        assert Account.get_by_id(nora.account_id).state == "active"
        assert Vault.get_by_id("desk").epoch == 1


def test_exchanged_keys_stop_a_renewal_loudly(cast, nora, monkeypatch):
    def exchanged(*_arguments, **_more):
        raise ExchangedKeys

    monkeypatch.setattr(rotation, "renew", exchanged)
    client = cast["desk"].client()
    visit_and_fill(client, "/desk/access/renew")
    assert "notice--danger" in client.get("/desk/access").get_data(as_text=True)
