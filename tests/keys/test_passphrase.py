"""Wrapping a secret under a passphrase. Argon2 is cheap here, and the last tests say where it may not be."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen, WeakParameters, WeakPassphrase, WrongPassphrase
from keys.passphrase import (
    RECOMMENDED,
    Argon2Policy,
    account_context,
    burn,
    is_outdated,
    require_strong,
    unwrap,
    wrap,
)

SECRET = bytes(range(128))
ANNA = account_context("a" * 32)
passphrases = st.text(min_size=1, max_size=60)


@given(passphrase=passphrases, secret=st.binary(max_size=300))
def test_the_passphrase_opens_it(cheap, passphrase, secret):
    wrapped = wrap(secret, passphrase, context=ANNA, policy=cheap)
    assert unwrap(wrapped, passphrase, context=ANNA) == secret


@given(one=passphrases, other=passphrases)
def test_another_passphrase_fails(cheap, one, other):
    if unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other):
        return
    with pytest.raises(WrongPassphrase):
        unwrap(wrap(SECRET, one, context=ANNA, policy=cheap), other, context=ANNA)


def test_every_flipped_bit_fails(cheap):
    wrapped = wrap(b"secret", "passphrase", context=ANNA, policy=cheap)
    costly = range(1 * 8, 13 * 8)  # the header's parameters: frozen vectors try those without paying for them
    for position in set(range(len(wrapped) * 8)) - set(costly):
        changed = bytearray(wrapped)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(CannotOpen):
            unwrap(bytes(changed), "passphrase", context=ANNA)


def test_every_truncation_fails(cheap):
    wrapped = wrap(b"secret", "passphrase", context=ANNA, policy=cheap)
    for length in range(len(wrapped)):
        with pytest.raises(CannotOpen):
            unwrap(wrapped[:length], "passphrase", context=ANNA)


def test_one_accounts_key_does_not_open_as_anothers(cheap):
    wrapped = wrap(SECRET, "same passphrase", context=ANNA, policy=cheap)
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, "same passphrase", context=account_context("b" * 32))


def test_a_secret_of_nobody_is_not_wrapped(cheap):
    with pytest.raises(ValueError):
        wrap(SECRET, "passphrase", context=b"", policy=cheap)


def test_the_same_passphrase_twice_gives_two_keys(cheap):
    one, other = (wrap(SECRET, "passphrase", context=ANNA, policy=cheap) for _ in range(2))
    assert one[13:29] != other[13:29]


@pytest.mark.parametrize("passphrase", ["", "a" * 1025])
def test_nothing_is_wrapped_under_an_impossible_passphrase(cheap, passphrase):
    with pytest.raises(WeakPassphrase):
        wrap(SECRET, passphrase, context=ANNA, policy=cheap)


@pytest.mark.parametrize("passphrase", ["", "a" * 1025, "a" * 10_000_000, "\ud800"])
def test_an_impossible_passphrase_is_a_wrong_one(cheap, passphrase):
    with pytest.raises(WrongPassphrase):
        unwrap(wrap(SECRET, "passphrase", context=ANNA, policy=cheap), passphrase, context=ANNA)


@pytest.mark.parametrize(
    "policy",
    [
        Argon2Policy(21, 64, 1),
        Argon2Policy(1, 2**20 + 1, 1),
        Argon2Policy(1, 1024, 17),
        Argon2Policy(0, 64, 1),
        Argon2Policy(1, 7, 1),
        Argon2Policy(1, 64, 0),
    ],
)
def test_nothing_is_wrapped_at_a_cost_that_is_refused_on_opening(policy):
    with pytest.raises(WeakParameters):
        wrap(SECRET, "passphrase", context=ANNA, policy=policy)


def test_absurd_stored_parameters_cost_nothing(cheap):
    wrapped = bytearray(wrap(SECRET, "passphrase", context=ANNA, policy=cheap))
    wrapped[1:13] = b"\xff" * 12
    started = time.process_time()
    with pytest.raises(CannotOpen):
        unwrap(bytes(wrapped), "passphrase", context=ANNA)
    assert time.process_time() - started < 0.1


def test_a_raised_policy_outdates_what_is_stored(cheap):
    wrapped = wrap(SECRET, "passphrase", context=ANNA, policy=cheap)
    assert not is_outdated(wrapped, cheap)
    assert is_outdated(wrapped, Argon2Policy(2, 8, 1))
    assert is_outdated(wrapped, Argon2Policy(1, 16, 1))
    assert not is_outdated(wrap(SECRET, "x", context=ANNA, policy=Argon2Policy(2, 16, 1)), cheap)


def test_whether_noise_is_outdated_cannot_be_said(cheap):
    with pytest.raises(CannotOpen):
        is_outdated(b"noise", cheap)


# --- the real cost ------------------------------------------------------------------------------------------------


def test_production_refuses_the_parameters_of_these_tests(cheap):
    with pytest.raises(WeakParameters):
        require_strong(cheap)


@pytest.mark.parametrize(
    "policy",
    [
        Argon2Policy(2, 65536, 4),
        Argon2Policy(3, 65535, 4),
        Argon2Policy(3, 2**21, 4),
        Argon2Policy(3, 65536, 0),
    ],
)
def test_production_refuses_less_than_the_rfc_and_more_than_opens(policy):
    with pytest.raises(WeakParameters):
        require_strong(policy)


@pytest.mark.parametrize("policy", [RECOMMENDED, Argon2Policy(3, 65536, 1), Argon2Policy(4, 131072, 2)])
def test_production_takes_the_rfcs_parameters_and_better(policy):
    require_strong(policy)


def test_a_name_that_does_not_exist_takes_as_long_as_a_wrong_passphrase():
    wrapped = wrap(SECRET, "passphrase", context=ANNA, policy=RECOMMENDED)

    def fail():
        with pytest.raises(WrongPassphrase):
            unwrap(wrapped, "wrong", context=ANNA)

    wrong = fastest(fail)
    unknown = fastest(lambda: burn("wrong", RECOMMENDED))
    # Loosely, because other processes take turns in the caches; a missing derivation is 1000 times faster.
    assert 0.4 < unknown / wrong < 2.5


def test_the_memory_of_a_derivation_goes_back_to_the_system():
    burn("passphrase", RECOMMENDED)
    before = resident_kib()
    for _ in range(4):
        burn("passphrase", RECOMMENDED)
    assert resident_kib() - before < 16 * 1024


def fastest(action):
    durations = []
    for _ in range(3):
        started = time.process_time()
        action()
        durations.append(time.process_time() - started)
    return min(durations)


def resident_kib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4
