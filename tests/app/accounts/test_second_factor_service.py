"""The second factor below the pages: a code counts once, and only the officer's own keys open the secret."""

import threading
import time

import pytest

from app.accounts import second_factor
from app.accounts.second_factor import CodeRefused
from app.shared.models import Account
from keys.totp import new_secret

AT = 1_800_000_000.0


@pytest.fixture
def ada(cast):
    with cast.shared():
        member = cast["administration"]
        member.totp_secret = new_secret()
        account = Account.get_by_id(member.account_id)
        second_factor.set_up(account, member.keys, member.totp_secret, member.code(AT - 300), AT - 300)
        yield member


def check(member, code, at=AT):
    second_factor.check(Account.get_by_id(member.account_id), member.keys, code, at)


def test_the_code_of_the_moment_is_taken(ada):
    check(ada, ada.code(AT))


def test_a_code_is_not_taken_twice(ada):
    check(ada, ada.code(AT))
    with pytest.raises(CodeRefused):
        check(ada, ada.code(AT))


def test_an_earlier_code_is_not_taken_after_a_later_one(ada):
    check(ada, ada.code(AT + 30))
    with pytest.raises(CodeRefused):
        check(ada, ada.code(AT))


def test_the_code_that_set_it_up_is_used_too(ada):
    with pytest.raises(CodeRefused):
        check(ada, ada.code(AT - 300), AT - 300)


@pytest.mark.parametrize("code", ["", "000000x", "12345", "１２３４５６", "\x00" * 6, "9" * 5000])
def test_what_is_no_code_is_refused(ada, code):
    with pytest.raises(CodeRefused):
        check(ada, code)


def test_another_officers_keys_do_not_open_the_secret(ada, cast):
    account = Account.get_by_id(ada.account_id)
    with pytest.raises(CodeRefused):
        second_factor.check(account, cast["desk"].keys, ada.code(AT), AT)


def test_a_secret_planted_in_the_table_is_refused(ada, cast):
    """Sealing to a public key anybody could do; this is sealed under the private ones."""
    Account.update(second_factor=Account.get_by_id(cast["counsel"].account_id).second_factor).where(
        Account.id == ada.account_id
    ).execute()
    with pytest.raises(CodeRefused):
        check(ada, cast["counsel"].code(AT))


def test_neither_secret_nor_used_code_is_in_the_table_in_clear(ada):
    code = ada.code(AT)
    check(ada, code)
    stored = bytes(Account.get_by_id(ada.account_id).second_factor)
    assert ada.totp_secret.encode() not in stored
    assert code.encode() not in stored


def test_of_two_requests_with_the_same_code_one_is_refused(ada, cast):
    outcomes, together = [], threading.Barrier(2)

    def use():
        layer = cast.organisation.shared_layer()
        with layer.bound():
            together.wait()
            try:
                check(ada, ada.code(AT))
                outcomes.append("taken")
            except CodeRefused:
                outcomes.append("refused")
        layer.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "taken"]


def test_an_offered_secret_is_bound_to_the_session_it_was_shown_in(ada, cast):
    session, other = ada.session(), cast["desk"].session()
    sealed = second_factor.sealed_offer(session, "SECRET")
    assert second_factor.offered(session, sealed) == "SECRET"
    for made_up in (sealed[:-2], "zz", "", sealed[::-1]):
        with pytest.raises(CodeRefused):
            second_factor.offered(session, made_up)
    with pytest.raises(CodeRefused):
        second_factor.offered(other, sealed)


def test_setting_up_needs_a_code_of_the_new_secret(ada):
    account = Account.get_by_id(ada.account_id)
    before = bytes(account.second_factor)
    with pytest.raises(CodeRefused):
        second_factor.set_up(account, ada.keys, new_secret(), ada.code(), time.time())
    assert bytes(Account.get_by_id(ada.account_id).second_factor) == before
