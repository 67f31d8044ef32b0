"""The floor does what the three posts can't do without: it answers with a code, and rows of the real length are on the disk."""

from os import urandom

import pytest

from app.crossings import COVERED_BYTES
from app.shared.counsel_models import Drop
from app.shared.cover import DROP_BYTES
from app.shared.models import Envelope, Mailbox, MailboxMessage
from bench.applicants import RECEIPT
from bench.floor import Floor
from keys.codes import new_code

WORDS = {"step": "check", "words-text": "Äußerst vertraulich. " * 900}


@pytest.fixture
def floor(organisation):
    app = Floor(organisation.settings, None, "").load()
    yield app.test_client()
    app.extensions["shared"].close()


@pytest.fixture
def lengths(organisation):
    """How long the ciphertexts of a table are."""
    layer = organisation.shared_layer()

    def lengths(model):
        with layer.bound():
            return [len(bytes(row.ciphertext)) for row in model.select()]

    yield lengths
    layer.close()


def post(floor, path, **fields):
    answer = floor.post(path, data={**WORDS, **fields})
    assert answer.status_code == 200
    assert RECEIPT.search(answer.data)


def test_an_application_leaves_an_envelope_a_mailbox_and_a_copy(floor, lengths, organisation):
    for _each in range(2):
        post(floor, "/postings/kassenpruefung/apply", seed=urandom(32).hex())
    assert len(lengths(Envelope)) == len(lengths(MailboxMessage)) == 2
    layer = organisation.shared_layer()
    with layer.bound():
        assert Mailbox.select().count() == 2
    layer.close()


def test_a_claim_leaves_an_envelope(floor, lengths):
    for _each in range(2):
        post(floor, "/claim", key=new_code())
    assert len(lengths(Envelope)) == 2


def test_a_first_contact_leaves_rows_as_long_as_every_other(floor, lengths):
    post(floor, "/counselling", seed=urandom(32).hex())
    assert lengths(Envelope) == [COVERED_BYTES]
    assert lengths(Drop) == [DROP_BYTES]
