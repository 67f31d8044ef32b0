"""Log-in below the pages: one answer for everything that is wrong, the same cost, and a back-off that a restart doesn't forget."""

from datetime import timedelta

import pytest

from app.accounts import login
from app.accounts.login import LoginRefused, authenticate, log_in
from app.clock import utc_now
from app.shared import assignments, sessions
from app.shared.models import Account, Session
from keys import passphrase as passphrases
from keys.passphrase import Argon2Policy, is_outdated
from tests.cast import CHEAP

NOW = utc_now()
WRONG = "das ist es sicher nicht"


@pytest.fixture
def member(cast):
    with cast.shared():
        yield cast["desk"]


@pytest.fixture
def derivations(monkeypatch):
    """The policy of every Argon2 derivation that really runs."""
    ran, real = [], passphrases._derive

    def counted(passphrase, header):
        ran.append(header.policy)
        return real(passphrase, header)

    monkeypatch.setattr(passphrases, "_derive", counted)
    return ran


def fail(member, times, now=NOW):
    for _attempt in range(times):
        with pytest.raises(LoginRefused):
            authenticate(member.username, WRONG, CHEAP, now)


def test_the_right_passphrase_opens_the_accounts_own_keys(member):
    account, keys = authenticate(member.username, member.passphrase, CHEAP, NOW)
    assert account.id == member.account_id
    assert keys.to_bytes() == member.keys.to_bytes()


def test_a_user_name_is_found_however_it_is_typed(member):
    assert (
        authenticate(f"  {member.username.upper()} ", member.passphrase, CHEAP, NOW)[0].id
        == member.account_id
    )


@pytest.mark.parametrize("username", ["nobody", "", "x" * 10_000, "desk\x00", "\udcff"])
def test_an_unknown_name_costs_one_argon2_of_the_same_policy(member, derivations, username):
    with pytest.raises(LoginRefused):
        authenticate(username, WRONG, CHEAP, NOW)
    assert derivations == [CHEAP]


def test_a_wrong_passphrase_costs_one_argon2_of_the_same_policy(member, derivations):
    fail(member, 1)
    assert derivations == [CHEAP]


def test_a_locked_account_costs_one_argon2_too_even_with_the_right_passphrase(member, derivations):
    fail(member, login.FREE_TRIES)
    derivations.clear()
    with pytest.raises(LoginRefused):
        authenticate(member.username, member.passphrase, CHEAP, NOW)
    assert derivations == [CHEAP]


def test_an_ended_account_is_answered_like_one_that_never_was(member, derivations):
    assignments.end(Account.get_by_id(member.account_id).assignment_id, day=NOW.date())
    with pytest.raises(LoginRefused):
        authenticate(member.username, member.passphrase, CHEAP, NOW)
    assert derivations == [CHEAP]


def test_an_account_of_a_face_that_is_not_served_is_answered_like_one_that_never_was(member, derivations):
    with pytest.raises(LoginRefused):
        authenticate(member.username, member.passphrase, CHEAP, NOW, compartments=["board"])
    assert derivations == [CHEAP]


@pytest.mark.parametrize("username", ["desk", "nobody"])
def test_every_attempt_writes_once_so_that_the_time_of_a_commit_tells_nothing(member, monkeypatch, username):
    writes, real = [], Account.update
    monkeypatch.setattr(Account, "update", lambda **values: writes.append(values) or real(**values))
    with pytest.raises(LoginRefused):
        authenticate(username, WRONG, CHEAP, NOW)
    assert len(writes) == 1


def test_four_slips_lock_nobody_out(member):
    fail(member, login.FREE_TRIES - 1)
    assert authenticate(member.username, member.passphrase, CHEAP, NOW)


def test_the_lock_doubles_up_to_a_quarter_of_an_hour(member):
    now, waits = NOW, []
    for _failure in range(login.FREE_TRIES + 9):
        fail(member, 1, now)
        if until := Account.get_by_id(member.account_id).locked_until:
            waits.append(int((until - now).total_seconds()))
            now = until
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_attempts_on_a_locked_account_do_not_prolong_the_lock(member):
    fail(member, login.FREE_TRIES)
    until = Account.get_by_id(member.account_id).locked_until
    fail(member, 20)
    assert Account.get_by_id(member.account_id).locked_until == until
    assert authenticate(member.username, member.passphrase, CHEAP, until)


def test_a_success_forgets_earlier_failures(member):
    fail(member, login.FREE_TRIES - 1)
    authenticate(member.username, member.passphrase, CHEAP, NOW)
    assert Account.get_by_id(member.account_id).failed_attempts == 0


def test_the_lock_survives_a_restart(member, cast):
    """It is in the table: a shared layer opened anew, as by a new process, knows it."""
    fail(member, login.FREE_TRIES)
    layer = cast.organisation.shared_layer()
    with layer.bound(), pytest.raises(LoginRefused):
        authenticate(member.username, member.passphrase, CHEAP, NOW)
    layer.close()


def test_an_attempt_is_counted_before_it_is_checked(member, monkeypatch):
    """A process that dies while checking, or a hundred attempts at once, leave their count behind."""

    class Died(BaseException):
        pass

    def die(*_arguments, **_context):
        raise Died

    monkeypatch.setattr(login, "unwrap", die)
    with pytest.raises(Died):
        authenticate(member.username, member.passphrase, CHEAP, NOW)
    assert Account.get_by_id(member.account_id).failed_attempts == 1


def test_a_policy_that_has_risen_wraps_anew_at_the_next_log_in(member):
    raised = Argon2Policy(time_cost=2, memory_kib=16, parallelism=1)
    authenticate(member.username, member.passphrase, raised, NOW)
    assert not is_outdated(bytes(Account.get_by_id(member.account_id).wrapped_keys), raised)
    assert authenticate(member.username, member.passphrase, raised, NOW)


def test_the_right_passphrase_alone_does_not_forget_failures_at_the_second_factor(cast):
    """Otherwise whoever has the passphrase could guess codes for ever, logging in between."""
    ada = cast["administration"]
    with cast.shared():
        account = Account.get_by_id(ada.account_id)
        for _code in range(3):
            login.count_attempt(account, NOW)
        logged_in = log_in(ada.username, ada.passphrase, CHEAP, NOW)
        assert logged_in.stage == sessions.SECOND_FACTOR
        assert Account.get_by_id(ada.account_id).failed_attempts == 3


def test_a_log_in_leaves_one_session_that_only_its_token_opens(member):
    logged_in = log_in(member.username, member.passphrase, CHEAP, NOW)
    assert logged_in.token not in repr(logged_in)
    assert Session.select().where(Session.account == member.account_id).count() == 1
    limits = sessions.Limits(timedelta(minutes=30), timedelta(hours=10), timedelta(minutes=10))
    assert sessions.resume(logged_in.token, limits).keys.to_bytes() == member.keys.to_bytes()
    assert sessions.resume(logged_in.token[::-1], limits) is None
