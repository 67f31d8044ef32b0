"""The pages of erasures, as two officers walk through them."""

import pytest

from app.shared.models import Session
from app.vault.models import Proposal
from compartments.membership import persons
from compartments.membership.rights import retention
from compartments.membership.rights.models import Erasure, Retained, RetainedReading
from compartments.membership.tables import Person, ReadEvent
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.rights.conftest import fill as somebody
from tests.pages import fill, read, visit_and_fill, words


@pytest.fixture
def page(cast):
    """The address of the page that shows what an erasure would do."""
    with cast.vault("membership"):
        return f"/membership/rights/persons/{somebody().id}/erasure"


@pytest.fixture
def receipt(cast, client, mona, page):
    """The address of a receipt: proposed by one, confirmed by the other."""
    proposed = _propose(client, page)
    return fill(mona, mona.get(proposed.location), "/confirm").location


def _propose(client, page):
    shown = client.get(page)
    (_, fields) = next(form for form in read(shown) if "csrf_token" in form[1])
    ticked = [
        part.partition('"')[0] for part in shown.text.split('checked class="form-check-input" id="mentions-')
    ]
    assert len(ticked) == 4
    keys = [one for one in shown.text.split('value="') if one[:32].isalnum() and one[32:33] == '"']
    return client.post(
        page, data={**fields, "mentions": [key[:32] for key in keys if key[:32] != fields.get("entry")]}
    )


def test_the_page_says_what_goes_what_stays_and_by_which_law(cast, client, page):
    seen = words(client.get(page))
    for said in (
        "Bookings of dues 4",
        "1 voucher of 2025",
        "§ 24 Abs. 2 PartG",
        "31 Dec 2035",
        "Reference keys 2",
        "clearing is told",
        "Rückruf bei Zacharias",
    ):
        assert said in seen
    with cast.vault("membership"):
        assert ReadEvent.select().where(ReadEvent.officer == cast["membership"].account_id).count() == 1


def test_two_officers_erase_and_get_a_receipt(cast, client, mona, page):
    proposed = _propose(client, page)
    assert "/confirm" not in client.get(proposed.location).text
    seen = words(mona.get(proposed.location))
    assert "Quintenzirkel" in seen
    assert "Bookings of dues: 4" in seen
    done = fill(mona, mona.get(proposed.location), "/confirm")
    shown = words(mona.get(done.location))
    assert "Receipt of erasure 1" in shown
    assert "Quintenzirkel" not in shown
    with cast.vault("membership"):
        assert [one.last_name for one in Person.select()] == ["Beispiel"]
        assert Erasure.get().blackened == 3
        assert Proposal.get().subject == "{}"
    decided = mona.get(proposed.location)
    assert done.location in decided.text
    assert "Quintenzirkel" not in decided.text


def test_a_second_click_finds_it_proposed(client, page):
    first, second = _propose(client, page), _propose_again(client, page)
    assert first.location == second.location


def _propose_again(client, page):
    """The page has no button any more, but an old one in another window has."""
    (_, fields) = next(
        form for form in read(client.get("/membership/exports/new")) if "csrf_token" in form[1]
    )
    return client.post(page, data={"csrf_token": fields["csrf_token"]})


def test_a_member_has_no_button_but_a_reason(cast, client, page):
    with cast.vault("membership"):
        one = Person.get(Person.last_name == "Quintenzirkel")
        back = persons.Details.of({**persons.details_of(one).as_dict(), "left_on": None, "exit_reason": None})
        persons.edit(one.id, back, revision=one.revision, by=MIKA, now=NOW)
    shown = client.get(page)
    assert "end the membership first" in words(shown)
    assert "Propose the erasure" not in shown.text
    _propose_again(client, page)
    with cast.vault("membership"):
        assert Proposal.select().count() == 0


def test_a_record_that_changed_is_not_erased(cast, client, mona, page):
    proposed = _propose(client, page)
    with cast.vault("membership"):
        one = Person.get(Person.last_name == "Quintenzirkel")
        moved = persons.Details.of({**persons.details_of(one).as_dict(), "city": "Bonn"})
        persons.edit(one.id, moved, revision=one.revision, by=MIKA, now=NOW)
    fill(mona, mona.get(proposed.location), "/confirm")
    assert "things have changed" in words(mona.get(proposed.location))
    with cast.vault("membership"):
        assert Person.select().count() == 2
    assert _propose(client, page).location != proposed.location


def test_what_is_kept_takes_a_passphrase_and_notes_the_look(cast, client, receipt):
    with cast.vault("membership"):
        one = Retained.get(Retained.year == 2025)
    address = f"/membership/rights/kept/{one.id}"
    assert "48.00" in words(client.get(address))
    with cast.vault("membership"):
        assert RetainedReading.select().count() == 1
    with cast.shared():
        Session.update(stepped_up_at=None).execute()
    assert "step-up" in client.get(address).location


def test_what_is_due_waits_in_the_inbox_and_is_worked_off(cast, client, receipt):
    with cast.vault("membership"):
        Retained.update(until=NOW.date().replace(year=2020)).where(Retained.year == 2016).execute()
    assert "1 thing that was kept is due" in words(client.get("/membership/inbox"))
    assert visit_and_fill(client, "/membership/rights/erasures", "/due").status_code == 303
    with cast.vault("membership"):
        assert [one.year for one in Retained.select()] == [2025]
    assert "kept is due" not in words(client.get("/membership/inbox"))


def test_the_office_says_which_law_its_vouchers_are_under(cast, client, page):
    address = "/membership/rights/erasures"
    assert visit_and_fill(client, address, "/retention", organisation="other").status_code == 303
    assert "§ 257 Abs. 4 HGB" in words(client.get(page))
    visit_and_fill(client, address, "/retention", organisation="nonsense")
    with cast.vault("membership"):
        assert retention.organisation() == retention.OTHER


def test_a_receipt_that_is_none_is_not_found(client):
    for address in ("/membership/rights/erasures/none", "/membership/rights/kept/none"):
        assert client.get(address).status_code == 404
