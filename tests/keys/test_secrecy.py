"""Nothing shows a secret by being printed, logged or pickled, and errors quote nothing."""

import copy
import pickle
import traceback

import pytest

from keys import codes, mailbox, passphrase, recovery, service
from keys.errors import KeysError
from keys.sealing import open_sealed

RECEIPT = codes.new_code()


@pytest.fixture(params=["pairs", "sealing", "signing", "mailbox", "service", "shares"])
def holder(request, alice, tmp_path):
    """Something that holds secrets, and all of them in hexadecimal."""
    box = mailbox.MailboxKeys.from_receipt(RECEIPT)
    server = service.ServiceKey.create(tmp_path / "service.key")
    typed = recovery.TypedShares()
    typed.add(recovery.new_recovery()[1][0])
    return {
        "pairs": (alice, [alice.to_bytes()]),
        "sealing": (alice.sealing, [alice.sealing.to_bytes()]),
        "signing": (alice.signing, [alice.signing.to_bytes()]),
        "mailbox": (box, [box.sealing.to_bytes(), box.signing.to_bytes(), bytes.fromhex(box.id), box._own]),
        "service": (server, [server._secret]),
        "shares": (typed, [typed._state.last_share.value]),
    }[request.param]


def test_printing_it_shows_no_secret(holder):
    thing, secrets = holder
    shown = f"{thing!r} {thing} {[thing]} {vars(type(thing)).get('__doc__')}"
    for secret in secrets:
        for start in range(len(secret) - 4):
            assert secret[start : start + 4].hex() not in shown
        assert repr(secret)[2:-1] not in shown


def test_pickling_and_copying_it_fails(holder):
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(holder[0])


def test_it_has_no_dictionary_to_be_dumped(holder):
    assert not hasattr(holder[0], "__dict__")


def test_a_failure_quotes_nothing_it_was_given(alice, cheap):
    typed = "Zx9-typed-by-somebody"
    wrapped = passphrase.wrap(b"secret", "right", context=b"context", policy=cheap)
    for attempt in (
        lambda: passphrase.unwrap(wrapped, typed, context=b"context"),
        lambda: codes.normalise(typed),
        lambda: recovery.recover([typed]),
        lambda: open_sealed(typed.encode() * 100, alice.sealing, info=b"info"),
    ):
        with pytest.raises(KeysError) as failure:
            attempt()
        # The chain of causes too: a library's message would be printed along with ours.
        told = [line for line in traceback.format_exception(failure.value) if not line.startswith("  File")]
        assert typed not in "".join(told)
        assert failure.value.__suppress_context__ or failure.value.__context__ is None
