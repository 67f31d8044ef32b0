"""kill -9 while lists are sent: each reaches clearing once, and no leaver's key stays good although the lock is on its way."""

import signal

import pytest

from app.shared.models import Envelope
from compartments.membership.invitations import keys
from compartments.membership.reconciliation import batches
from compartments.membership.reconciliation.models import Batch, ListedKey
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.app.envelopes.post import deliver_from
from tests.compartments.membership.invitations.conftest import DAY
from tests.compartments.membership.invitations.officer import send_list, take_back
from tests.compartments.membership.invitations.test_killed import officer
from tests.smtp import Peer

POINTS = ("reconciliation.before-commit", "reconciliation.sent", "outbox.after-action")


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_lists_that_were_being_sent_are_sent_once(cast, invited, point):
    people = invited(20)
    with cast.vault("membership"):
        Person.update(left_on=DAY).where(Person.id.in_(people[:6])).execute()
    regular, urgent = new_id(), new_id()
    killed = officer(cast, Peer(), "lists", f"urgent:{urgent},regular:{regular}", point)
    assert killed.wait(60) == -signal.SIGKILL
    with cast.vault("membership"):
        sent = {row.id for row in Batch.select()}
        assert sent in ({urgent}, set())
        assert ListedKey.select().count() == 0
        assert keys.counts().assigned == (14 if sent else 20)
    with cast.vault("membership"):
        if not sent:
            send_list("urgent", urgent)
        send_list("regular", regular)
        assert batches.leavers(DAY) == 0
        assert keys.counts().assigned == ListedKey.select().count() == 14
    deliver_from(cast, "membership")
    with cast.shared():
        # The regular list, the urgent one, and the keys that were deactivated with it.
        assert Envelope.select().where(Envelope.recipient == "clearing").count() == 3


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS[:2])
def test_a_regular_list_and_the_end_of_its_leavers_keys_are_one_step(cast, invited, point):
    people = invited(20)
    with cast.vault("membership"):
        send_list("regular", new_id())
        Person.update(left_on=DAY).where(Person.id.in_(people[:6])).execute()
    deliver_from(cast, "membership")
    killed = officer(cast, Peer(), "lists", f"regular:{new_id()}", point)
    assert killed.wait(60) == -signal.SIGKILL
    with cast.vault("membership"):
        sent = Batch.select().count() == 2
        assert (batches.leavers(DAY), keys.counts().assigned) == ((0, 14) if sent else (6, 20))


@pytest.mark.slow
@pytest.mark.parametrize("point", ["taking-back.before-commit", "outbox.after-action"])
def test_who_is_being_taken_back_has_the_key_once_and_clearing_is_told_once(cast, invited, point):
    people, entry = invited(20), new_id()
    with cast.vault("membership"):
        Person.update(left_on=DAY).where(Person.id.in_(people[:6])).execute()
        send_list("urgent", new_id())
        Person.update(left_on=None).where(Person.id == people[0]).execute()
    deliver_from(cast, "membership")
    with cast.shared():
        before = Envelope.select().where(Envelope.recipient == "clearing").count()
    killed = officer(cast, Peer(), "back", f"{people[0]}:{entry}", point)
    assert killed.wait(60) == -signal.SIGKILL
    with cast.vault("membership"):
        take_back(str(people[0]), entry)
        assert keys.counts().assigned == 15
    deliver_from(cast, "membership")
    with cast.shared():
        assert Envelope.select().where(Envelope.recipient == "clearing").count() == before + 1
