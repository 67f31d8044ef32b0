"""What a passkey's answer must be like to be taken: this challenge, this page, this site, this key, a user who was asked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import RefusedPasskey
from keys.passkeys import (
    LONGEST_ANSWER,
    Credential,
    Site,
    ask_for_new,
    ask_for_one_of,
    check_new,
    check_use,
    named_in,
)
from keys.randomness import token_bytes
from tests.keys.device import Device, base64url, from_base64url

SITE = Site("https://clearing.example.org")
HANDLE = b"h" * 32


def question(challenge, known=()):
    return ask_for_new(SITE, challenge, issuer="Bund", username="clara", handle=HANDLE, known=known)


@pytest.fixture
def device():
    return Device(SITE.origin)


@pytest.fixture
def made(device):
    challenge = token_bytes()
    return check_new(device.make(question(challenge)), SITE, challenge)


def used(device, made, **wrong):
    challenge = token_bytes()
    answer = device.use(ask_for_one_of(SITE, challenge, [made.id]), **wrong)
    return check_use(answer, SITE, challenge, made, handle=HANDLE)


def test_a_passkey_is_made_and_used(device, made):
    assert made == Credential(device.id, made.public_key, 0)
    assert used(device, made).counter == 1


def test_the_browser_is_asked_for_a_user_who_is_asked_and_for_no_make_of_device():
    asked = json.loads(question(b"c" * 32, known=[b"one"]))
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert asked["rp"] == {"name": "Bund", "id": "clearing.example.org"}
    assert [from_base64url(one["id"]) for one in asked["excludeCredentials"]] == [b"one"]
    asked = json.loads(ask_for_one_of(SITE, b"c" * 32, [b"one", b"two"]))
    assert asked["userVerification"] == "required"
    assert [from_base64url(one["id"]) for one in asked["allowCredentials"]] == [b"one", b"two"]


WRONG = [
    {"origin": "https://clearing.example.com"},
    {"origin": "http://clearing.example.org"},
    {"origin": "https://clearing.example.org:8443"},
    {"origin": "https://board.example.org"},
    {"site": "example.org"},
    {"site": "board.example.org"},
    {"challenge": base64url(b"x" * 32)},
    {"challenge": ""},
    {"kind": "webauthn.other"},
]


@pytest.mark.parametrize("wrong", [*WRONG, {"kind": "webauthn.get"}])
def test_a_wrong_answer_makes_no_passkey(device, wrong):
    challenge = token_bytes()
    with pytest.raises(RefusedPasskey):
        check_new(device.make(question(challenge), **wrong), SITE, challenge)


@pytest.mark.parametrize("wrong", [*WRONG, {"kind": "webauthn.create"}])
def test_a_wrong_answer_is_no_use(device, made, wrong):
    with pytest.raises(RefusedPasskey):
        used(device, made, **wrong)


def test_without_asking_its_user_a_device_is_no_second_factor(device, made):
    device.verifies = False
    with pytest.raises(RefusedPasskey):
        used(device, made)
    challenge = token_bytes()
    with pytest.raises(RefusedPasskey):
        check_new(Device(SITE.origin, verifies=False).make(question(challenge)), SITE, challenge)


def test_a_counter_that_does_not_go_up_is_a_copy(device, made):
    made = used(device, made)
    with pytest.raises(RefusedPasskey):
        used(device, made, uses=0)
    with pytest.raises(RefusedPasskey):
        used(device, Credential(made.id, made.public_key, 9))


def test_a_device_without_a_counter_is_taken_every_time(device, made):
    assert used(device, used(device, made, uses=0), uses=0).counter == 0


def test_another_key_another_id_and_another_accounts_handle_are_refused(device, made):
    other = Device(SITE.origin, id=device.id)
    with pytest.raises(RefusedPasskey):
        used(other, made)
    device.id = b"another one here"
    with pytest.raises(RefusedPasskey):
        used(device, made)
    device.id, device.handle = made.id, b"somebody else"
    with pytest.raises(RefusedPasskey):
        used(device, made)
    device.handle = None  # a security key that keeps no accounts says none
    assert used(device, made)


def test_a_changed_bit_anywhere_in_what_is_signed_is_noticed(device, made):
    challenge = token_bytes()
    answer = json.loads(device.use(ask_for_one_of(SITE, challenge, [made.id])))
    assert check_use(json.dumps(answer), SITE, challenge, made, handle=HANDLE)
    for part in ("authenticatorData", "signature"):
        whole = from_base64url(answer["response"][part])
        for place in range(len(whole)):
            changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
            response = answer["response"] | {part: base64url(changed)}
            with pytest.raises(RefusedPasskey):
                check_use(json.dumps(answer | {"response": response}), SITE, challenge, made, handle=HANDLE)


def test_what_is_far_too_long_is_not_even_read():
    for attempt in (lambda text: check_new(text, SITE, b"c" * 32), named_in):
        with pytest.raises(RefusedPasskey):
            attempt("[" * (LONGEST_ANSWER + 1))


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "clientDataJSON",
                    "attestationObject",
                    "authenticatorData",
                ]
            )
            | st.text(),
            inner,
        )
    ),
)


@given(NONSENSE.map(json.dumps) | st.text())
def test_nonsense_is_refused_and_nothing_else_is_raised(text):
    made = Credential(b"i" * 16, b"k" * 32, 0)
    for attempt in (
        lambda: check_new(text, SITE, b"c" * 32),
        lambda: named_in(text),
        lambda: check_use(text, SITE, b"c" * 32, made, handle=HANDLE),
    ):
        with pytest.raises(RefusedPasskey):
            attempt()


@given(st.binary(max_size=300))
def test_bytes_from_anywhere_are_no_attestation(content):
    challenge = b"c" * 32
    answer = json.loads(Device(SITE.origin).make(question(challenge)))
    answer["response"]["attestationObject"] = base64url(content)
    with pytest.raises(RefusedPasskey) as refused:
        check_new(json.dumps(answer), SITE, challenge)
    assert refused.value.__suppress_context__
