"""A counsellor who was kept out of a case, or has stepped out of it, comes back with a new term and a new account: the same person."""

import pytest

from app.clock import utc_now
from app.shared import admission, assignments
from app.shared.models import Account, Person
from compartments.counsel.cases import readers
from compartments.counsel.cases.opened import NoCase
from compartments.counsel.consents import service as consents
from keys.randomness import new_id
from tests.cast import appointment, enrol
from tests.compartments.counsel.conftest import DAY
from tests.pages import words

NOW = utc_now()
ENGLISH = {"Accept-Language": "en"}


def ends(office, name):
    """Return who it was."""
    assignment = Account.get_by_id(office[name].account_id).assignment
    assignments.end(assignment.id, day=DAY)
    return assignment.person_id


def begins(office, cast, name, person):
    member = enrol(
        appointment("counsel", person=person), name, cast.organisation.settings, compartment="counsel"
    )
    member.app = cast.app
    with office.vault("conny"):
        admission.admit(Account.get_by_id(member.account_id), by=cast["counsel"].session(), day=DAY)
    office.members[name] = member


def let_in(office, seeker, name):
    with office.vault("conny"):
        desk, consent = office.desk("conny"), new_id()
        case = desk.open(seeker.visit.case, now=NOW)
        account = office[name].account_id
        consents.note(
            case, "colleague", "Tove", "*", form="spoken", given_on=DAY, entry_id=consent, now=NOW, account=account
        )  # fmt: skip
        consents.let_in(case, desk.ring, consent, desk.others, now=NOW)


def test_who_must_never_read_it_cant_be_let_in_under_a_new_account(office, cast, seeker):
    seeker.write_in("conny", excluded=[office["tove"].account_id])
    begins(office, cast, "tove-again", ends(office, "tove"))
    with pytest.raises(readers.LeftOut):
        let_in(office, seeker, "tove-again")
    with office.vault("tove-again"), pytest.raises(NoCase):
        office.desk("tove-again").open(seeker.visit.case, now=NOW)
    offered = office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}/colleague", headers=ENGLISH)
    assert "ravi" in words(offered)
    assert "tove-again" not in words(offered)


def test_nor_where_the_board_has_found_out_since_that_two_are_one(office, cast, seeker):
    seeker.write_in("conny", excluded=[office["tove"].account_id])
    former, anew = ends(office, "tove"), Person.create(id=new_id()).id
    begins(office, cast, "tove-again", anew)
    assignments.merge(former, anew)
    with pytest.raises(readers.LeftOut):
        let_in(office, seeker, "tove-again")


def test_who_has_stepped_out_stays_out(office, cast, seeker):
    seeker.write_in("conny", "tove")
    with office.vault("tove"):
        desk = office.desk("tove")
        readers.step_out(
            desk.open(seeker.visit.case, now=NOW), desk.ring, desk.others, reason="Nachbarin", now=NOW
        )
        office.take_in()
    begins(office, cast, "tove-again", ends(office, "tove"))
    with pytest.raises(readers.LeftOut):
        let_in(office, seeker, "tove-again")


def test_somebody_else_is_let_in_as_before(office, cast, seeker):
    seeker.write_in("conny", excluded=[office["tove"].account_id])
    begins(office, cast, "ravi-again", ends(office, "ravi"))
    let_in(office, seeker, "ravi-again")
    with office.vault("ravi-again"):
        assert office.desk("ravi-again").open(seeker.visit.case, now=NOW).head.excluded
