"""What a session's token opens, and what a grant opens for whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen, MalformedKey
from keys.grants import new_vault_key, open_grant, seal_grant
from keys.sessions import new_token, open_session, seal_session, token_id

BOUND = {"vault": "membership", "epoch": 3, "account": "a" * 32}


@given(st.binary(max_size=500))
def test_a_token_opens_its_session(payload):
    token = new_token()
    assert open_session(token, seal_session(token, payload)) == payload


def test_another_token_opens_nothing():
    with pytest.raises(CannotOpen):
        open_session(new_token(), seal_session(new_token(), b"keys"))


def test_what_the_server_stores_opens_nothing():
    token = new_token()
    sealed = seal_session(token, b"keys")
    for stored in (token_id(token), bytes.fromhex(token_id(token)).hex()):
        with pytest.raises(CannotOpen):
            open_session(stored, sealed)


def test_a_token_is_43_signs_and_its_id_64():
    token = new_token()
    assert len(token) == 43
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(bytes.fromhex(token_id(token))) == 32


@given(st.text())
def test_whatever_a_browser_sends_has_an_id_that_is_not_it(text):
    assert len(token_id(text)) == 64
    assert token_id(text) != text


def test_a_lone_surrogate_has_an_id_too():
    assert len(token_id("\ud800")) == 64


def test_nothing_is_sealed_under_an_empty_token():
    with pytest.raises(MalformedKey):
        seal_session("", b"keys")


# --- grants -------------------------------------------------------------------------------------------------------


def test_a_grant_opens_for_its_officer(alice):
    key = new_vault_key()
    assert open_grant(seal_grant(key, to=alice.sealing.public, **BOUND), keys=alice.sealing, **BOUND) == key


@pytest.mark.parametrize(
    "replayed", [{"vault": "clearing"}, {"epoch": 2}, {"epoch": 4}, {"account": "b" * 32}], ids=str
)
def test_a_grant_opens_nothing_elsewhere(alice, replayed):
    sealed = seal_grant(new_vault_key(), to=alice.sealing.public, **BOUND)
    with pytest.raises(CannotOpen):
        open_grant(sealed, keys=alice.sealing, **{**BOUND, **replayed})


def test_a_grant_opens_nothing_for_another_officer(alice, mallory):
    sealed = seal_grant(new_vault_key(), to=alice.sealing.public, **BOUND)
    with pytest.raises(CannotOpen):
        open_grant(sealed, keys=mallory.sealing, **BOUND)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_no_grant_is_made_of_what_is_no_vault_key(alice, length):
    with pytest.raises(MalformedKey):
        seal_grant(bytes(length), to=alice.sealing.public, **BOUND)


def test_no_two_vault_keys_are_the_same():
    assert len({new_vault_key() for _ in range(100)}) == 100
