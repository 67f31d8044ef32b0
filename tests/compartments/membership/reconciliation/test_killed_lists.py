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
from tests.compartments.membership.invitations.officer import send_list
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
    killed = officer(cast, Peer(), "lists", f"{regular},{urgent}", point)
    assert killed.wait(60) == -signal.SIGKILL
    with cast.vault("membership"):
        sent = {row.id for row in Batch.select()}
        assert sent in ({regular}, set())
        assert ListedKey.select().count() == (14 if sent else 0)
        assert keys.counts().assigned == 20
    with cast.vault("membership"):
        send_list("regular", regular)
        send_list("urgent", urgent)
        assert batches.leavers(DAY) == 0
        assert keys.counts().assigned == 14
    deliver_from(cast, "membership")
    with cast.shared():
        # The regular list, the urgent one, and the keys that were deactivated with it.
        assert Envelope.select().where(Envelope.recipient == "clearing").count() == 3
