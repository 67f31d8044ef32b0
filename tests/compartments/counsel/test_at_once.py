"""What happens between two steps of one counsellor, while another changes the case: nothing is lost, and nothing done twice."""

from datetime import timedelta

import pytest

from app.clock import day_of, utc_now
from compartments.counsel.cases import deadlines, overview, readers, work
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases.models import Case, CaseLetter, CaseSlot, Keyring
from compartments.counsel.cases.opened import Kind, NoCase, in_one_piece, open_case
from compartments.counsel.cases.unfolding import unfold
from compartments.counsel.consents.service import withdraw
from compartments.counsel.retention import service as retention
from compartments.counsel.retention.models import ErasureReceipt
from keys.randomness import new_id
from tests.compartments.counsel.conftest import Seeker
from tests.pages import visit_and_fill

NOW = utc_now()


def test_a_letter_is_not_put_away_with_a_key_that_was_changed_meanwhile(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        desk = office.desk("conny")
        desk.open(seeker.visit.case, now=NOW)
        stale = open_case(desk.ring, seeker.visit.case, desk.author)
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(seeker.visit.case, now=NOW)
        readers.admit(case, desk.ring, office["tove"].account_id, desk.others, now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    with office.vault("conny"):
        desk = office.desk("conny")
        with pytest.raises(NoCase):
            unfold(stale, desk.names, now=NOW)
        assert CaseLetter.select().count() == 1
        case = desk.open(seeker.visit.case, now=NOW)
        assert [one.data["text"] for one in case.entries(Kind.RECEIVED)][1] == "Noch etwas"


def test_nothing_is_written_under_a_key_that_was_changed_meanwhile(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        desk = office.desk("conny")
        stale = desk.open(seeker.visit.case, now=NOW)
        other = open_case(desk.ring, seeker.visit.case, desk.author)
        readers.admit(other, desk.ring, office["tove"].account_id, desk.others, now=NOW)
        with pytest.raises(NoCase), in_one_piece():
            stale.add(Kind.NOTE, {"text": "zu spät"}, now=NOW, by=stale.reader)
        assert office.desk("conny").open(seeker.visit.case, now=NOW).entries()


def test_two_who_erase_one_case_leave_one_receipt(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        desk = office.desk("conny")
        desk.open(seeker.visit.case, now=NOW)
        first, second = (open_case(desk.ring, seeker.visit.case, desk.author) for _ in range(2))
        head = second.head
        for case in (first, second):
            case.__class__ = type(
                "Read", (type(case),), {"head": head}
            )  # both have read it before either erases
        retention.erase(first, retention.BY_HAND, backups_kept=timedelta(days=14), now=NOW)
        with pytest.raises(NoCase):
            retention.erase(second, retention.BY_HAND, backups_kept=timedelta(days=14), now=NOW)
        assert ErasureReceipt.select().count() == 1


def test_what_a_colleague_has_put_off_meanwhile_is_not_erased(office, seeker):
    seeker.write_in("conny", "ravi")
    today, backups = day_of(NOW), timedelta(days=14)
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        work.describe(case, title="", whistleblower=True, now=NOW)
        work.close(case, text="", now=NOW)
        Case.update(erase_on=today).execute()
        due = open_case(desk.ring, seeker.visit.case, desk.author)
        retention.keep_longer(case, today + timedelta(days=300), reason="Das Verfahren läuft", now=NOW)
        with pytest.raises(retention.KeptByLaw):
            retention.erase(due, retention.AFTER_A_REPORT, backups_kept=backups, now=NOW)
        assert Case.select().count() == 1


def test_a_key_is_never_changed_for_nobody(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        strangers = {account: one for account, one in desk.others.items() if one.name == "tove"}
        before = [bytes(row.sealed) for row in CaseSlot.select()]
        assert not readers.renew_if_left(case, desk.ring, strangers, now=NOW)
        assert [bytes(row.sealed) for row in CaseSlot.select()] == before
        assert Case.get().epoch == case.row.epoch


def test_the_length_of_a_keyring_does_not_tell_who_reads_a_case(office, seeker):
    seeker.write_in("conny")
    lengths = set()
    for name in ("conny", "tove"):
        with office.vault(name):
            office.desk(name)
            lengths.add(len(bytes(Keyring.get_by_id(office[name].account_id).sealed)))
    assert len(lengths) == 1


def test_a_case_that_goes_while_a_page_works_at_it_is_not_found(office, seeker, monkeypatch):
    def gone_meanwhile(case, **_given):
        Case.delete().where(Case.id == case.id).execute()
        case.must_be_current()

    seeker.write_in("conny")
    monkeypatch.setattr("compartments.counsel.cases.work.take", gone_meanwhile)
    case = f"/counsel/cases/{seeker.visit.case}"
    assert visit_and_fill(office["conny"].client(), case, f"{case}/take").status_code == 404


def test_an_intake_that_does_not_open_leaves_the_list_to_the_others(office, seeker):
    seeker.write_in("conny")
    Seeker(office).write_in("conny")
    with office.vault("conny"):
        office.take_in()
        CaseLetter.update(sealed=b"garbage" * 100).where(CaseLetter.case == seeker.visit.case).execute()
        desk = office.desk("conny")
        assert len(desks.page(desk, 1, now=NOW).items) == 1
        assert desks.page(desk, 1, now=NOW).items[0].id != seeker.visit.case
        with pytest.raises(NoCase):
            desk.open(seeker.visit.case, now=NOW)


def test_a_letter_that_came_after_the_end_is_read_before_the_case_goes(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        work.close(office.desk("conny").open(seeker.visit.case, now=NOW), text="", now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "message", "text": "Es hat wieder angefangen."})
    due = NOW + deadlines.ERASE_AFTER
    backups = timedelta(days=14)
    with office.vault("conny"):
        desk = office.desk("conny")
        shown = overview.of(desk, day_of(NOW), now=NOW)
        assert ([case.id for case, _ in shown.new], shown.open) == ([seeker.visit.case], 0)
        assert retention.erase_due(desk, backups_kept=backups, now=due) == 0
        case = desk.open(seeker.visit.case, now=due)
        assert case.head.unread
        assert retention.erase_due(desk, backups_kept=backups, now=due) == 0
        work.seen(case, now=due)
    with office.vault("conny"):
        assert retention.erase_due(office.desk("conny"), backups_kept=backups, now=due) == 1


def test_a_letter_that_is_brought_a_second_time_decides_nothing_again(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        consent = case.entries(Kind.CONSENT)[0].id
        office.take_in()
    given = new_id()
    seeker.write(given, {"kind": "consent", "consent": consent, "decision": "given"})
    with office.vault("conny"):
        office.take_in()
        (kept,) = CaseLetter.select().dicts()
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        withdraw(case, consent, now=NOW)
        CaseLetter.insert(kept).execute()
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert case.entry(consent).data["decision"] == "withdrawn"


def test_who_is_both_chosen_and_excluded_is_excluded(office, seeker):
    conny, ravi = (office[name].account_id for name in ("conny", "ravi"))
    seeker.write_in("conny", chosen=[conny, ravi], excluded=[ravi])
    with office.vault("conny"):
        head = office.desk("conny").open(seeker.visit.case, now=NOW).head
        assert (set(head.readers), set(head.excluded)) == ({conny}, {ravi})
