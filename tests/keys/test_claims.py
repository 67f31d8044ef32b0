"""Claim slots: open with the reference key and the public face's key together, and with nothing less."""

import pickle
import stat

import pytest

from keys.claims import GRACE_LENGTH, SLOT_LENGTH, ClaimKeyPair, ClaimKeys
from keys.codes import new_code
from keys.errors import CannotOpen, MalformedCode, MissingClaimKey
from keys.randomness import token_hex


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return ClaimKeyPair.create(tmp_path_factory.mktemp("keys") / "claim.key")


@pytest.fixture
def reference():
    return ClaimKeys.from_reference(new_code())


def test_a_slot_opens_with_both_keys(pair, reference):
    code = new_code()
    assert pair.open_slot(reference.seal_slot(code, pair.public), reference) == code


def test_the_reference_key_alone_opens_nothing(pair, reference, tmp_path):
    slot = reference.seal_slot(new_code(), pair.public)
    with pytest.raises(CannotOpen):
        ClaimKeyPair.create(tmp_path / "other.key").open_slot(slot, reference)


def test_the_claim_key_alone_opens_nothing(pair, reference):
    slot = reference.seal_slot(new_code(), pair.public)
    with pytest.raises(CannotOpen):
        pair.open_slot(slot, ClaimKeys.from_reference(new_code()))


@pytest.mark.parametrize("place", [0, 1, 40, 90, 700, SLOT_LENGTH - 1])
def test_every_changed_byte_is_noticed(pair, reference, place):
    slot = bytearray(reference.seal_slot(new_code(), pair.public))
    slot[place] ^= 1
    with pytest.raises(CannotOpen):
        pair.open_slot(bytes(slot), reference)


def test_all_slots_are_of_one_size_and_never_the_same_twice(pair, reference):
    slots = [ClaimKeys.from_reference(new_code()).seal_slot(new_code(), pair.public) for _ in range(20)]
    assert {len(slot) for slot in slots} == {SLOT_LENGTH}
    code = new_code()
    assert reference.seal_slot(code, pair.public) != reference.seal_slot(code, pair.public)


def test_a_key_is_forgiving_and_its_ids_are_its_own():
    code = new_code()
    typed = ClaimKeys.from_reference(f"  {code.upper().replace('-', ' ')} ")
    assert typed.slot_id == ClaimKeys.from_reference(code).slot_id
    assert len({typed.slot_id, typed.envelope_id, typed.on_device(token_hex()).id}) == 3
    with pytest.raises(MalformedCode):
        ClaimKeys.from_reference("nothing")


def test_a_second_look_takes_the_same_key_and_the_same_device(reference):
    device, code = token_hex(), new_code()
    sealed = reference.on_device(device).seal(code)
    assert len(sealed) == GRACE_LENGTH
    assert reference.on_device(device).open(sealed) == code
    for stranger in (
        reference.on_device(token_hex()),
        ClaimKeys.from_reference(new_code()).on_device(device),
    ):
        with pytest.raises(CannotOpen):
            stranger.open(sealed)


def test_the_claim_key_lies_in_a_private_file(tmp_path):
    path = tmp_path / "claim.key"
    created = ClaimKeyPair.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ClaimKeyPair.load(path).public == created.public
    with pytest.raises(FileExistsError):
        ClaimKeyPair.create(path)
    path.chmod(0o640)
    with pytest.raises(MissingClaimKey):
        ClaimKeyPair.load(path)


@pytest.mark.parametrize("content", [b"", b"ab\n", b"zz" * 96, b"ab" * 97])
def test_a_damaged_claim_key_is_refused(tmp_path, content):
    path = tmp_path / "claim.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(MissingClaimKey):
        ClaimKeyPair.load(path)


def test_nothing_of_a_claim_is_pickled_or_printed(pair, reference):
    device = reference.on_device(token_hex())
    for secret in (pair, reference, device):
        with pytest.raises(TypeError):
            pickle.dumps(secret)
        assert reference.slot_id not in repr(secret)
