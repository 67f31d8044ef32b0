"""A voucher counts for one message and one key, and for nothing else."""

import pytest

from keys.errors import MalformedKey
from keys.vouching import VouchingKey

KEY = VouchingKey(bytes(32))


def test_a_server_recognises_its_own_words():
    assert KEY.vouched(KEY.vouch(b"said"), b"said")


@pytest.mark.parametrize("message", [b"", b"sai", b"said ", b"Said"])
def test_any_other_message_is_not_vouched_for(message):
    assert not KEY.vouched(KEY.vouch(b"said"), message)


def test_another_key_vouches_for_nothing_of_this_one():
    assert not VouchingKey(bytes([1] * 32)).vouched(KEY.vouch(b"said"), b"said")


@pytest.mark.parametrize("voucher", ["", "0" * 64, "ü\ud800", "x" * 100_000])
def test_whatever_else_is_brought_counts_for_nothing(voucher):
    assert not KEY.vouched(voucher, b"said")


def test_every_sign_of_it_counts():
    voucher = KEY.vouch(b"said")
    changed = [
        voucher[:place] + ("0" if sign != "0" else "1") + voucher[place + 1 :]
        for place, sign in enumerate(voucher)
    ]
    assert not any(KEY.vouched(one, b"said") for one in [*changed, voucher[:-1], voucher + "0"])


def test_the_format_stays_as_it_is():
    assert KEY.vouch(b"said") == "293c1eb7ac46d0950b083506178fd33ad87ad895f3c2d14e636882789084c02c"


def test_a_key_has_32_bytes():
    with pytest.raises(MalformedKey):
        VouchingKey(b"short")
