"""Four eyes: what one officer proposes, another one has to confirm; once, and only while it still fits."""

import pytest

from app.clock import today, utc_now
from app.office.authors import Author
from app.office.proposals import EXTENSION, ProposalKind
from app.shared import admission, assignments
from app.shared.models import Account
from app.vault import proposals
from app.vault.context import any_vault
from app.vault.models import Note
from keys.randomness import new_id
from tests.cast import appointment, enrol
from tests.pages import fill, words

NOW = utc_now()
LEA, MAX = Author("a" * 32, "Lea"), Author("b" * 32, "Max")


@pytest.fixture
def office(cast):
    with cast.vault("membership"):
        yield


def propose(by=LEA, about="12"):
    return proposals.propose("import", {"import": 12}, "4 exits", about=about, by=by, now=NOW)


def test_a_second_officer_confirms_what_the_first_proposed(office):
    proposal = propose()
    assert [one.id for one in proposals.waiting()] == [proposal.id]
    confirmed = proposals.confirm(proposal.id, by=MAX, now=NOW)
    assert (confirmed.state, confirmed.decided_by_name) == ("confirmed", "Max")
    assert proposals.subject_of(confirmed) == {"import": 12}
    assert proposals.waiting() == []


def test_nobody_confirms_their_own(office):
    proposal = propose()
    with pytest.raises(proposals.SameOfficer):
        proposals.confirm(proposal.id, by=LEA, now=NOW)
    assert proposals.find(proposal.id).state == "open"


@pytest.mark.parametrize("again", [proposals.confirm, proposals.close_as_stale, proposals.refuse])
def test_nothing_is_decided_twice(office, again):
    proposal = propose()
    proposals.refuse(proposal.id, "Too many", by=LEA, now=NOW)
    arguments = () if again is proposals.confirm else ("late",)
    with pytest.raises(proposals.AlreadyDecided):
        again(proposal.id, *arguments, by=MAX, now=NOW)


def test_a_matter_is_proposed_once_at_a_time(office):
    first = propose()
    with pytest.raises(proposals.AlreadyProposed) as known:
        propose(by=MAX)
    assert known.value.proposal.id == first.id
    proposals.refuse(first.id, "no", by=MAX, now=NOW)
    assert propose(by=MAX).id != first.id
    assert {propose(about="").id, propose(about="").id} != {None}


def test_a_confirmation_that_cannot_be_carried_out_is_none(office):
    proposal = propose()
    with any_vault.atomic("IMMEDIATE") as transaction:
        proposals.confirm(proposal.id, by=MAX, now=NOW)
        transaction.rollback()
    assert proposals.find(proposal.id).state == "open"


@pytest.fixture
def kind(cast):
    """A kind of proposal whose execution writes a note; or finds, where there is one already, that things have changed."""

    def carry_out(proposal, by):
        if Note.select().exists():
            raise proposals.Stale("There is a note already.")
        text = str(proposals.subject_of(proposal)["import"])
        Note.create(entry_id=new_id(), author=by.id, author_name=by.name, text=text, written_at=NOW)

    kinds = cast.app.extensions.setdefault(EXTENSION, {})
    kinds["membership", "import"] = ProposalKind(
        "import", "Import", carry_out, explain=lambda _: [("Exits", "4")]
    )


def proposed_by(cast, name):
    with cast.vault(name):
        return propose(Author(cast[name].account_id, cast[name].display_name)).id


def notes(cast):
    with cast.vault("membership"):
        return [(note.text, note.author) for note in Note.select()]


def test_the_second_officer_finds_it_in_the_inbox_reads_and_confirms(cast, mona, kind, english):
    proposal = proposed_by(cast, "membership")
    client = english("mona")
    assert "Import: 4 exits" in words(client.get("/membership/inbox"))
    page = client.get(f"/membership/proposals/{proposal}")
    assert "Exits 4" in words(page)
    assert "Confirmed and carried out" in words(
        client.get(fill(client, page, "/confirm").location.partition("#")[0])
    )
    assert notes(cast) == [("12", mona.account_id)]
    fill(client, page, "/confirm")
    assert len(notes(cast)) == 1


def test_the_proposer_is_shown_no_button_and_a_forged_click_does_nothing(cast, mona, kind, english):
    proposal = proposed_by(cast, "membership")
    mine = english().get(f"/membership/proposals/{proposal}")
    assert "/confirm" not in mine.text
    assert "4 exits" not in words(english().get("/membership/inbox"))
    client = english()
    token = fill_token(client.get(f"/membership/proposals/{proposal}"))
    client.post(f"/membership/proposals/{proposal}/confirm", data={"csrf_token": token})
    assert notes(cast) == []


def test_nor_does_one_of_the_same_person_under_a_new_account(cast, mona, kind, english):
    """A new term is a new account: two accounts of one person are no two officers."""
    proposal = proposed_by(cast, "membership")
    with cast.vault("mona"):
        former = Account.get_by_id(cast["membership"].account_id).assignment
        assignments.end(former.id, day=today())
        code = appointment("membership", person=former.person_id)
        again = enrol(code, "again", cast.organisation.settings, compartment="membership")
        admission.admit(again.account_id, by=mona.session(), day=today())
        again.app = cast.app
        cast["again"] = again
    client = english("again")
    page = client.get(f"/membership/proposals/{proposal}")
    answer = client.get(fill(client, page, "/confirm").location.partition("#")[0])
    assert "You have proposed this yourself" in words(answer)
    with cast.vault("mona"):
        assert not Note.select().exists()
    client = english("mona")
    fill(client, client.get(f"/membership/proposals/{proposal}"), "/confirm")
    with cast.vault("mona"):
        assert [note.author for note in Note.select()] == [mona.account_id]


def fill_token(page):
    return page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]


def test_what_no_longer_fits_is_closed_and_not_done(cast, mona, kind, english):
    proposal = proposed_by(cast, "membership")
    with cast.vault("membership"):
        Note.create(entry_id=new_id(), author="x", author_name="x", text="before", written_at=NOW)
    client = english("mona")
    fill(client, client.get(f"/membership/proposals/{proposal}"), "/confirm")
    page = words(client.get(f"/membership/proposals/{proposal}"))
    assert "There is a note already." in page
    assert len(notes(cast)) == 1


def test_it_is_refused_with_a_reason_and_taken_back_without_a_second_officer(cast, mona, kind, english):
    client = english("mona")
    page = client.get(f"/membership/proposals/{proposed_by(cast, 'membership')}")
    assert "Please say why" in words(fill(client, page, "/refuse", reason=" "))
    fill(client, page, "/refuse", reason="Too many at once")
    assert "Too many at once" in words(client.get(page.request.path))
    mine = client.get(f"/membership/proposals/{proposed_by(cast, 'mona')}")
    assert fill(client, mine, "/refuse", reason="A mistake").status_code == 303
    assert "refused" in words(client.get("/membership/proposals"))
