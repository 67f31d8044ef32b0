"""An officer's own account: passphrase, second factor, language, sessions, and the passphrase again before what matters."""

from datetime import timedelta

import pyotp
import pytest

from app.accounts.login import LoginRefused, authenticate
from app.clock import utc_now
from app.shared import acts
from app.shared.models import Account, Act, Session
from tests.cast import CHEAP
from tests.pages import fill, visit_and_fill, words

NEW = "elf Hafen hupen hinterher"


@pytest.fixture
def desk(cast):
    return cast["desk"]


def change(client, member, old=None, new=NEW, repeated=None):
    return visit_and_fill(
        client,
        "/desk/account/passphrase",
        old=member.passphrase if old is None else old,
        passphrase=new,
        repeated=new if repeated is None else repeated,
    )


def test_a_changed_passphrase_works_and_the_old_one_does_not(cast, desk):
    here, elsewhere = desk.client(), desk.client()
    assert change(here, desk).location == "/desk/account"
    with cast.shared():
        assert authenticate("desk", NEW, CHEAP, utc_now())[1].to_bytes() == desk.keys.to_bytes()
        with pytest.raises(LoginRefused):
            authenticate("desk", desk.passphrase, CHEAP, utc_now())
        assert Act.select().order_by(Act.number.desc()).get().act == acts.Kind.PASSPHRASE_CHANGED
    assert here.get("/desk/account").status_code == 200
    assert "/login" in elsewhere.get("/desk/account").location


@pytest.mark.parametrize(
    "typed",
    [
        {"old": "falsch falsch"},
        {"new": "kurz"},
        {"repeated": "etwas anderes"},
        {"new": "Dana Anfrage Dana"},
        {"old": ""},
    ],
)
def test_a_change_that_is_refused_changes_nothing(cast, desk, typed):
    page = change(desk.client(), desk, **typed)
    assert "field-error" in page.get_data(as_text=True)
    assert NEW not in page.get_data(as_text=True)
    with cast.shared():
        assert authenticate("desk", desk.passphrase, CHEAP, utc_now())


def test_the_old_passphrase_cannot_be_guessed_from_an_open_session(cast, desk):
    client = desk.client()
    for _guess in range(5):
        change(client, desk, old="falsch falsch")
    assert "field-error" in change(client, desk).get_data(as_text=True)


def test_the_account_shows_the_fingerprint_of_the_officers_own_keys(cast, desk):
    assert desk.keys.public.fingerprint() in words(desk.client().get("/desk/account"))


def test_an_officer_who_need_not_have_a_second_factor_may_set_one_up(cast, desk):
    client = desk.client()
    page = client.get("/desk/account/second-factor")
    secret = page.get_data(as_text=True).split('<code class="text-break">')[1].split("<")[0].replace(" ", "")
    assert fill(client, page, code=pyotp.TOTP(secret).now()).location == "/desk/account"
    response = visit_and_fill(cast.outsider(), "/login", username="desk", passphrase=desk.passphrase)
    assert "/second-factor" in response.location


def test_setting_a_second_factor_up_asks_for_the_passphrase_again(cast, desk):
    client = desk.client()
    no_longer_stepped_up(cast)
    assert client.get("/desk/account/second-factor").location.startswith("/desk/step-up")


def no_longer_stepped_up(cast):
    with cast.shared():
        Session.update(stepped_up_at=utc_now() - timedelta(hours=1)).execute()


def test_the_passphrase_again_leads_on_to_what_was_asked_for(cast, desk):
    client = desk.client()
    no_longer_stepped_up(cast)
    page = client.get(client.get("/desk/access/renew").location)
    wrong = fill(client, page, passphrase="falsch falsch")
    assert "field-error" in wrong.get_data(as_text=True)
    assert fill(client, wrong, passphrase=desk.passphrase).location == "/desk/access/renew"
    assert client.get("/desk/access/renew").status_code == 200


@pytest.mark.parametrize("path", ["/desk/access/renew", "/desk/access/x/admit", "/desk/access/x/end"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_has_consequences_asks_for_the_passphrase_again(cast, desk, path, method):
    client = desk.client()
    no_longer_stepped_up(cast)
    assert getattr(client, method)(path).location.startswith("/desk/step-up")


def test_the_language_is_remembered_in_the_account_and_in_the_browser(cast, desk):
    client = desk.client()
    visit_and_fill(client, "/desk/account", action="language", language="en")
    with cast.shared():
        assert Account.get_by_id(desk.account_id).language == "en"
    assert "Your account" in words(client.get("/desk/account"))


def test_a_session_that_was_not_used_for_half_an_hour_is_over(cast, desk):
    client = desk.client()
    with cast.shared():
        Session.update(seen_at=utc_now() - timedelta(minutes=31)).execute()
    assert "/login" in client.get("/desk/account").location
    with cast.shared():
        assert Session.select().count() == 0


def test_a_session_is_over_after_ten_hours_however_busy_it_was(cast, desk):
    client = desk.client()
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        database.execute_sql("drop trigger session_keeps_its_place")
        Session.update(created_at=utc_now() - timedelta(hours=10, minutes=1), seen_at=utc_now()).execute()
    assert "/login" in client.get("/desk/account").location
