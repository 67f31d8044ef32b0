"""Somebody withdraws while an office takes in what they sent: nothing of it stays, and nobody is told that something is wrong."""

import pytest

from app import pieces
from app.envelopes import outbox
from app.public import correspondence
from app.public.basket import Basket
from app.shared import mailboxes
from app.shared.models import Envelope, EnvelopePiece, Mailbox, MailboxMessage
from app.vault.models import Alarm, ImportedEnvelope, Outgoing, RefusedEnvelope
from compartments.board.models import Application, ApplicationFile
from tests.app.envelopes.post import DAY, contact, take_in
from tests.app.public import sender
from tests.app.public.sender import keys_of


def rows(*tables):
    return tuple(table.select().count() for table in tables)


@pytest.fixture
def applicant(cast):
    """Somebody has sent an application with a large file, which nobody has taken in yet."""
    basket = Basket("5e" * 32)
    with cast.shared():
        sender.add(basket)
        sender.send(basket, keys_of(basket), cast.app.extensions["schotten"].pinned("board"))
    return keys_of(basket)


def withdraw(cast, keys):
    board = cast.app.extensions["schotten"].pinned("board")
    correspondence.withdraw(keys, to=board, day=DAY, type_="application-withdrawal")


@pytest.mark.parametrize("read", [0, 1, 4])
def test_while_its_files_are_read(cast, applicant, monkeypatch, read):
    whole = pieces.read

    def withdrawn_after_some(table, owner):
        for number, piece in enumerate(whole(table, owner)):
            if number == read:
                withdraw(cast, applicant)
            yield piece

    monkeypatch.setattr(pieces, "read", withdrawn_after_some)
    take_in(cast, "board")
    monkeypatch.undo()
    take_in(cast, "board")
    with cast.vault("board"):
        assert rows(Application, ApplicationFile, RefusedEnvelope, Alarm) == (0, 0, 0, 0)
        assert rows(Envelope, EnvelopePiece, MailboxMessage) == (0, 0, 0)
        assert ImportedEnvelope.select().count() == 1, "the withdrawal"


def test_a_broken_one_that_is_still_there_is_refused(cast, applicant):
    with cast.shared():
        EnvelopePiece.delete().where(EnvelopePiece.number == 2).execute()
    take_in(cast, "board")
    with cast.vault("board"):
        assert rows(Application, RefusedEnvelope, Alarm) == (0, 1, 1)


@pytest.mark.parametrize("gone", ["closed", "deleted"])
def test_an_answer_that_is_on_its_way_then_is_dropped(cast, gone):
    keys = contact(cast)
    with cast.vault("desk") as vault:
        with vault.database.atomic("IMMEDIATE"):
            outbox.answer(keys.id, keys.sealing.public.to_bytes(), {"kind": "message", "text": "x"}, day=DAY)
        if gone == "closed":
            mailboxes.close(keys)
        else:
            Mailbox.delete().where(Mailbox.id == keys.id).execute()
        assert outbox.deliver({}) == 1
        assert rows(MailboxMessage, Outgoing, Alarm) == (0, 0, 0)
