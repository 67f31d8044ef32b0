"""Enrolment in the browser: one thing per page, nothing kept in between, no passphrase ever in a page."""

import pytest

from app.shared.models import Account, CommitmentText
from tests.cast import appointment
from tests.pages import fill, read, visit_and_fill, words

GOOD = "sieben lose Segel im Nebel"


@pytest.fixture
def code(cast):
    with cast.shared():
        return appointment("desk")


def to_passphrase(client, code, **names):
    page = visit_and_fill(client, "/enrol", code=code)
    page = fill(client, page, signed_name="Nora Neu")
    return fill(client, page, **{"username": "nora", **names})


def finish(client, page, passphrase=GOOD, repeated=None):
    return fill(client, page, passphrase=passphrase, repeated=passphrase if repeated is None else repeated)


def test_four_pages_lead_to_an_account_and_its_fingerprint(cast, code, client):
    page = visit_and_fill(client, "/enrol", code=code.upper())
    assert "Commitment" in words(page) or "Verpflichtung" in words(page)
    page = fill(client, page, signed_name="Nora Neu")
    assert 'value="Nora Neu"' in page.get_data(as_text=True)
    page = fill(client, page, username="nora")
    page = finish(client, page)
    with cast.shared():
        account = Account.get(Account.username == "nora")
        assert (account.display_name, account.compartment, account.state) == ("Nora Neu", "desk", "enrolled")
        from keys.identity import PublicKeys

        assert PublicKeys.from_bytes(bytes(account.public_keys)).fingerprint() in words(page)


def test_whoever_has_enrolled_logs_in_and_sees_what_comes_next(cast, code, client):
    finish(client, to_passphrase(client, code))
    response = visit_and_fill(client, "/login", username="nora", passphrase=GOOD)
    assert response.location == "/desk/"
    assert client.get("/desk/").location == "/desk/waiting"
    page = client.get("/desk/waiting")
    assert page.status_code == 200
    assert cast["desk"].display_name in words(page)
    assert client.get("/desk/account").status_code == 200
    for path in ("/desk/inbox", "/desk/access"):
        assert client.get(path).location == "/desk/waiting"


def test_the_exact_text_is_shown_before_the_signature(cast, code, client):
    with cast.shared():
        CommitmentText.create(version=2, texts={"de": "Nur ein Satz."}, in_force_from="2020-01-01")
    assert "Nur ein Satz." in words(visit_and_fill(client, "/enrol", code=code))


def test_a_text_that_changes_between_reading_and_signing_is_shown_again(cast, code, client):
    page = to_passphrase(client, code)
    with cast.shared():
        CommitmentText.create(version=2, texts={"de": "Ein neuer Satz."}, in_force_from="2020-01-01")
    page = finish(client, page)
    assert "Ein neuer Satz." in words(page)
    assert "field-error" in page.get_data(as_text=True)


def test_a_double_click_on_the_last_page_makes_one_account_and_says_so(cast, code, client):
    page = to_passphrase(client, code)
    assert finish(client, page).status_code == 200
    again = finish(client, page)
    with cast.shared():
        assert Account.select().where(Account.username == "nora").count() == 1
    assert "field-error" in again.get_data(as_text=True)


def test_a_passphrase_is_in_no_page(cast, code, client):
    page = to_passphrase(client, code)
    for answer in (
        finish(client, page, "kurz"),
        finish(client, page, GOOD, "anders als das"),
        finish(client, page),
    ):
        text = answer.get_data(as_text=True)
        assert GOOD not in text
        assert "kurz" not in [fields.get("passphrase") for _target, fields in read(answer)]


@pytest.mark.parametrize("passphrase", ["kurz", "passwort1234", "x" * 2000, ""])
def test_a_weak_passphrase_is_refused_and_nothing_else_is_lost(cast, code, client, passphrase):
    answer = finish(client, to_passphrase(client, code), passphrase)
    assert "field-error" in answer.get_data(as_text=True)
    assert finish(client, answer).status_code == 200
    with cast.shared():
        assert Account.select().where(Account.username == "nora").count() == 1


@pytest.mark.parametrize("username", ["desk", "no", "nöra", "nora\x00", "x" * 100_000, "<b>nora</b>"])
def test_a_user_name_that_cannot_be_is_refused_at_its_field(cast, code, client, username):
    page = to_passphrase(client, code, username=username)
    assert page.status_code == 200
    assert "username-error" in page.get_data(as_text=True)


@pytest.mark.parametrize("name", ["", " ", "x" * 100_000, "Nora\x00"])
def test_a_signature_that_is_none_is_refused(cast, code, client, name):
    page = fill(client, visit_and_fill(client, "/enrol", code=code), signed_name=name)
    assert "signed_name-error" in page.get_data(as_text=True)


@pytest.mark.parametrize("name", ["نورة الجديدة", "Nora 🚢 Neu", "Ñora-Ægir O’Neu"])
def test_a_name_may_be_written_in_any_script(cast, code, client, name):
    page = fill(client, visit_and_fill(client, "/enrol", code=code), signed_name=name)
    finish(client, fill(client, page, username="nora"))
    with cast.shared():
        assert Account.get(Account.username == "nora").display_name == name


@pytest.mark.parametrize("typed", ["", "bcdfg", "b" * 100_000, "bcdfg-hjkmn-pqrst-vwxyz", "\x00"])
def test_a_code_that_is_none_is_refused_at_its_field(cast, client, typed):
    page = visit_and_fill(client, "/enrol", code=typed)
    assert page.status_code == 200
    assert "code-error" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "tampered",
    [
        {"version": "9"},
        {"version": "x"},
        {"version": ""},
        {"language": "fr"},
        {"signed_name": ""},
        {"signed_name": "x" * 101},
        {"display_name": ""},
        {"username": "desk"},
        {"username": "../etc"},
        {"code": "bcdfg-hjkmn-pqrst-vwxyz"},
        {"step": "unknown"},
    ],
)
def test_tampering_with_what_earlier_pages_asked_makes_no_account(cast, code, client, tampered):
    page = to_passphrase(client, code)
    answer = fill(client, page, passphrase=GOOD, repeated=GOOD, **tampered)
    assert answer.status_code == 200
    with cast.shared():
        assert Account.select().where(Account.state == "enrolled").count() == 0


def test_back_leads_to_the_page_before_and_keeps_what_was_typed(cast, code, client):
    page = fill(client, to_passphrase(client, code), back="1")
    assert 'value="nora"' in page.get_data(as_text=True)
    page = fill(client, page, back="1")
    assert 'value="Nora Neu"' in page.get_data(as_text=True)


def test_an_expired_token_loses_nothing(cast, code, client):
    page = to_passphrase(client, code)
    answer = fill(client, page, passphrase=GOOD, repeated=GOOD, csrf_token="old")
    assert "error-summary" in answer.get_data(as_text=True)
    assert finish(client, answer).status_code == 200
    with cast.shared():
        assert Account.select().where(Account.username == "nora").count() == 1


def test_nothing_that_was_typed_is_in_the_cookie_or_the_address(cast, code, client):
    page = to_passphrase(client, code)
    cookies = " ".join(cookie.value for cookie in client._cookies.values())
    for typed in (code, "Nora", "nora"):
        assert typed not in cookies
        assert typed not in page.request.full_path


def test_a_strict_offices_new_officer_sets_up_a_second_factor_at_the_first_log_in(cast, client):
    import pyotp

    with cast.shared():
        code = appointment("clearing")
    finish(client, to_passphrase(client, code))
    assert "/second-factor" in visit_and_fill(client, "/login", username="nora", passphrase=GOOD).location
    page = client.get("/clearing/second-factor")
    secret = page.get_data(as_text=True).split('<code class="text-break">')[1].split("<")[0].replace(" ", "")
    wrong = fill(client, page, code="000000")
    assert secret[:4] in words(wrong)
    response = fill(client, wrong, code=pyotp.TOTP(secret).now())
    assert response.location == "/clearing/"
    assert client.get("/clearing/").location == "/clearing/waiting"
