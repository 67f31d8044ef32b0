"""What was written once stays readable, and what failed once keeps failing, by the same name (vectors/README.md)."""

import hashlib
import json
from functools import reduce
from pathlib import Path

import pytest

from keys import (
    chain,
    codes,
    enrolment,
    errors,
    grants,
    padding,
    passphrase,
    recovery,
    sessions,
    streams,
    symmetric,
)
from keys.identity import KeyPairs
from keys.mailbox import MailboxKeys
from keys.sealing import SealingKeyPair, bind, open_sealed
from keys.signing import SigningKeyPair, VerifyKey

FILES = sorted((Path(__file__).parent / "vectors" / "wire").glob("*.json"))
x = bytes.fromhex


def mailbox(code):
    keys = MailboxKeys.from_receipt(code)
    return {
        "id": keys.id,
        "envelope_id": keys.envelope_id,
        "sealing": keys.sealing.to_bytes().hex(),
        "signing": keys.signing.to_bytes().hex(),
    }


def verified(public, signature, message, context):
    VerifyKey.from_bytes(x(public)).verify(x(signature), x(message), context=x(context))
    return ""


def unwrapped(context, wrapped, **given):
    return passphrase.unwrap(x(wrapped), given["passphrase"], context=x(context)).hex()


READERS = {
    "bind": lambda parts: bind(*parts).hex(),
    "chain": lambda entries: reduce(chain.link, map(x, entries), chain.START).hex(),
    "code_id": enrolment.code_id,
    "derive_code": lambda secret, info: codes.derive_code(x(secret), info=x(info)),
    "enrolment": lambda code, info, sealed: enrolment.open_under_code(x(sealed), code, info=x(info)).hex(),
    "fingerprint": lambda seed: KeyPairs.from_seed(x(seed)).public.fingerprint(),
    "grant": lambda seed, sealed, **bound: grants.open_grant(
        x(sealed), keys=SealingKeyPair.from_seed(x(seed)), **bound
    ).hex(),
    "mailbox": mailbox,
    "passphrase": unwrapped,
    "recovery": lambda shares: hashlib.sha256(recovery.recover(shares).public.to_bytes()).hexdigest(),
    "sealing": lambda seed, info, sealed: open_sealed(
        x(sealed), SealingKeyPair.from_seed(x(seed)), info=x(info)
    ).hex(),
    "sealing_public": lambda seed: SealingKeyPair.from_seed(x(seed)).public.to_bytes().hex(),
    "session": lambda token, sealed: sessions.open_session(token, x(sealed)).hex(),
    "signing": verified,
    "signing_signs": lambda seed, message, context: (
        SigningKeyPair.from_seed(x(seed)).sign(x(message), context=x(context)).hex()
    ),
    "stream": lambda key, info, pieces: b"".join(
        streams.open_pieces(x(key), map(x, pieces), info=x(info))
    ).hex(),
    "symmetric": lambda key, info, sealed: symmetric.open_with(x(key), x(sealed), info=x(info)).hex(),
    "token_id": sessions.token_id,
    "unpad": lambda padded: padding.unpad(x(padded)).hex(),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_vector_reads_as_it_always_did(path):
    vector = json.loads(path.read_text())
    read, given = READERS[vector["kind"]], vector["given"]
    if "error" not in vector:
        assert read(**given) == vector["expect"]
        return
    with pytest.raises(errors.KeysError) as failure:
        read(**given)
    assert type(failure.value).__name__ == vector["error"]


def test_every_kind_of_vector_is_there():
    assert {json.loads(path.read_text())["kind"] for path in FILES} == set(READERS)
