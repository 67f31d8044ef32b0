"""A counsellor leaves, or is missing for a while: colleagues are told before what would be lost, the board isn't, and who comes back has lost nothing."""

import pytest

from app.clock import utc_now
from app.shared.models import Account
from compartments.counsel.cases import readers
from compartments.counsel.cases.models import ReadsAlone
from compartments.counsel.cases.opened import Kind, NoCase
from tests.compartments.counsel.conftest import DAY, Seeker
from tests.pages import words

NOW = utc_now()
ENGLISH = {"Accept-Language": "en"}


def test_colleagues_are_told_by_number_which_cases_would_go_with_somebody(office, cast, seeker):
    seeker.write_in("ravi")
    Seeker(office).write_in("ravi")
    Seeker(office).write_in("ravi", "conny")
    office["ravi"].client().get("/counsel/")
    conny, ravi = office["conny"].client(), office["ravi"].account_id
    access = conny.get("/counsel/access", headers=ENGLISH)
    assert words(access).count("can be read by nobody else") == 1
    assert "2 cases can be read by nobody else" in words(access)
    assert seeker.visit.case not in access.text
    ending = conny.get(f"/counsel/access/{ravi}/end", headers=ENGLISH)
    assert "2 cases can be read by nobody else" in words(ending)
    for path in ("/board/", "/board/access", "/board/people"):
        assert "nobody else" not in words(cast["board"].client().get(path, headers=ENGLISH))


def test_the_number_goes_down_when_a_colleague_is_let_in(office, seeker):
    seeker.write_in("ravi")
    ravi = office["ravi"].client()
    ravi.get("/counsel/")
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(seeker.visit.case, now=NOW)
        readers.admit(case, desk.ring, office["conny"].account_id, desk.others, now=NOW)
        office.take_in()
    ravi.get("/counsel/")
    with office.vault("conny"):
        assert [(row.cases, row.counted_on) for row in ReadsAlone.select()] == [(0, DAY)]
    assert "nobody else" not in words(office["conny"].client().get("/counsel/access", headers=ENGLISH))


def test_who_is_missing_for_a_while_keeps_the_case_and_gets_the_key_that_was_changed_meanwhile(
    office, seeker
):
    seeker.write_in("conny", "ravi")
    with office.vault("ravi"):
        office.desk("ravi").open(seeker.visit.case, now=NOW)
    account = office["ravi"].account_id
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        # The shared layer shows other keys for ravi than the vault knows, say: then they are none of the counsellors at present.
        present = {name: one for name, one in desk.others.items() if name != account}
        assert not readers.renew_if_left(case, desk.ring, present, now=NOW)
        readers.admit(case, desk.ring, office["tove"].account_id, present, now=NOW)
        assert account in case.head.readers
        office.take_in()
    with office.vault("ravi"), pytest.raises(NoCase):
        office.desk("ravi").open(seeker.visit.case, now=NOW)
    with office.vault("conny"):
        assert office.desk("conny").open(seeker.visit.case, now=NOW).row.epoch == 3
        office.take_in()
    with office.vault("ravi"):
        assert office.desk("ravi").open(seeker.visit.case, now=NOW).entries(Kind.RECEIVED)


def test_before_a_term_ends_its_holder_reads_that_cases_dont_come_back_with_a_new_one(office, seeker):
    seeker.write_in("conny", "ravi")
    conny = office["conny"].client()
    assert "gets a new account" not in words(conny.get("/counsel/", headers=ENGLISH))
    assignment = Account.get_by_id(office["conny"].account_id).assignment
    assignment.ends_on = DAY
    assignment.save()
    assert "gets a new account" in words(conny.get("/counsel/", headers=ENGLISH))
