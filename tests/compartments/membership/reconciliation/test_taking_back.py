"""One member is taken out of the lists of leavers again: by mistake on it, or back again; with a trace, and once."""

import pytest

from app.envelopes.receiving import receive
from app.vault.models import Outgoing
from compartments.membership import persons
from compartments.membership.invitations import keys, runs
from compartments.membership.invitations.models import ASSIGNED, ReferenceKey
from compartments.membership.reconciliation import batches, taking_back
from compartments.membership.reconciliation.models import ListedKey, TakenBack
from compartments.membership.tables import Person, database
from keys.randomness import new_id
from tests.app.envelopes.post import deliver_from
from tests.compartments.membership.conftest import MIKA
from tests.compartments.membership.invitations.conftest import DAY
from tests.compartments.membership.reconciliation.test_batches import leave, send
from tests.pages import fill, visit_and_fill, words

WHY = "Im Kreis verwechselt"


@pytest.fixture
def locked(cast, invited):
    """Twenty with a key, six of whom a list of leavers has met; the first of the six."""
    people = invited(20)
    with cast.vault("membership"):
        leave(*people[:6])
        send("urgent")
    return people[0]


def take_back(person, entry=None):
    return taking_back.take_back(person, WHY, entry_id=entry or new_id(), by=MIKA, day=DAY)


def test_who_is_a_member_again_gets_the_old_key_back_and_clearing_is_told(cast, locked):
    with cast.vault("membership"):
        (before,) = [row.key for row in ReferenceKey.select().where(ReferenceKey.person == locked)]
        assert taking_back.count() == 0, "an exit that stands in the register is none by mistake"
        leave(locked, day=None)
        assert [one.id for one in taking_back.candidates()] == [locked]
        take_back(locked)
        assert keys.living_key(locked).key == before
        assert (taking_back.count(), batches.leavers(DAY)) == (0, 0)
        assert before in {row.key for row in ListedKey.select()}
        (trace,) = taking_back.newest()
        assert (trace.person_id, trace.reason, trace.taken_back_by_name) == (locked, WHY, MIKA.name)
    deliver_from(cast, "membership")
    found = []
    with cast.vault("clearing"):
        receive(
            {
                "keys-restored": lambda letter: found.append(letter.body),
                "reconciliation-keys": lambda _letter: None,
                "keys-deactivated": lambda _letter: None,
                "keys-request": lambda _letter: None,
            }
        )
    assert found == [{"keys": [before], "listed": True, "reason": WHY}]


def test_whoever_may_not_take_part_is_taken_back_and_stays_off_the_regular_list(cast, locked):
    with cast.vault("membership"):
        leave(locked, day=None)
        Person.update(may_vote=False).where(Person.id == locked).execute()
        take_back(locked)
        assert keys.living_key(locked).key not in {row.key for row in ListedKey.select()}


def test_a_form_sent_twice_takes_back_once(cast, locked):
    with cast.vault("membership"):
        leave(locked, day=None)
        entry, before = new_id(), Outgoing.select().count()
        assert take_back(locked, entry) == take_back(locked, entry)
        assert (TakenBack.select().count(), Outgoing.select().count()) == (1, before + 1)


@pytest.mark.parametrize("why", ["still gone", "another key", "lost, not left", "nobody"])
def test_there_is_nothing_to_take_back(cast, locked, why):
    with cast.vault("membership"):
        if why != "still gone":
            leave(locked, day=None)
        if why == "another key":
            free = ReferenceKey.select().where(ReferenceKey.state == "free").get()
            ReferenceKey.update(state=ASSIGNED, person=locked).where(ReferenceKey.key == free.key).execute()
        if why == "lost, not left":
            ReferenceKey.update(reason="lost").where(ReferenceKey.person == locked).execute()
        before = Outgoing.select().count()
        with pytest.raises(taking_back.NothingToTakeBack):
            take_back(10**6 if why == "nobody" else locked)
        assert (TakenBack.select().count(), Outgoing.select().count()) == (0, before)


def test_who_was_taken_back_is_not_invited_a_second_time(cast, locked):
    with cast.vault("membership"):
        leave(locked, day=None)
        waiting = runs.uninvited(DAY).count()
        take_back(locked)
        assert runs.uninvited(DAY).count() == waiting - 1


def test_a_key_that_nobody_was_mailed_stays_off_and_its_member_is_invited(cast, locked):
    with cast.vault("membership"):
        ReferenceKey.update(exposed=False).where(ReferenceKey.person == locked).execute()
        leave(locked, day=None)
        assert (taking_back.count(), taking_back.candidates()) == (0, [])
        with pytest.raises(taking_back.NothingToTakeBack):
            take_back(locked)
        assert runs.uninvited(DAY).where(Person.id == locked).exists()


def test_every_page_counts_them_without_looking_through_the_register(cast):
    with cast.vault("membership"):
        query, values = taking_back._candidates().sql()
        plan = " ".join(row[3] for row in database.execute_sql(f"explain query plan {query}", values))
        assert "key_ended_by_mistake" in plan
        assert "SCAN person" not in plan.replace('"', "")


def test_the_officer_finds_them_and_takes_them_back(cast, locked):
    client = cast["membership"].client()
    client.set_cookie("lang", "en")
    with cast.vault("membership"):
        persons_name = persons.find(locked).last_name
        leave(locked, day=None)
    assert "1 member was on a list of leavers" in words(client.get("/membership/inbox"))
    assert "1 member was on a list of leavers" in words(client.get("/membership/reconciliation/"))
    path = f"/membership/reconciliation/taken-back/{locked}"
    assert path in client.get("/membership/reconciliation/taken-back/").text
    assert "Please say why" in words(visit_and_fill(client, path, reason=""))
    page = client.get(path)
    for _ in range(2):
        assert fill(client, page, reason=WHY).status_code == 303
    shown = words(client.get("/membership/reconciliation/taken-back/"))
    assert persons_name in shown
    assert WHY in shown
    with cast.vault("membership"):
        assert TakenBack.select().count() == 1
    assert client.get("/membership/reconciliation/taken-back/999999").status_code == 404
