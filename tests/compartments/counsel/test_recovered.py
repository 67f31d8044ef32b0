"""The recovery shares of counsel let somebody into the office, and into no case: what they find, what they can do, and what stays shut."""

import re

import pytest

from app.clock import utc_now
from app.shared.models import Account
from compartments.counsel.cases.models import Case, CaseLetter
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.counsellors import service as cards
from keys.randomness import new_id
from tests.app.cli.test_init import CODE
from tests.app.cli.typing_at import at_a_terminal
from tests.cast import enrol, give_second_factor
from tests.compartments.counsel.attacker import Attacker
from tests.compartments.counsel.conftest import Seeker, card
from tests.compartments.counsel.test_secrecy import NOW, WORD, work_on, write_in

pytestmark = pytest.mark.slow


def recovered(office, cast):
    """Use the shares, and let nora in with the code that comes out."""
    shares = enumerate(cast.organisation.recovery_shares["counsel"][:2], start=1)
    answers = [("Go on?", "y"), *((f"Share {number}:", share) for number, share in shares)]
    done = at_a_terminal("recover", "counsel", instance=cast.organisation.settings.instance, answers=answers)
    assert done.status == 0, done.shown
    (code,) = CODE.findall(done.shown)
    nora = enrol(code, "nora", cast.organisation.settings, compartment="counsel")
    give_second_factor(nora)
    nora.app = cast.app
    office.members["nora"] = nora
    assert nora.client().get("/counsel/").status_code == 200
    return nora


def test_who_comes_in_with_the_shares_finds_an_office_that_works_and_no_word_of_a_case(office, cast, seeker):
    write_in(office, seeker, "conny", "ravi")
    work_on(office, "conny", seeker.visit.case)
    nora = recovered(office, cast)
    case, client = seeker.visit.case, nora.client()
    for path in ("/counsel/", "/counsel/cases", "/counsel/cases?state=closed", "/counsel/cases/unreadable"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert not re.search(f"{WORD}|{case}", page.text), path
    assert client.get(f"/counsel/cases/{case}").status_code == 404
    with office.vault("nora"):
        desk = office.desk("nora")
        assert (list(desk.others), desk.ring.cases) == ([nora.account_id], [])
        with pytest.raises(NoCase):
            desk.open(case, now=NOW)
    found = Attacker(cast.organisation.settings, nora, ())
    assert found.finds(WORD) == []
    assert found.opened == {"counsel"}


def test_what_people_go_on_writing_to_an_old_case_waits_unread_and_new_people_find_new_counsellors(
    office, cast, seeker
):
    seeker.write_in("conny")
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
        office.take_in()
    nora = recovered(office, cast)
    seeker.write(new_id(), {"kind": "message", "text": "Sind Sie noch da?"})
    assert office.published() == []
    with office.vault("nora"):
        office.take_in()
        assert (Case.select().count(), CaseLetter.select().count()) == (1, 1)
        cards.present(nora.account_id, card("Nora"), nora.keys.public)
        office.take_in()
    assert [one.name for one in office.published()] == ["Nora"]
    other = Seeker(office)
    other.write_in("nora")
    with office.vault("nora"):
        assert office.desk("nora").open(other.visit.case, now=utc_now()).entries(Kind.RECEIVED)
    assert Account.get_by_id(office["conny"].account_id).state == "ended"
