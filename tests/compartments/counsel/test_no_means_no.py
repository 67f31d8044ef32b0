"""A no counts, whichever question it answers and whenever it comes: to a colleague who reads along, to being counted, in the middle of a step."""

import pytest

from app.clock import utc_now
from compartments.counsel.cases import readers
from compartments.counsel.cases.models import Case, CaseSlot
from compartments.counsel.cases.opened import NoCase
from compartments.counsel.consents import handover, service
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.models import Incident
from compartments.counsel.retention.pending import erase_by_hand
from keys import cases
from keys.errors import CannotOpen
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_retention import BACKUPS
from tests.compartments.counsel.test_withdrawal import noted, withdraws

NOW = utc_now()
CODES = {field: known[0] for field, known in FIELDS.items()}


def decides(seeker, consent, decision):
    seeker.write(new_id(), {"kind": "consent", "consent": consent, "decision": decision})


def opened(office, seeker, name="conny"):
    return office.desk(name).open(seeker.visit.case, now=NOW)


def opens_a_slot(office, seeker, name):
    row = Case.get_by_id(seeker.visit.case)
    for slot in CaseSlot.select().where(CaseSlot.case == row.id):
        try:
            cases.open_slot(bytes(slot.sealed), case=row.id, epoch=row.epoch, keys=office[name].keys.sealing)
        except CannotOpen:
            continue
        return True
    return False


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_colleague_stops_reading_on_a_no_as_well_as_on_a_withdrawal(office, seeker, decision):
    seeker.write_in("conny")
    consent = noted(office, seeker, "colleague", "Tove", office["tove"].account_id)
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        service.let_in(case, desk.ring, consent, desk.others, now=NOW)
        office.take_in()
    decides(seeker, consent, decision)
    with office.vault("tove"), pytest.raises(NoCase):
        opened(office, seeker, "tove")
    with office.vault("conny"):
        case = opened(office, seeker)
        assert [one.consent.id for one in service.to_recall(case)] == [consent]
        assert not opens_a_slot(office, seeker, "tove")


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_no_to_being_counted_takes_back_every_yes(office, seeker, decision):
    seeker.write_in("conny", statistics=True)
    again = new_id()
    with office.vault("conny"):
        case = opened(office, seeker)
        incidents.add_from(case, CODES, half="2026-1", entry_id=new_id(), now=NOW)
        service.ask(case, "statistics", "", "", entry_id=again, now=NOW)
        office.take_in()
    decides(seeker, again, decision)
    with office.vault("conny"):
        assert not service.may_count(opened(office, seeker))
        assert not Incident.select().exists()


def test_whoever_takes_it_back_by_its_name_is_not_counted_on_a_counsellors_word(office, seeker):
    seeker.write_in("conny", statistics=False)
    noted(office, seeker, "statistics", "")
    decides(seeker, "statistics", "withdrawn")
    with office.vault("conny"):
        assert not service.may_count(opened(office, seeker))


def lets_in(office, case, consent):
    desk = office.desk("conny")
    incidents.let_in(case, desk.ring, consent, desk.others, now=NOW)


def hands_over(office, case, consent):
    desk = office.desk("conny")
    handover.take_over(case, desk.ring, consent, desk.others, reason="Verwandt", now=NOW)


def erases(_office, case, _consent):
    erase_by_hand(case, reason="", despite=True, backups_kept=BACKUPS, now=NOW)


@pytest.mark.parametrize("acts", [lets_in, hands_over, erases])
def test_a_no_to_being_counted_that_lies_in_the_vault_counts_with_whatever_takes_it_in(office, seeker, acts):
    seeker.write_in("conny", statistics=True)
    consent = noted(office, seeker, "colleague", "Tove", office["tove"].account_id)
    with office.vault("conny"):
        case = opened(office, seeker)
        incidents.add_from(case, CODES, half="2026-1", entry_id=new_id(), now=NOW)
        decides(seeker, "statistics", "withdrawn")
        office.take_in()  # by a colleague's request, since this one has opened the case
        acts(office, case, consent)
        assert not Incident.select().exists()


def test_a_later_yes_to_being_counted_counts(office, seeker):
    seeker.write_in("conny", statistics=False)
    decides(seeker, "statistics", "given")
    with office.vault("conny"):
        assert service.may_count(opened(office, seeker))


def test_a_colleague_isnt_let_in_on_a_consent_that_was_withdrawn_since_the_page_was_opened(office, seeker):
    seeker.write_in("conny", "ravi")
    consent = noted(office, seeker, "colleague", "Tove", office["tove"].account_id)
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        withdraws(seeker, consent)
        office.take_in()  # another request of the office: the letter lies in the vault, and nobody has opened it
        with pytest.raises(service.NoConsent):
            service.let_in(case, desk.ring, consent, desk.others, now=NOW)
        assert not opens_a_slot(office, seeker, "tove")


def test_no_step_is_made_on_a_consent_whose_withdrawal_lies_in_the_vault(office, seeker):
    seeker.write_in("conny")
    consent = noted(office, seeker, "referral", "Leuchtfeuer")
    with office.vault("conny"):
        case = opened(office, seeker)
        withdraws(seeker, consent)
        office.take_in()
        with pytest.raises(service.NoConsent):
            incidents.step_outside(case, consent, "referral", way="Brief", entry_id=new_id(), now=NOW)


def test_a_consent_is_checked_in_the_transaction_that_lets_in(office, seeker, monkeypatch):
    seeker.write_in("conny", "ravi")
    consent = noted(office, seeker, "colleague", "Tove", office["tove"].account_id)
    checked = []
    real = readers.admit

    def admit(case, *args, **kwargs):
        checked.append(Case._meta.database.obj.in_transaction())
        real(case, *args, **kwargs)

    monkeypatch.setattr(readers, "admit", admit)
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        service.let_in(case, desk.ring, consent, desk.others, now=NOW)
    assert checked == [True]


def test_dying_while_a_no_is_taken_in_leaves_nobody_counted(office, seeker, monkeypatch):
    seeker.write_in("conny", statistics=True)
    with office.vault("conny"):
        incidents.add_from(opened(office, seeker), CODES, half="2026-1", entry_id=new_id(), now=NOW)
    decides(seeker, "statistics", "withdrawn")
    with monkeypatch.context() as dying:
        dying.setattr(incidents, "settle", lambda _case: 1 / 0)
        with office.vault("conny"), pytest.raises(ZeroDivisionError):
            opened(office, seeker)
    with office.vault("conny"):
        assert not service.may_count(opened(office, seeker))
        assert not Incident.select().exists()


def test_no_step_is_noted_as_made_from_a_consent_that_was_only_asked_for(office, seeker):
    seeker.write_in("conny")
    asked = new_id()
    with office.vault("conny"):
        case = opened(office, seeker)
        service.ask(case, "referral", "Leuchtfeuer", "alles", entry_id=asked, now=NOW)
        with pytest.raises(service.NoConsent):
            incidents.withdraw(case, asked, now=NOW)
        office.take_in()
    withdraws(seeker, asked)
    with office.vault("conny"):
        case = opened(office, seeker)
        assert case.entry(asked).data["decision"] == "refused"
        with pytest.raises(service.NoConsent):
            incidents.had_happened(case, asked, way="Brief", done_on=DAY, entry_id=new_id(), now=NOW)
