"""kill -9 at every step of making a member of an application: nothing lost, nothing twice, and the desk is told once."""

import pytest

from app.envelopes.mailbox_letters import Kind
from app.shared import mailboxes
from app.shared.models import Envelope
from app.vault.models import Outgoing
from compartments.membership.admissions import admitting
from compartments.membership.admissions.models import Admission, AdmissionEvent
from compartments.membership.dues.models import Payment
from compartments.membership.models import FieldChange, Person
from keys.mailbox import MailboxKeys
from tests.app.public.applicant import Applicant
from tests.app.public.test_membership_application import walk
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.killing import officer

pytestmark = pytest.mark.slow
NOBODY_YET = ("member.after-person", "member.after-payment", "member.before-commit")
PATH = "/membership/admissions/"


@pytest.fixture
def receipt(cast):
    """That of somebody who has applied and was accepted."""
    applicant = Applicant(cast.outsider())
    receipt = walk(applicant).press("send").code
    cast["membership"].client().get(PATH)
    with cast.vault("membership"):
        one = Admission.get().id
        admitting.confirm(one, by=MIKA, now=NOW)
        admitting.accept(one, division=None, decided_by="Land", by=MIKA, now=NOW, day=NOW.date())
    return receipt


@pytest.mark.parametrize("point", [*NOBODY_YET, "member.after-commit", "outbox.after-action"])
def test_killed_while_admitting_there_is_a_member_once_or_not_yet(cast, receipt, point):
    with cast.vault("membership"):
        admission = Admission.get().id
    officer(cast, "admit", admission, 7, fault=point)
    with cast.vault("membership"):
        there = 0 if point in NOBODY_YET else 1
        assert (Person.select().count(), Payment.select().count()) == (there, there)
        assert admitting.find(admission).state == ("member" if there else "accepted")
    officer(cast, "admit", admission, 7)
    with cast.vault("membership"):
        (person,) = Person.select()
        assert (person.member_number, person.first_paid_on is not None) == (7, True)
        assert [row.cents for row in Payment.select()] == [9600]
        assert [row.field for row in FieldChange.select()] == ["added"]
        states = [row.state for row in AdmissionEvent.select().order_by(AdmissionEvent.id)]
        assert states == ["confirmed", "accepted", "member"]
        assert Outgoing.select().count() == 0
    with cast.shared():
        assert Envelope.select().where(Envelope.recipient == "desk").count() == 1
        kinds = [one.content["kind"] for one in mailboxes.messages(MailboxKeys.from_receipt(receipt))]
        assert sorted(kinds) == sorted([Kind.SENT_MEMBERSHIP, Kind.MESSAGE, Kind.DECISION])
