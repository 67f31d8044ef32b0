"""Erasure: the key is gone and with it everything; a receipt remains, and says nothing of whose it was."""

from contextvars import Context
from datetime import timedelta

import pytest
from babel.dates import format_date

from app.clock import day_of, utc_now
from app.envelopes import outbox
from app.shared.counsel_models import Drop
from app.vault.models import Outgoing
from compartments.counsel import service as counsel
from compartments.counsel.cases import answers, deadlines, work
from compartments.counsel.cases.models import Case, CaseEntry, CaseLetter, CaseSlot
from compartments.counsel.cases.opened import NoCase
from compartments.counsel.retention import service
from compartments.counsel.retention.models import ErasureReceipt
from compartments.counsel.retention.service import KeptByLaw
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import ENGLISH, post
from tests.pages import read, words

NOW = utc_now()
TODAY = day_of(NOW)
BACKUPS = timedelta(days=14)


@pytest.fixture
def answered(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        work.reply(case, "Guten Tag", entry_id=new_id(), now=NOW)
        office.take_in()
    return seeker


def rows():
    return tuple(model.select().count() for model in (Case, CaseSlot, CaseEntry, CaseLetter))


def test_nothing_of_a_case_is_left_but_a_receipt_that_the_person_finds_too(office, answered):
    drops = Drop.select().count()
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        erased = service.erase(case, service.BY_HAND, backups_kept=BACKUPS, now=NOW)
        office.take_in()
        assert rows() == (0, 0, 0, 0)
        (receipt,) = ErasureReceipt.select().dicts()
        assert answered.visit.case not in map(str, receipt.values())
        assert receipt["backups_until"] == TODAY + BACKUPS
    told = answered.look().answers
    assert [one["kind"] for one in told] == ["erased"]
    assert told[0]["number"] == erased.number
    assert Drop.select().count() == drops


def test_what_the_law_keeps_is_not_erased_before_its_day(office, answered):
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.describe(case, title="", whistleblower=True, now=NOW)
        with pytest.raises(KeptByLaw):
            service.erase(case, service.BY_HAND, backups_kept=BACKUPS, now=NOW)
        work.close(case, text="", now=NOW)
        assert case.row.erase_on == deadlines.erase_on(TODAY, whistleblower=True)


def test_a_wish_to_be_erased_comes_true_by_itself(office, answered):
    answered.write(new_id(), {"kind": "erase"})
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        assert case.row.erase_on == TODAY + timedelta(days=14)
        later = NOW + timedelta(days=14)
        assert service.erase_due(office.desk("conny"), backups_kept=BACKUPS, now=later) == 1
        assert rows() == (0, 0, 0, 0)
        assert ErasureReceipt.get().rule == service.ON_REQUEST


def test_a_due_case_waits_for_a_reader_and_goes_unread_after_that(office, answered):
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.close(case, text="", now=NOW)
        office.take_in()
        due = NOW + deadlines.ERASE_AFTER
    with office.vault("tove"):
        desk = office.desk("tove")
        assert service.erase_due(desk, backups_kept=BACKUPS, now=due) == 0
        assert service.erase_due(desk, backups_kept=BACKUPS, now=due + service.WITHOUT_A_READER_AFTER) == 1
        assert rows() == (0, 0, 0, 0)


def test_an_erasure_is_put_off_by_a_year_at_most_and_with_a_reason(office, answered):
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.close(case, text="", now=NOW)
        until = TODAY + timedelta(days=300)
        service.keep_longer(case, until, reason="Verfahren läuft", now=NOW)
        assert Case.get().erase_on == until
        with pytest.raises(ValueError, match="a year at most"):
            service.keep_longer(case, TODAY + timedelta(days=400), reason="", now=NOW)


def test_keeping_it_longer_brings_no_erasure_nearer(office, answered):
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        with pytest.raises(ValueError, match="earlier"):
            service.keep_longer(case, TODAY + timedelta(days=1), reason="Es gibt noch keinen Tag", now=NOW)
        work.describe(case, title="", whistleblower=True, now=NOW)
        work.close(case, text="", now=NOW)
        with pytest.raises(ValueError, match="earlier"):
            service.keep_longer(case, TODAY + timedelta(days=1), reason="Früher als erlaubt", now=NOW)
        assert Case.get().erase_on == deadlines.erase_on(TODAY, whistleblower=True)


def test_what_the_person_asked_for_stands_whether_the_case_is_closed_or_opened_again(office, answered):
    answered.write(new_id(), {"kind": "erase"})
    wished = TODAY + timedelta(days=14)
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.close(case, text="", now=NOW)
        assert Case.get().erase_on == wished
        work.reopen(case, now=NOW)
        assert Case.get().erase_on == wished
        office.take_in()
    assert answered.look().standing["erase_on"] == wished.isoformat()


def test_a_wish_that_is_taken_back_leaves_the_day_to_which_it_was_put_off(office, answered):
    until = deadlines.erase_on(TODAY, whistleblower=False) + timedelta(days=20)
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.close(case, text="", now=NOW)
        service.keep_longer(case, until, reason="Das Verfahren läuft noch", now=NOW)
        office.take_in()
    for kind in ("erase", "keep"):
        answered.write(new_id(), {"kind": kind})
        with office.vault("conny"):
            case = office.desk("conny").open(answered.visit.case, now=NOW)
    assert case.row.erase_on == until


def test_the_pages_erase_after_the_box_is_ticked_and_only_then(office, answered):
    conny, case = office["conny"].client(), answered.visit.case
    page = post(conny, f"/counsel/cases/{case}/erase", f"{case}/erase")
    assert page.status_code == 200
    with office.vault("conny"):
        assert Case.select().count() == 1
    page = post(conny, f"/counsel/cases/{case}/erase", f"{case}/erase", sure="y", reason="Umzug")
    with office.vault("conny"):
        number = ErasureReceipt.get().number
    assert number in page.text
    assert conny.get(f"/counsel/cases/{case}").status_code == 404
    with office.vault("ravi"), pytest.raises(NoCase):
        office.desk("ravi").open(case, now=NOW)


def test_the_start_page_says_what_waits_and_what_would_be_lost(office, seeker):
    seeker.write_in("conny")
    conny = office["conny"].client()
    assert seeker.visit.case in conny.get("/counsel/").text
    conny.get(f"/counsel/cases/{seeker.visit.case}")
    page = conny.get("/counsel/", headers={"Accept-Language": "en"}).text
    assert "1 case can be read by you alone" in page
    assert seeker.visit.case not in office["ravi"].client().get("/counsel/").text


def test_a_change_of_the_law_moves_the_erasure_with_it(office, answered):
    answered.write(new_id(), {"kind": "erase"})
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        assert case.row.erase_on == TODAY + timedelta(days=14)
        work.describe(case, title="", whistleblower=True, now=NOW)
        assert case.row.erase_on is None
        work.close(case, text="", now=NOW)
        work.describe(case, title="", whistleblower=False, now=NOW)
        assert case.row.erase_on == TODAY + timedelta(days=14)


def test_the_box_of_the_law_pressed_and_taken_back_moves_no_wished_day(office, answered):
    answered.write(new_id(), {"kind": "erase"})
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        wished = case.row.erase_on
        for days in (3, 9):
            later = NOW + timedelta(days=days)
            work.describe(case, title="", whistleblower=True, now=later)
            work.describe(case, title="", whistleblower=False, now=later)
            assert case.row.erase_on == wished
        put_off = wished + timedelta(days=30)
        service.keep_longer(case, put_off, reason="Die Person möchte es so", now=later)
        work.describe(case, title="", whistleblower=True, now=later)
        work.describe(case, title="", whistleblower=False, now=later)
        assert case.row.erase_on == put_off


def interrupted(office, name, monkeypatch, then):
    """Deliver that counsellor's orders; ``then`` happens after they were read and before the first is carried out."""
    put = answers.put_drops

    def late(order_id, payload):
        monkeypatch.undo()
        then()
        put(order_id, payload)

    monkeypatch.setitem(counsel.ACTIONS, answers.DROP, late)
    with office.vault(name):
        outbox.deliver(counsel.ACTIONS)


def test_an_answer_that_is_delivered_while_its_case_is_erased_does_not_come_back(
    office, answered, monkeypatch
):
    words = "Das soll niemand mehr lesen."
    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.reply(case, words, entry_id=new_id(), now=NOW)

    def erased_by_a_colleague():
        def erase():
            with office.cast.shared(), office.vault("ravi"):
                case = office.desk("ravi").open(answered.visit.case, now=NOW)
                service.erase(case, service.BY_HAND, backups_kept=BACKUPS, now=NOW)
                office.take_in()

        Context().run(erase)

    interrupted(office, "conny", monkeypatch, erased_by_a_colleague)
    assert [one["kind"] for one in answered.look().answers] == ["erased"]


def test_an_answer_that_could_not_be_delivered_is_not_delivered_after_the_erasure(
    office, answered, monkeypatch
):
    def full(_order_id, _payload):
        raise ValueError("no room")

    with office.vault("conny"):
        case = office.desk("conny").open(answered.visit.case, now=NOW)
        work.reply(case, "Das soll niemand mehr lesen.", entry_id=new_id(), now=NOW)
        monkeypatch.setitem(counsel.ACTIONS, answers.DROP, full)
        outbox.deliver(counsel.ACTIONS)
        assert Outgoing.select().count() == 1
        service.erase(case, service.BY_HAND, backups_kept=BACKUPS, now=NOW)
        monkeypatch.undo()
        office.take_in()
        assert Outgoing.select().count() == 0
    assert [one["kind"] for one in answered.look().answers] == ["erased"]


def test_a_receipt_tells_no_colleague_who_read_the_case(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        service.erase(case, service.BY_HAND, backups_kept=BACKUPS, now=NOW)
    with office.vault("tove"):
        (kept,) = ErasureReceipt.select().dicts()
    conny = office["conny"]
    assert not {conny.account_id, conny.display_name, conny.username} & {
        str(value) for value in kept.values()
    }


def test_whoever_puts_it_off_to_a_day_that_is_not_free_reads_which_days_are(office, answered):
    conny, case = office["conny"].client(), f"/counsel/cases/{answered.visit.case}"
    with office.vault("conny"):
        opened = office.desk("conny").open(answered.visit.case, now=NOW)
        work.close(opened, text="", now=NOW)
        due = opened.row.erase_on

    def keep(until):
        shown = conny.get(f"{case}/erase", headers=ENGLISH)
        address, fields = next(form for form in read(shown) if form[0].endswith("/keep"))
        typed = {**fields, "until": until.isoformat(), "reason": "Verfahren"}
        return words(conny.post(address, data=typed, headers=ENGLISH))

    latest = format_date(TODAY + service.LONGEST_EXTENSION, "long", locale="en_GB")
    for day in (TODAY, due - timedelta(days=1), TODAY + timedelta(days=366)):
        assert f"from {format_date(due, 'long', locale='en_GB')} to {latest}" in keep(day)

    with office.vault("conny"):
        Case.update(erase_on=TODAY + timedelta(days=400)).execute()
    assert "more than a year from now" in keep(due)
    page = conny.get(f"{case}/erase", headers=ENGLISH)
    with office.vault("conny"):
        work.reopen(office.desk("conny").open(answered.visit.case, now=NOW), now=NOW)
        office.take_in()
    address, fields = next(form for form in read(page) if form[0].endswith("/keep"))
    typed = {**fields, "until": due.isoformat(), "reason": "Verfahren"}
    assert "there is nothing to put off" in words(conny.post(address, data=typed, headers=ENGLISH))


@pytest.mark.parametrize("closed", [False, True])
def test_the_law_that_keeps_a_case_says_until_when(office, answered, closed):
    conny, case = office["conny"].client(), f"/counsel/cases/{answered.visit.case}"
    shown = conny.get(f"{case}/erase", headers=ENGLISH)
    address, fields = next(form for form in read(shown) if form[0].endswith("/erase"))
    with office.vault("conny"):
        opened = office.desk("conny").open(answered.visit.case, now=NOW)
        work.describe(opened, title="", whistleblower=True, now=NOW)
        if closed:
            work.close(opened, text="", now=NOW)
    refused = conny.post(address, data={**fields, "sure": "y", "reason": "Umzug"}, headers=ENGLISH)
    day = format_date(deadlines.erase_on(TODAY, whistleblower=True), "long", locale="en_GB")
    for page in (refused, conny.get(f"{case}/erase", headers=ENGLISH)):
        assert (f"until {day} (HinSchG" if closed else "it is still open") in words(page)
        assert 'name="sure"' not in page.text


def test_a_wish_is_read_for_the_person_as_soon_as_a_counsellor_has_opened_the_case(office, answered):
    conny, case = office["conny"].client(), f"/counsel/cases/{answered.visit.case}"
    answered.write(new_id(), {"kind": "erase"})
    assert not answered.look().standing["erasure_wanted"]
    conny.get(case)
    assert answered.look().standing["erasure_wanted"]
    answered.write(new_id(), {"kind": "keep"})
    conny.get(case)
    assert not answered.look().standing["erasure_wanted"]
    assert answered.look().standing["erase_on"] is None
