"""The pages of reconciliation and of the relay as officers use them, and the way through clearing."""

import pytest

from app.clock import today
from app.envelopes.enclosed import RELAY, enclose
from app.office import reminding
from app.office.authors import Author
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.reconciliation import batches, relay, rules
from compartments.membership.reconciliation.models import Batch, Message, Reply
from compartments.membership.tables import Person
from keys.codes import new_code
from keys.errors import CannotOpen
from keys.randomness import new_id
from tests.compartments.membership.invitations.conftest import DAY
from tests.compartments.membership.reconciliation.conftest import arrive
from tests.pages import fill, read, visit_and_fill, words

INDEX = "/membership/reconciliation/"
REGULAR, URGENT = INDEX + "lists/regular", INDEX + "lists/urgent"


def browser(member):
    client = member.client()
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def client(cast):
    return browser(cast["membership"])


def leave(cast, *people):
    with cast.vault("membership"):
        Person.update(left_on=today()).where(Person.id.in_(people)).execute()


def test_the_office_is_reminded_until_the_list_is_sent(cast, client, invited):
    assert "The reconciliation" not in words(client.get("/membership/inbox"))
    invited(20)
    reminded = in_words_of(cast, batches.reminder)
    assert reminded.startswith("The reconciliation")
    assert reminded in words(client.get("/membership/inbox"))
    assert reminded in words(client.get(INDEX))
    assert reminded in words(client.get("/membership/"))
    assert visit_and_fill(client, REGULAR).status_code == 303
    assert "The reconciliation" not in words(client.get("/membership/inbox"))
    page = words(client.get(INDEX))
    assert "nothing yet" in page


def in_words_of(cast, reminder):
    with cast.vault("membership"):
        found = reminder(today())
    with cast.app.test_request_context(headers={"Accept-Language": "en"}):
        return reminding.in_words(found)


def test_a_form_sent_twice_sends_one_list(cast, client, invited):
    invited(20)
    page = client.get(REGULAR)
    for _ in range(2):
        fill(client, page)
    with cast.vault("membership"):
        assert Batch.select().count() == 1


def test_a_list_that_changed_meanwhile_is_shown_again(cast, client, invited):
    people = invited(20)
    page = client.get(REGULAR)
    leave(cast, *people[:6])
    again = fill(client, page)
    assert "The list has changed meanwhile" in words(again)
    assert "Keys on the list 14" in words(again)


def test_a_leaver_is_locked_with_a_reason_and_a_second_officer(cast, client, mona, invited):
    people = invited(20)
    leave(cast, people[0])
    assert "1 leaver has a key that is good" in words(client.get("/membership/inbox"))
    assert "Please say why so few" in words(visit_and_fill(client, URGENT))
    # The page's text areas aren't collected by the reader of forms, so the reason goes along by name.
    proposed = visit_and_fill(client, URGENT, reason="Ausgetreten, Sperre eilt")
    assert "/proposals/" in proposed.location
    shown = client.get(proposed.location)
    assert "a colleague has to confirm it" in words(shown)
    page = mona.get(proposed.location)
    assert "Ausgetreten, Sperre eilt" in words(page)
    done = fill(mona, page, "/confirm")
    assert done.location.endswith(INDEX)
    with cast.vault("membership"):
        batch = Batch.get()
        assert (batch.kind, batch.size) == ("urgent", 1)
        assert batch.sent_by_name != batch.confirmed_by_name != ""
        assert batches.leavers(today()) == 0


def test_a_proposal_whose_list_has_changed_is_stale(cast, client, mona, invited):
    people = invited(20)
    leave(cast, people[0])
    proposed = visit_and_fill(client, URGENT, reason="eilt")
    leave(cast, people[1])
    done = fill(mona, mona.get(proposed.location), "/confirm")
    assert "Nothing was done" in words(mona.get(done.location))
    with cast.vault("membership"):
        assert Batch.select().count() == 0


@pytest.mark.parametrize(
    "typed", [{"floor": "1"}, {"threshold": "0"}, {"first_day": "31"}, {"second_day": ""}]
)
def test_rules_outside_their_bounds_are_refused(client, typed):
    assert "Enter a whole number" in words(visit_and_fill(client, INDEX + "rules", **typed))


def test_days_are_saved_and_what_asks_for_a_second_officer_takes_one(client, mona):
    sent = visit_and_fill(client, INDEX + "rules", floor="10", first_day="7")
    assert 'value="7"' in client.get(INDEX + "rules").text
    assert 'value="10"' not in client.get(INDEX + "rules").text
    asked = mona.get(sent.location)
    assert "A second officer is needed where fewer change than 5 → 10" in words(asked)
    assert fill(mona, asked, "/confirm").status_code == 303
    assert 'value="10"' in client.get(INDEX + "rules").text


def test_numbers_that_were_changed_since_they_were_proposed_are_proposed_anew(client, mona, cast):
    sent = visit_and_fill(client, INDEX + "rules", floor="10")
    with cast.vault("membership"):
        rules.save({rules.FLOOR: 20})
    fill(mona, mona.get(sent.location), "/confirm")
    assert "Other numbers have been agreed on meanwhile" in words(mona.get(sent.location))
    with cast.vault("membership"):
        assert rules.numbers()[rules.FLOOR] == 20


# --- the relay ----------------------------------------------------------------------------------------------------------


def from_administration(cast, text):
    """What the administration encloses for membership."""
    with cast.vault("administration"):
        return enclose(text, "membership", purpose=RELAY)


@pytest.fixture
def message(cast, invited):
    """A message for the first member; returns its id."""
    invited(3)
    text = from_administration(cast, "Bitte melde dich, dein Konto ist auffällig.")
    with cast.vault("membership"):
        key = ReferenceKey.get(ReferenceKey.person == 1).key
        relay_id = new_id()
        arrive("relay-onward", relay=relay_id, key=key, text=text)
    return relay_id


def test_a_message_is_shown_with_the_person_and_the_answer_goes_back_sealed(cast, client, message):
    assert "1 message for a member" in words(client.get("/membership/inbox"))
    url = f"{INDEX}messages/{message}"
    page = client.get(url)
    assert "dein Konto ist auffällig" in words(page)
    assert "Nachname1" in words(page)
    assert visit_and_fill(client, url, "/reply", text="Danke, war ich selbst.").status_code == 303
    with cast.vault("membership"):
        assert Message.get().state == "closed"
        assert Reply.get().text == "Danke, war ich selbst."
    assert "1 message for a member" not in words(client.get("/membership/inbox"))


def test_an_answer_sent_twice_goes_back_once(cast, message):
    with cast.vault("membership"):
        reply_id = new_id()
        for _ in range(2):
            relay.reply(message, "Ja", reply_id=reply_id, by=Author("a" * 32, "Mika"), day=DAY)
        assert Reply.select().count() == 1


def test_a_message_can_be_closed_without_an_answer(cast, client, message):
    page = client.get(f"{INDEX}messages/{message}")
    target = next(form for form in read(page) if form[0].endswith("/close"))
    assert client.post(target[0], data=target[1]).status_code == 303
    assert "No message waits" in words(client.get(INDEX + "messages/"))


def test_a_key_that_was_never_ours_or_a_text_of_another_is_refused(cast, invited):
    invited(1)
    text = from_administration(cast, "Hallo")
    with cast.vault("membership"):
        key = ReferenceKey.get(ReferenceKey.person == 1).key
        with pytest.raises(ValueError, match="not a key"):
            arrive("relay-onward", relay=new_id(), key=new_code(), text=text)
        with pytest.raises(CannotOpen):
            arrive("relay-onward", relay=new_id(), key=key, text="00" * 2000)
        with pytest.raises(ValueError, match="hex"):
            arrive("relay-onward", relay=new_id(), key=key, text="Klartext")


def test_a_holder_whose_key_was_replaced_is_still_reached(cast, client, invited):
    invited(1)
    text = from_administration(cast, "Hallo")
    with cast.vault("membership"):
        key = ReferenceKey.get(ReferenceKey.person == 1).key
        ReferenceKey.update(state="deactivated", reason="lost").where(ReferenceKey.key == key).execute()
        arrive("relay-onward", relay="r" * 32, key=key, text=text)
        assert relay.find("r" * 32).person_id == 1


def test_an_unknown_message_is_not_found(client):
    assert client.get(INDEX + "messages/" + "0" * 32).status_code == 404
