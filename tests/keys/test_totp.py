"""One-time codes as a second factor."""

import base64
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import MalformedKey
from keys.totp import code_at, matching_step, new_secret, provisioning_uri

SECRET = new_secret()
NOW = 1_795_219_200.0
STEP = int(NOW) // 30


def code_of(step):
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_code_counts_one_step_early_and_late_and_tells_its_step(offset):
    assert matching_step(SECRET, code_of(STEP + offset), NOW) == STEP + offset


@pytest.mark.parametrize("offset", [-3, -2, 2, 3])
def test_a_code_further_off_does_not_count(offset):
    assert matching_step(SECRET, code_of(STEP + offset), NOW) is None


def test_no_window_takes_the_present_code_only():
    assert matching_step(SECRET, code_of(STEP), NOW, window=0) == STEP
    assert matching_step(SECRET, code_of(STEP - 1), NOW, window=0) is None


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_the_code_of_a_moment_is_the_one_rfc_6238_prints(at, code):
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code


def test_spaces_are_forgiven():
    code = code_of(STEP)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW) == STEP


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²", "-12345", "\ud800" * 6]
)
def test_what_is_no_code_does_not_count(code):
    assert matching_step(SECRET, code, NOW) is None


@given(st.text(max_size=10))
def test_any_text_gets_an_answer(code):
    assert matching_step(SECRET, code, NOW) in {None, STEP - 1, STEP, STEP + 1}


def test_the_clock_may_stand_at_its_beginning():
    assert matching_step(SECRET, code_of(0), 0.0) == 0


def test_a_secret_has_160_bits():
    assert len(base64.b32decode(new_secret())) == 20


@pytest.mark.parametrize("secret", ["", "not base32!", "GEZDGNBV"])
def test_what_is_no_secret_is_refused(secret):
    with pytest.raises(MalformedKey):
        matching_step(secret, "123456", NOW)


def test_an_authenticator_app_reads_the_address():
    address = urlsplit(provisioning_uri(SECRET, "anna", "Verein für Möwen"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {"secret": [SECRET], "issuer": ["Verein für Möwen"]}
