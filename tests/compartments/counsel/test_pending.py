"""Erasing by hand: who erases has read what speaks against it, and the person is told why."""

import re

import pytest
from babel.dates import format_date

from app.clock import day_of, utc_now
from compartments.counsel.cases import work
from compartments.counsel.cases.models import Case
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from compartments.counsel.retention import service
from compartments.counsel.retention.models import ErasureReceipt
from compartments.counsel.retention.pending import StillNeeded, erase_by_hand, pending
from keys.randomness import new_id
from tests.app.public import counselled
from tests.app.public.applicant import Applicant
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import ENGLISH
from tests.compartments.counsel.test_retention import BACKUPS, NOW
from tests.pages import fill, words


@pytest.fixture
def written(office, seeker):
    """A case of which everything is read."""
    seeker.write_in("conny")
    with office.vault("conny"):
        work.seen(office.desk("conny").open(seeker.visit.case, now=NOW), now=NOW)
    return seeker


def opened(office, seeker):
    return office.desk("conny").open(seeker.visit.case, now=utc_now())


def sends(client, page, **typed):
    return fill(client, page, "/erase", **typed)


def cases(office):
    with office.vault("conny"):
        return Case.select().count()


def test_what_is_kept_for_a_reason_or_unread_is_not_erased_with_one_tick(office, written):
    conny, address = office["conny"].client(), f"/counsel/cases/{written.visit.case}/erase"
    conny.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with office.vault("conny"):
        case = opened(office, written)
        work.close(case, text="", now=NOW)
        service.keep_longer(case, case.row.erase_on, reason="Das Verfahren läuft noch", now=NOW)
        office.take_in()
    written.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    page = conny.get(address)
    assert "Das Verfahren läuft noch" in words(page)
    assert "nobody has marked as read" in words(page)
    refused = sends(conny, page, sure="y", reason="Aufgeräumt")
    assert 'id="despite-error"' in refused.text
    assert cases(office) == 1
    assert sends(conny, refused, sure="y", reason="Aufgeräumt", despite="y").status_code == 303
    assert cases(office) == 0


def test_what_came_in_after_the_page_was_opened_is_shown_first(office, written):
    conny, address = office["conny"].client(), f"/counsel/cases/{written.visit.case}/erase"
    page = conny.get(address, headers=ENGLISH)
    assert 'name="despite"' not in page.text
    written.write(new_id(), {"kind": "message", "text": "Bitte wartet noch"})
    refused = sends(conny, page, sure="y", reason="Aufgeräumt")
    assert 'name="despite"' in refused.text
    assert cases(office) == 1


def test_a_withdrawal_without_consequence_speaks_against_it_and_an_open_referral_is_told(office, written):
    consent = new_id()
    with office.vault("conny"):
        case = opened(office, written)
        consents.note(case, "referral", "Leuchtfeuer", "Anliegen", form="spoken", given_on=DAY, entry_id=consent, now=NOW)  # fmt: skip
        incidents.step_outside(case, consent, "referral", way="Brief", entry_id=new_id(), now=NOW)
        found = pending(case)
        assert [one.data["recipient"] for one in found.unanswered] == ["Leuchtfeuer"]
        assert not found.speaks_against
        consents.withdraw(case, consent, now=NOW)
        with pytest.raises(StillNeeded):
            erase_by_hand(case, reason="", despite=False, backups_kept=BACKUPS, now=NOW)
        office.take_in()


def test_the_person_reads_why_and_nobody_else_keeps_it(office, written):
    conny, address = office["conny"].client(), f"/counsel/cases/{written.visit.case}/erase"
    nothing = sends(conny, conny.get(address), sure="y")
    assert 'id="erasure-reason-error"' in nothing.text
    sends(conny, nothing, sure="y", reason="Du wolltest nichts mehr hören")
    person = counselled.come_back(Applicant(office.cast.outsider()), written.code)
    assert "Du wolltest nichts mehr hören" in person.page
    with office.vault("conny"):
        assert "wolltest" not in str(list(ErasureReceipt.select().dicts()))


def test_whoever_asked_for_it_needs_no_reason(office, written):
    written.write(new_id(), {"kind": "erase"})
    page = office["conny"].client().get(f"/counsel/cases/{written.visit.case}/erase")
    for name in ("reason", "despite"):
        assert f'name="{name}"' not in page.text.partition("/keep")[0]
    with office.vault("conny"):
        erase_by_hand(opened(office, written), reason="", despite=False, backups_kept=BACKUPS, now=NOW)
        assert ErasureReceipt.get().rule == service.ON_REQUEST


def test_the_days_to_which_it_can_be_kept_stand_beside_the_field(office, written):
    with office.vault("conny"):
        work.close(opened(office, written), text="", now=NOW)
        erase_on = Case.get().erase_on
        office.take_in()
    page = words(office["conny"].client().get(f"/counsel/cases/{written.visit.case}/erase", headers=ENGLISH))
    days = erase_on, day_of(NOW) + service.LONGEST_EXTENSION
    first, last = (format_date(day, "long", locale="en_GB") for day in days)
    assert f"From {first} to {last}." in page


def test_each_question_of_the_page_has_its_own_label(office, written):
    with office.vault("conny"):
        work.close(opened(office, written), text="", now=NOW)
    page = office["conny"].client().get(f"/counsel/cases/{written.visit.case}/erase").text
    ids = [one for one in re.findall(r' id="([^"]+)"', page) if one != "csrf_token"]
    assert {"erasure-reason", "reason"} <= set(ids)
    assert len(ids) == len(set(ids))
