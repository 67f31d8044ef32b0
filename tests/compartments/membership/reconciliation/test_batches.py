"""Lists of keys for clearing: who is on them, what stops them, and that one decision sends one list."""

import json
from base64 import b64decode
from datetime import date, timedelta

import pytest

from app.envelopes.receiving import _Reader
from app.office.calendar import Reminder
from app.vault.models import Outgoing
from compartments.membership import reports
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.reconciliation import batches, rules
from compartments.membership.reconciliation.models import Batch
from compartments.membership.tables import Person, SearchWord
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA
from tests.compartments.membership.invitations.conftest import DAY
from tests.compartments.membership.reconciliation.conftest import arrive

COUNTS = {"created": 1, "locked": 2, "unlocked": 3, "unchanged": 4, "unknown": 0}


def send(kind="regular", *, confirmed_by=None, batch_id=None, day=DAY):
    return batches.send(
        kind,
        batch_id=batch_id or new_id(),
        seen=batches.preview(kind, day).seen,
        reason="",
        by=MIKA,
        day=day,
        confirmed_by=confirmed_by,
    )


def leave(*people, day=DAY):
    Person.update(left_on=day).where(Person.id.in_(people)).execute()


def sizes(kind="regular", day=DAY):
    seen = batches.preview(kind, day)
    return seen.size, seen.added, seen.removed


def test_the_regular_list_names_everybody_who_may_take_part(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        assert sizes() == (20, 20, 0)
        send()
        assert sizes() == (20, 0, 0)
        leave(*people[:6])
        assert sizes() == (14, 0, 6)


def test_a_member_in_arrears_leaves_the_list_and_keeps_the_key(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        send()
        Person.update(paid_until=date(2020, 1, 1)).where(Person.id.in_(people[:6])).execute()
        assert sizes() == (14, 0, 6)
        assert keys.counts().assigned == 20
        assert batches.leavers(DAY) == 0


def test_more_than_the_threshold_needs_a_second_officer(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        send()
        leave(*people[:6])
        with pytest.raises(batches.NeedsSecondOfficer) as needs:
            send()
        assert needs.value.preview.is_over_threshold
        with pytest.raises(batches.NeedsSecondOfficer):
            send(confirmed_by=MIKA)
        assert send(confirmed_by=LEA).removed == 6


def test_a_change_of_a_single_person_needs_a_second_officer(cast, invited):
    people = invited(40)
    with cast.vault("membership"):
        send()
        leave(people[0])
        with pytest.raises(batches.NeedsSecondOfficer) as needs:
            send()
        assert needs.value.preview.is_small
        assert not needs.value.preview.is_over_threshold


def test_an_empty_list_is_never_sent(cast):
    with cast.vault("membership"):
        for kind in ("regular", "urgent"):
            with pytest.raises(batches.NothingToSend):
                send(kind, confirmed_by=LEA)
        assert Outgoing.select().count() == 0


def test_a_list_that_is_no_longer_what_was_seen_is_not_sent(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        seen = batches.preview("regular", DAY).seen
        leave(people[0])
        with pytest.raises(batches.Changed):
            batches.send("regular", batch_id=new_id(), seen=seen, reason="", by=MIKA, day=DAY)


def test_the_same_decision_sends_one_list(cast, invited):
    invited(20)
    with cast.vault("membership"):
        batch_id = new_id()
        assert send(batch_id=batch_id) == send(batch_id=batch_id)
        assert (Batch.select().count(), Outgoing.select().count()) == (1, 1)


def test_leavers_are_locked_at_once_and_their_keys_are_dead(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        leave(*people[:6])
        leave(people[6], day=DAY + timedelta(days=30))
        assert batches.leavers(DAY) == 6
        send("urgent")
        assert batches.leavers(DAY) == 0
        assert keys.counts().deactivated == 6
        assert reports.audit_figures()["urgent"] == 6, "counted in the report"
        assert Outgoing.select().count() == 2, "the list to lock, and the keys to deactivate"


def test_a_regular_list_leaves_no_leaver_with_a_key_that_is_good(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        send()
        leave(*people[:6])
        assert (sizes(), batches.preview("regular", DAY).leavers) == ((14, 0, 6), 6)
        send(confirmed_by=LEA)
        assert batches.leavers(DAY) == 0, "nobody is left to be locked, so the inbox says nothing"
        assert (keys.counts().assigned, keys.counts().deactivated) == (14, 6)
        assert {key.reason for key in ReferenceKey.select().where(ReferenceKey.person.in_(people[:6]))} == {
            "exit"
        }
        assert Outgoing.select().count() == 3, "two lists, and the keys to deactivate"


def test_who_leaves_while_a_list_waits_for_the_second_officer_changes_it(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        send()
        Person.update(may_vote=False).where(Person.id.in_(people[:6])).execute()
        seen = batches.preview("regular", DAY).seen
        leave(*people[:6])
        with pytest.raises(batches.Changed):
            batches.send(
                "regular", batch_id=new_id(), seen=seen, reason="", by=MIKA, day=DAY, confirmed_by=LEA
            )
        assert keys.counts().deactivated == 0


def test_somebody_erased_from_the_register_is_locked_like_a_leaver(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        SearchWord.delete().where(SearchWord.person == people[0]).execute()
        Person.delete().where(Person.id == people[0]).execute()
        assert batches.leavers(DAY) == 1
        send("urgent", confirmed_by=LEA)
        assert keys.counts().deactivated == 1


def test_whoever_comes_back_is_no_leaver(cast, invited):
    people = invited(20)
    with cast.vault("membership"):
        leave(people[0])
        leave(people[0], day=None)
        assert batches.leavers(DAY) == 0


def test_counts_come_back_to_their_batch_and_nothing_else_does(cast, invited):
    invited(20)
    with cast.vault("membership"):
        batch = send()
        arrive("reconciliation-result", batch=batch.id, **COUNTS, applied_on="2026-11-22")
        found = Batch.get_by_id(batch.id)
        assert (found.created, found.locked, found.unlocked, found.unchanged) == (1, 2, 3, 4)
        assert found.applied_on == date(2026, 11, 22)
        with pytest.raises(Batch.DoesNotExist):
            arrive("reconciliation-result", batch=new_id(), **COUNTS, applied_on="2026-11-22")
        with pytest.raises(ValueError, match="locked"):
            arrive(
                "reconciliation-result", batch=batch.id, **{**COUNTS, "locked": -1}, applied_on="2026-11-22"
            )


def test_it_is_due_until_a_regular_list_was_sent_and_reminded_of_before(cast, invited):
    with cast.vault("membership"):
        assert batches.reminder(DAY) is None, "nobody has a key yet"
    invited(20)
    with cast.vault("membership"):
        assert batches.reminder(DAY) == Reminder("overdue", date(2026, 11, 15), 6)
        send()
        assert batches.reminder(DAY) is None
        assert batches.reminder(date(2026, 11, 27)) is None
        assert batches.reminder(date(2026, 11, 28)) == Reminder("soon", date(2026, 12, 1), 3)
        assert batches.reminder(date(2026, 12, 1)) == Reminder("today", date(2026, 12, 1), 0)


def test_the_office_can_agree_on_other_days_and_not_on_nonsense(cast):
    with cast.vault("membership"):
        rules.save({rules.FIRST_DAY: 5})
        assert rules.days() == (5, 15)
        with pytest.raises(ValueError, match="floor"):
            rules.save({rules.FLOOR: 1})


def test_the_list_that_leaves_is_shuffled(cast, invited):
    invited(40)
    with cast.vault("membership"):
        sent = send()
        order = Outgoing.get_by_id(Outgoing.select().get().id)
        assert sent.size == 40
        envelope = json.loads(bytes(order.payload))
    letter = opened(cast, order.id, b64decode(envelope["ciphertext"]))
    assert letter.body["kind"] == "regular"
    assert letter.body["keys"] != sorted(letter.body["keys"])
    assert len(set(letter.body["keys"])) == 40


def opened(cast, envelope_id, ciphertext):
    """The letter as clearing reads it."""
    with cast.vault("clearing"):
        return _Reader("clearing").open(envelope_id, ciphertext)
