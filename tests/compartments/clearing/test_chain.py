"""The chain through all three offices, each with its own rules: keys asked for, made, claimed; a message there and back."""

import pytest

from app.envelopes import outbox
from app.envelopes.receiving import receive
from app.office.authors import Author
from app.vault.models import Alarm, RefusedEnvelope
from compartments.administration import service as administration
from compartments.administration.codes.models import Code
from compartments.administration.reconciliation import batches as locking
from compartments.administration.relay import service as writing
from compartments.clearing import service as clearing
from compartments.clearing.floor import BelowFloor
from compartments.clearing.keysets import making
from compartments.clearing.keysets import service as keysets
from compartments.clearing.keysets.models import Pair
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as passing
from compartments.membership import service as membership
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import ASSIGNED, ReferenceKey
from compartments.membership.reconciliation import batches, relay, taking_back
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.app.public.test_claim import enter
from tests.compartments.clearing.conftest import CLARA, DAY
from tests.compartments.membership.invitations.conftest import members, prepared

SERVICES = {"membership": membership, "clearing": clearing, "administration": administration}
ANNA, ADA = Author("a" * 32, "Anna Register"), Author("b" * 32, "Ada Betrieb")
TEXT = "Ihr Konto zeigt ein fremdes Bild. Kanarienvogel."


def visit(cast, *offices):
    """An officer opens a page: what is ordered is delivered, what waits is taken in, until nothing is left."""
    for office in offices:
        with cast.vault(office):
            service = SERVICES[office]
            while receive(service.INCOMING) + outbox.deliver(service.ACTIONS):
                pass
            assert RefusedEnvelope.select().count() == Alarm.select().count() == 0


@pytest.fixture
def issued(cast, office):
    """Twelve keys, asked for and made."""
    with cast.vault("membership"):
        keys.ask(12, request_id=new_id(), by=ANNA, day=DAY)
    visit(cast, "membership", "clearing")
    with cast.vault("clearing"):
        (request,) = keysets.open_requests()
        making.make(
            new_id(),
            "Herbst",
            request.count,
            claim_key=office.claim_key,
            by=CLARA,
            day=DAY,
            request=request.id,
        )
    visit(cast, "clearing", "membership", "administration")


def test_keys_codes_and_claims_agree_in_all_three_offices(cast, app, issued):
    with cast.vault("membership"):
        references = sorted(row.key for row in ReferenceKey.select())
    with cast.vault("administration"):
        codes = {row.code for row in Code.select()}
    assert (len(references), len(codes)) == (12, 12)
    page = enter(app.test_client(), references[0])
    visit(cast, "clearing")
    with cast.vault("clearing"):
        pair = Pair.get(Pair.reference == references[0])
        assert keysets.total() == keysets.Counts(open=11, claimed=1)
    assert pair.invite in page.text
    assert pair.invite in codes


def test_lost_codes_are_known_to_administration_as_soon_as_they_are_enough(cast, issued):
    with cast.vault("membership"):
        ReferenceKey.update(state=ASSIGNED).execute()
        lost = [row.key for row in ReferenceKey.select().limit(5)]
        keys.deactivate(lost[:4], "lost", day=DAY)
    visit(cast, "membership", "clearing", "administration")
    with cast.vault("administration"):
        assert Code.select().where(Code.deactivated).count() == 0
    with cast.vault("membership"):
        keys.deactivate(lost[4:], "lost", day=DAY)
    visit(cast, "membership", "clearing", "administration")
    with cast.vault("administration"):
        off = {row.code for row in Code.select().where(Code.deactivated)}
    with cast.vault("clearing"):
        assert off == {pair.invite for pair in Pair.select().where(Pair.reference.in_(lost))}


def test_one_leaver_is_taken_back_through_all_three_offices(cast, issued, office):
    with cast.vault("membership"):
        people = members(12)
        prepared(contingent=12)
        ReferenceKey.update(exposed=True).execute()
        Person.update(left_on=DAY).where(Person.id.in_(people[:6])).execute()
        seen = batches.preview("urgent", DAY).seen
        batches.send("urgent", batch_id="b" * 32, seen=seen, reason="", by=ANNA, day=DAY)
    visit(cast, "membership", "clearing")
    with cast.vault("clearing"):
        passing.pass_on("b" * 32, by=CLARA, day=DAY)
    visit(cast, "clearing", "administration")
    with cast.vault("administration"):
        assert sorted((one.kind, one.size) for one in locking.unfinished()) == [
            ("deactivation", 6),
            ("urgent", 6),
        ]
    with cast.vault("membership"):
        Person.update(left_on=None).where(Person.id == people[0]).execute()
        taking_back.take_back(people[0], "verwechselt", entry_id=new_id(), by=ANNA, day=DAY)
        key = keys.living_key(people[0]).key
    visit(cast, "membership", "clearing")
    with cast.vault("clearing"):
        (one,) = restoring.waiting()
        with pytest.raises(BelowFloor):
            restoring.carry_out(one.id, claim_key=office.claim_key, by=CLARA, day=DAY)
        restoring.carry_out(one.id, claim_key=office.claim_key, by=CLARA, day=DAY, agreed=True)
    visit(cast, "clearing", "administration")
    with cast.vault("clearing"):
        assert keysets.total() == keysets.Counts(open=7, deactivated=5)
        code = Pair.get(Pair.reference == key).invite
    with cast.vault("administration"):
        assert {one.size for one in locking.unfinished()} == {5}
        assert Code.select().where(Code.deactivated).count() == 5
        assert not Code.get_by_id(code).deactivated
    with cast.vault("membership"):
        assert (keys.counts().assigned, keys.counts().deactivated) == (7, 5)


def test_a_message_reaches_the_member_and_the_answer_comes_back(cast, issued):
    with cast.vault("administration"):
        code = Code.select().first().code
        message = writing.write(code, TEXT, entry_id=new_id(), by=ADA, day=DAY).id
    visit(cast, "administration", "clearing", "membership")
    with cast.vault("membership"):
        (arrived,) = relay.open_messages()
        assert arrived.text == TEXT, (
            "by which the two offices together can tie the one to the other (SECURITY.md)"
        )
        assert arrived.id != message
        assert arrived.key != code
        relay.reply(arrived.id, "Danke, behoben.", reply_id=new_id(), by=ANNA, day=DAY)
    visit(cast, "membership", "clearing", "administration")
    with cast.vault("administration"):
        assert [one.text for one in writing.answers(writing.find(message))] == ["Danke, behoben."]
