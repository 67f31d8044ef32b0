"""Logging in and out in the browser: one wrong answer for everything, the right cookie, and nowhere but this site."""

from datetime import timedelta

import pytest

from app.accounts import login
from app.clock import utc_now
from app.shared import acts, sessions
from app.shared.models import Account, Act, Session
from keys.sessions import token_id
from tests.pages import fill, visit_and_fill, words


def log_in(client, member, **more):
    return visit_and_fill(client, "/login", username=member.username, passphrase=member.passphrase, **more)


@pytest.fixture
def desk(cast):
    return cast["desk"]


def test_an_officer_logs_in_and_is_at_work(cast, desk, client):
    response = log_in(client, desk)
    assert (response.status_code, response.location) == (303, "/desk/")
    assert client.get("/desk/account").status_code == 200


def test_the_cookie_is_only_for_the_browser_and_only_for_this_site(cast, desk, client):
    (cookie,) = [
        line for line in log_in(client, desk).headers.getlist("Set-Cookie") if "schotten-desk" in line
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    ("username", "passphrase"),
    [("desk", "falsch falsch falsch"), ("nobody", "quarzkeks99"), ("desk\x00", "quarzkeks99"), ("", "")],
)
def test_a_wrong_log_in_gets_the_same_page_and_no_cookie(cast, client, username, passphrase):
    response = visit_and_fill(client, "/login", username=username, passphrase=passphrase)
    assert response.status_code == 200
    assert "schotten-desk" not in str(response.headers)
    assert not passphrase or passphrase not in response.get_data(as_text=True)


def test_unknown_name_wrong_passphrase_and_locked_account_read_the_same(cast, desk, client):
    def page(username):
        response = visit_and_fill(client, "/login", username=username, passphrase="falsch falsch")
        return words(response)

    wrong, unknown = page("desk"), page("nobody")
    for _try in range(login.FREE_TRIES):
        locked = page("desk")
    assert wrong == unknown == locked


def test_a_log_in_without_its_token_loses_nothing_and_changes_nothing(cast, desk, client):
    response = client.post("/login", data={"username": desk.username, "passphrase": desk.passphrase})
    assert response.status_code == 200
    assert 'value="desk"' in response.get_data(as_text=True)
    with cast.shared():
        assert Session.select().count() == 0


@pytest.mark.parametrize(
    ("wished", "got"),
    [
        ("/desk/account", "/desk/account"),
        ("https://elsewhere.example/desk/", "/desk/"),
        ("//elsewhere.example/desk/", "/desk/"),
        ("/\\elsewhere.example", "/desk/"),
        ("/board/", "/desk/"),
        ("/desk", "/desk/"),
    ],
)
def test_a_log_in_leads_on_to_a_page_of_the_same_compartment_only(cast, desk, client, wished, got):
    page = client.get("/login", query_string={"next": wished})
    response = fill(client, page, username=desk.username, passphrase=desk.passphrase)
    assert response.location == got


def test_a_strict_office_asks_for_the_second_factor_before_anything_else(cast, client):
    ada = cast["administration"]
    response = log_in(client, ada)
    assert response.location.startswith("/administration/second-factor")
    for path in (
        "/administration/",
        "/administration/account",
        "/administration/access",
        "/administration/waiting",
    ):
        assert "/second-factor" in client.get(path).location
    response = visit_and_fill(client, "/administration/second-factor", code=ada.code())
    assert (response.status_code, response.location) == (303, "/administration/")
    assert client.get("/administration/account").status_code == 200


def test_the_session_before_the_second_factor_is_worth_nothing_after_it(cast, client):
    ada = cast["administration"]
    log_in(client, ada)
    half = client.get_cookie("schotten-administration").value
    visit_and_fill(client, "/administration/second-factor", code=ada.code())
    client.set_cookie("schotten-administration", half)
    assert "/login" in client.get("/administration/account").location


def test_a_code_is_taken_once(cast, client):
    ada, code = cast["administration"], cast["administration"].code()
    log_in(client, ada)
    visit_and_fill(client, "/administration/second-factor", code=code)
    other = cast.outsider()
    log_in(other, ada)
    response = visit_and_fill(other, "/administration/second-factor", code=code)
    assert response.status_code == 200
    assert "field-error" in response.get_data(as_text=True)


def test_guessing_codes_locks_the_account_and_the_passphrase_does_not_unlock_it(cast, client):
    ada = cast["administration"]
    log_in(client, ada)
    for _guess in range(login.FREE_TRIES):
        visit_and_fill(client, "/administration/second-factor", code="000000")
    response = visit_and_fill(client, "/administration/second-factor", code=ada.code())
    assert response.status_code == 200
    assert log_in(cast.outsider(), ada).status_code == 200


def test_half_a_log_in_is_over_after_ten_minutes(cast, client):
    log_in(client, cast["administration"])
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        database.execute_sql("drop trigger session_keeps_its_place")
        Session.update(created_at=utc_now() - timedelta(minutes=11)).execute()
    assert "/login" in client.get("/administration/second-factor").location


def test_logging_out_ends_the_session_on_the_server_too(cast, desk):
    client = desk.client()
    token = client.get_cookie("schotten-desk").value
    page = client.get("/desk/account")
    assert 'action="/desk/logout"' in page.get_data(as_text=True)
    fields = {
        "csrf_token": page.get_data(as_text=True)
        .split('name="csrf_token"')[1]
        .split('value="')[1]
        .split('"')[0]
    }
    response = client.post("/desk/logout", data=fields)
    assert response.location.startswith("/login")
    client.set_cookie("schotten-desk", token)
    assert "/login" in client.get("/desk/account").location


def test_logging_out_needs_the_page_s_own_button(cast, desk):
    client = desk.client()
    client.post("/desk/logout")
    assert client.get("/desk/account").status_code == 200


def test_log_out_everywhere_ends_every_session_and_is_in_the_log(cast, desk):
    here, elsewhere = desk.client(), desk.client()
    visit_and_fill(here, "/desk/account", action="log-out-everywhere")
    for client in (here, elsewhere):
        assert "/login" in client.get("/desk/account").location
    with cast.shared():
        assert Act.select().order_by(Act.number.desc()).get().act == acts.Kind.LOGGED_OUT_EVERYWHERE


def test_a_new_log_in_in_the_same_browser_replaces_the_old_session(cast, desk, client):
    log_in(client, desk)
    first = client.get_cookie("schotten-desk").value
    log_in(client, desk)
    with cast.shared():
        assert Session.get_or_none(Session.id == token_id(first)) is None
        assert Session.select().where(Session.account == desk.account_id).count() == 1


def test_a_session_moved_to_another_account_in_the_table_opens_nothing(cast, desk):
    """Whoever can write to the shared layer can't make a session somebody else's: what the token opens says whose it is."""
    client = desk.client()
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        database.execute_sql("drop trigger session_keeps_its_place")
        Session.update(account=cast["board"].account_id).execute()
    client.set_cookie("schotten-board", client.get_cookie("schotten-desk").value)
    for path in ("/desk/account", "/board/account"):
        assert "/login" in client.get(path).location


def test_a_session_moved_past_the_second_factor_in_the_table_opens_nothing(cast):
    client = cast["administration"].client(stage=sessions.SECOND_FACTOR)
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        database.execute_sql("drop trigger session_keeps_its_place")
        Session.update(stage=sessions.FULL).execute()
    assert "/login" in client.get("/administration/account").location


def test_a_face_that_is_not_served_has_no_account_pages(cast, desk):
    from app.factory import create_app

    app = create_app(cast.organisation.settings, ["board"])
    client = app.test_client()
    assert client.get("/desk/account").status_code == 404
    assert (
        visit_and_fill(client, "/login", username=desk.username, passphrase=desk.passphrase).status_code
        == 200
    )
    app.extensions["schotten"].shared.close()


def test_the_account_carries_no_trace_of_where_somebody_logged_in(cast, desk, client):
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    log_in(client, desk)
    with cast.shared():
        rows = [*Session.select().dicts(), *Account.select().dicts(), *Act.select().dicts()]
    assert "203.0.113.77" not in repr(rows)
