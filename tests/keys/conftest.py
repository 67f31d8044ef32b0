"""The cast of these tests: two officers' keys, and Argon2 at a price that only tests may pay."""

import json
from pathlib import Path

import pytest

from keys.identity import KeyPairs
from keys.passphrase import Argon2Policy

VECTORS = Path(__file__).parent / "vectors"


@pytest.fixture(scope="session")
def cheap():
    return Argon2Policy(time_cost=1, memory_kib=8, parallelism=1)


@pytest.fixture(scope="session")
def alice():
    return KeyPairs.generate()


@pytest.fixture(scope="session")
def mallory():
    return KeyPairs.generate()


@pytest.fixture(scope="session")
def rfc():
    return lambda name: json.loads((VECTORS / "rfc" / f"{name}.json").read_text())
