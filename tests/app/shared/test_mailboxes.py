"""Mailboxes: what is in one opens with its code alone, and a closed one stays closed."""

from datetime import date, timedelta

import pytest

from app.envelopes.posting import open_mailbox
from app.shared import mailboxes
from app.shared.models import Mailbox, MailboxMessage
from keys.codes import new_code
from keys.errors import CannotOpen
from keys.mailbox import MailboxKeys

DAY = date(2026, 11, 21)


@pytest.fixture
def keys(cast):
    with cast.shared():
        keys = MailboxKeys.from_receipt(new_code())
        open_mailbox(keys, DAY)
        yield keys


def test_messages_come_back_oldest_first(keys):
    for number, at in enumerate(("2026-11-22T10:00:00", "2026-11-21T10:00:00")):
        mailboxes.keep_copy(keys, f"{number}" * 32, {"kind": "message", "at": at}, day=DAY)
    assert [one.content["at"][:10] for one in mailboxes.messages(keys)] == ["2026-11-21", "2026-11-22"]


def test_a_copy_is_kept_once(keys):
    for _ in range(2):
        mailboxes.keep_copy(keys, "1" * 32, {"kind": "message"}, day=DAY)
    assert len(mailboxes.messages(keys)) == 1


def test_a_message_moved_from_another_mailbox_doesnt_open(keys):
    other = MailboxKeys.from_receipt(new_code())
    open_mailbox(other, DAY)
    mailboxes.keep_copy(other, "1" * 32, {"kind": "message"}, day=DAY)
    MailboxMessage.update(mailbox=keys.id).execute()
    assert mailboxes.messages(keys) == []


def test_a_message_under_another_id_doesnt_open(keys):
    mailboxes.keep_copy(keys, "1" * 32, {"kind": "message"}, day=DAY)
    MailboxMessage.update(id="2" * 32).execute()
    assert mailboxes.messages(keys) == []


def test_a_closed_mailbox_is_gone_takes_nothing_and_cant_be_opened_again(keys):
    mailboxes.keep_copy(keys, "1" * 32, {"kind": "message"}, day=DAY)
    mailboxes.close(keys)
    open_mailbox(keys, DAY)
    assert mailboxes.find(keys) is None
    assert mailboxes.was_opened(keys)
    assert not mailboxes.takes_messages(keys.id)
    assert not MailboxMessage.select().exists()
    assert bytes(Mailbox.get().sealing_key) == b""


def test_time_to_decide_begins_after_the_last_deadline():
    half = timedelta(days=183)
    assert mailboxes.erased_by(DAY, [], half) == DAY + 2 * half
    assert (
        mailboxes.erased_by(DAY, [None, DAY + timedelta(days=30), DAY - half], half)
        == DAY + timedelta(days=30) + 2 * half
    )


def test_a_copy_doesnt_show_which_envelope_it_is_a_copy_of(keys):
    mailboxes.keep_copy(keys, keys.envelope_id, {"kind": "message"}, day=DAY)
    row = MailboxMessage.get()
    assert row.id not in {keys.envelope_id, keys.id}
    assert mailboxes.messages(keys)[0].id == keys.copy_id(keys.envelope_id)


def test_a_copy_opens_with_its_code_alone(keys):
    mailboxes.keep_copy(keys, "1" * 32, {"kind": "message"}, day=DAY)
    other = MailboxKeys.from_receipt(new_code())
    with pytest.raises(CannotOpen):
        other.open_own(
            bytes(MailboxMessage.get().ciphertext),
            info=mailboxes.context(keys.id, keys.copy_id("1" * 32)),
        )
