"""Codes that people type, and what they open: mailboxes and enrolments."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.codes import ALPHABET, derive_code, grouped, new_code, normalise
from keys.enrolment import code_id, open_under_code, seal_under_code
from keys.errors import CannotOpen, MalformedCode
from keys.mailbox import MailboxKeys
from keys.sealing import open_sealed, seal

bare_codes = st.text(ALPHABET, min_size=20, max_size=20)
BARE = "bcdfghjkmnpqrstvwxyz"
SHOWN = "bcdfg-hjkmn-pqrst-vwxyz"
OTHER = "bcdfg-hjkmn-pqrst-vwxy2"


@given(bare_codes)
def test_a_code_is_shown_in_four_groups_and_read_back(code):
    assert normalise(grouped(code)) == code
    assert [len(group) for group in grouped(code).split("-")] == [5, 5, 5, 5]


@given(bare_codes, st.data())
def test_case_spaces_and_dashes_are_forgiven(code, data):
    separators = st.text(" -\t\n\u00a0\u2013\u2014\u2011./_", max_size=3)
    typed = "".join(data.draw(st.sampled_from([sign, sign.upper()])) + data.draw(separators) for sign in code)
    assert normalise(typed) == code


def test_wide_letters_of_another_keyboard_are_forgiven():
    assert normalise("ｂｃｄｆｇ" + BARE[5:]) == BARE


@pytest.mark.parametrize("sign", sorted(set("abcdefghijklmnopqrstuvwxyz0123456789äß$+") - set(ALPHABET)))
def test_a_sign_that_is_in_no_code_is_not_guessed_at(sign):
    with pytest.raises(MalformedCode):
        normalise(sign + BARE[1:])


@pytest.mark.parametrize(
    "typed", ["", "bcdfg", BARE[:-1], BARE + "b", "b" * 100_000, "-" * 201 + BARE, "\0" + BARE]
)
def test_too_few_and_too_many_signs_are_refused(typed):
    with pytest.raises(MalformedCode):
        normalise(typed)


def test_the_refusal_does_not_quote_what_was_typed():
    with pytest.raises(MalformedCode) as failure:
        normalise("bcdfg-hjkmn-pqrst-vwxya")
    assert "bcdfg" not in str(failure.value)


def test_a_code_has_96_bits():
    assert len(set(ALPHABET)) ** 20 > 2**96


@pytest.mark.parametrize("draw", [new_code, lambda: derive_code(new_code().encode(), info=b"test")])
def test_every_sign_is_as_likely_at_every_place(draw):
    """Chi-squared with 27 degrees of freedom: over 80 is seen once in two million honest draws, a modulo bias always."""
    drawn = [normalise(draw()) for _ in range(4000)]
    expected = len(drawn) / len(ALPHABET)
    for place in range(20):
        seen = Counter(code[place] for code in drawn)
        assert sum((seen[sign] - expected) ** 2 / expected for sign in ALPHABET) < 80


def test_no_two_of_many_codes_are_the_same():
    assert len({new_code() for _ in range(5000)}) == 5000


def test_a_derived_code_depends_on_secret_and_purpose_alone():
    one = derive_code(b"a secret of enough bytes", info=b"reference")
    assert one == derive_code(b"a secret of enough bytes", info=b"reference")
    assert one != derive_code(b"a secret of enough bytes", info=b"invite")
    assert one != derive_code(b"a Secret of enough bytes", info=b"reference")


# --- mailboxes ----------------------------------------------------------------------------------------------------


def test_a_receipt_gives_the_same_mailbox_however_it_is_typed():
    one, other = MailboxKeys.from_receipt(SHOWN), MailboxKeys.from_receipt(SHOWN.upper().replace("-", " "))
    assert (one.id, one.envelope_id) == (other.id, other.envelope_id)
    reply = seal(b"reply", one.sealing.public, info=b"info")
    assert open_sealed(reply, other.sealing, info=b"info") == b"reply"


def test_another_receipt_shares_nothing():
    one, other = MailboxKeys.from_receipt(SHOWN), MailboxKeys.from_receipt(OTHER)
    assert len({one.id, other.id, one.envelope_id, other.envelope_id}) == 4
    assert one.sealing.public != other.sealing.public
    assert one.signing.public != other.signing.public


def test_ids_of_a_mailbox_are_32_hexadecimal_signs():
    keys = MailboxKeys.from_receipt(SHOWN)
    assert all(len(bytes.fromhex(identifier)) == 16 for identifier in (keys.id, keys.envelope_id))


def test_no_mailbox_comes_from_what_is_no_code():
    with pytest.raises(MalformedCode):
        MailboxKeys.from_receipt("open sesame")


# --- enrolments ---------------------------------------------------------------------------------------------------


@given(st.binary(max_size=300), bare_codes)
def test_a_code_opens_what_was_sealed_under_it(secret, code):
    sealed = seal_under_code(secret, grouped(code), info=b"desk")
    assert open_under_code(sealed, code.upper(), info=b"desk") == secret


def test_another_code_opens_nothing():
    with pytest.raises(CannotOpen):
        open_under_code(seal_under_code(b"secret", SHOWN, info=b"desk"), OTHER, info=b"desk")


def test_an_enrolment_opens_nothing_in_another_compartment():
    with pytest.raises(CannotOpen):
        open_under_code(seal_under_code(b"secret", SHOWN, info=b"desk"), SHOWN, info=b"board")


def test_what_is_stored_of_a_code_is_neither_its_mailbox_nor_its_key():
    stored = code_id(SHOWN)
    assert len(bytes.fromhex(stored)) == 32
    assert MailboxKeys.from_receipt(SHOWN).id not in stored
    with pytest.raises(CannotOpen):
        open_under_code(seal_under_code(b"s", SHOWN, info=b"desk"), derived_from(stored), info=b"desk")


def derived_from(stored):
    return derive_code(bytes.fromhex(stored), info=b"a guess")
