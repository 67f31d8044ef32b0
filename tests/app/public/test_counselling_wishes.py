"""What the person sees of what they decided and wished: what was done with a consent, until when all is kept and why, an erasure and taking it back."""

from datetime import timedelta

import pytest

from app.clock import day_of, utc_now
from app.public.counselling import sending
from compartments.counsel.cases import timeline, work
from compartments.counsel.consents import service as consents
from compartments.counsel.retention import service as retention
from keys.randomness import new_id
from keys.visits import VisitKeys
from tests.app.public import counselled
from tests.app.public.test_counselling_visit import answer, ask, at_work, button, decision, received


@pytest.fixture
def code(office, person):
    return counselled.write_in(person, office, "conny")


def look(office, code):
    """Let the counsellor open the case, and no more."""
    at_work(office, "conny", code, lambda _case, _now: None)


def long_day(day):
    return f"{day.day} {day:%B %Y}"


def erased_on(office, code):
    return at_work(office, "conny", code, lambda case, _now: case.row.erase_on)


def test_what_was_done_with_a_consent_stands_with_it(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code).press(f"agree:{consent}").press(f"agree-meant:{consent}")
    look(office, code)
    assert "Not done yet." in counselled.come_back(person, code).text

    def refer(case, now):
        consents.step_outside(case, consent, "referral", way="am Telefon", entry_id=new_id(), now=now)

    at_work(office, "conny", code, refer)
    counselled.come_back(person, code)
    assert f"Done on {long_day(day_of(utc_now()))}: it went to “Frauennotruf”" in person.text
    assert "am Telefon" in person.text
    assert "Not done yet." not in person.text
    person.press(f"withdraw:{consent}")
    assert "What was passed on before can't be fetched back." in person.text
    person.press(f"withdraw-meant:{consent}")
    assert "The counsellors tell them that you took your consent back." in person.text

    def told(case, now):
        consents.recalled(case, consent, now=now)

    at_work(office, "conny", code, told)
    told_on = f"On {long_day(day_of(utc_now()))} the counsellors told them"
    assert told_on in counselled.come_back(person, code).text


def test_both_sides_read_the_same_time_however_late_a_letter_is_opened(office, person, code):
    before = utc_now() - timedelta(hours=3)
    said = {"kind": "message", "text": "Vorhin"}
    keys = VisitKeys.from_receipt(code)
    sending.write(keys, new_id(), said, counsel=office.pinned, day=day_of(before), now=before)
    at = before.isoformat(timespec="minutes")
    assert {one["at"][:16] for one in sending.look(keys).sent if one["kind"] == "message"} == {at}
    lines = at_work(office, "conny", code, lambda case, _now: timeline.of(case))
    assert at in {one.at for one in lines if one.data.get("text") == "Vorhin"}


def test_nothing_is_said_to_be_done_where_the_person_refused(office, person, code):
    consent = ask(office, code)
    counselled.come_back(person, code).press(f"refuse:{consent}")
    assert "It isn't done." in person.text
    assert "Done on" not in person.text


def test_being_counted_is_taken_back_before_anybody_has_answered(office, person):
    code = counselled.write_in(person, office, "conny", figures__statistics="y")
    counselled.come_back(person, code).press("withdraw:statistics").press("withdraw-meant:statistics")
    assert "You took it back" in person.page
    answer(office, code, "Guten Tag.")
    counselled.come_back(person, code)
    assert "You took it back" in person.page
    consent = button(person, "agree:").partition(":")[2]
    assert consent != "statistics"
    assert decision(office, code, consent) == "withdrawn"


def test_a_wish_shows_its_day_once_it_is_read_and_that_of_the_last_backup(office, person, code):
    counselled.come_back(person, code).press("erase").press("erase-meant")
    assert "The counsellors have not read this yet." in person.text
    day = erased_on(office, code)
    assert day is not None
    counselled.come_back(person, code)
    assert "have not read this yet" not in person.text
    assert f"Your case and everything in it is erased on {long_day(day)}." in person.text
    kept = office.cast.organisation.settings.backups_kept
    assert f"gone {kept.days} days later, on {long_day(day + kept)}." in person.text


def test_a_wish_is_taken_back_before_and_after_it_was_read(office, person, code):
    counselled.come_back(person, code).press("erase").press("erase-meant").press("keep")
    assert "You have taken your wish back" in person.text
    assert "is everything erased after all" not in person.text
    assert erased_on(office, code) is None
    counselled.come_back(person, code).press("erase").press("erase-meant")
    assert erased_on(office, code) is not None
    counselled.come_back(person, code).press("keep")
    person.again()
    assert erased_on(office, code) is None
    assert [one["what"] for one in received(office, code)] == ["intake", "erase", "keep", "erase", "keep"]
    assert button(counselled.come_back(person, code), "erase") == "erase"


def test_a_wish_taken_back_says_what_counts_until_somebody_has_read_it(office, person, code):
    counselled.come_back(person, code).press("erase").press("erase-meant")
    day = erased_on(office, code)
    counselled.come_back(person, code).press("keep")
    assert "You have taken your wish back. The counsellors read it when they next look." in person.text
    last = day + retention.WITHOUT_A_READER_AFTER
    assert (
        f"Only if none of them looks before {long_day(last)} is everything erased after all." in person.text
    )
    assert long_day(day) not in person.text
    assert erased_on(office, code) is None
    assert "is everything erased after all" not in counselled.come_back(person, code).text


def test_whoever_has_ended_the_contact_reads_what_comes_next(office, person, code):
    counselled.come_back(person, code).press("end").press("end-meant")
    assert "The counsellors close the case when they next look." in person.text
    assert "Nobody has answered yet" not in person.text


def test_a_closed_case_says_so_at_the_top_until_it_is_opened_again(office, person, code):
    def close(case, now):
        work.close(case, text="", now=now)

    def reopen(case, now):
        work.reopen(case, now=now)

    assert "Your case is closed" not in counselled.come_back(person, code).text
    at_work(office, "conny", code, close)
    counselled.come_back(person, code)
    assert person.text.index("Your case is closed") < person.text.index("It is read by:")
    assert "the counsellors read it, and can open your case again" in person.text
    person.fill({"text": "Doch noch etwas"}).press("send")
    assert [one["what"] for one in received(office, code)] == ["intake", "message"]
    at_work(office, "conny", code, reopen)
    assert "Your case is closed" not in counselled.come_back(person, code).text


def test_a_closed_case_is_erased_when_it_would_have_been_without_the_wish(office, person, code):
    def close(case, now):
        work.close(case, text="", now=now)

    at_work(office, "conny", code, close)
    day = erased_on(office, code)
    counselled.come_back(person, code).press("erase").press("erase-meant")
    assert erased_on(office, code) < day
    counselled.come_back(person, code).press("keep")
    assert erased_on(office, code) == day


def test_the_reason_for_keeping_it_longer_is_told(office, person, code):
    until = day_of(utc_now()) + timedelta(days=200)

    def keep(case, now):
        work.close(case, text="", now=now)
        retention.keep_longer(case, until, reason="Das Verfahren läuft noch.", now=now)

    at_work(office, "conny", code, keep)
    counselled.come_back(person, code)
    assert f"Your case and everything in it is erased on {long_day(until)}." in person.text
    assert "Das Verfahren läuft noch." in person.text
    counselled.come_back(person, code).press("erase").press("erase-meant")
    look(office, code)
    assert "Das Verfahren läuft noch." not in counselled.come_back(person, code).text


def test_where_a_law_asks_to_keep_it_the_page_says_so_instead_of_a_day(office, person, code):
    def report(case, now):
        work.describe(case, title="", whistleblower=True, now=now)

    at_work(office, "conny", code, report)
    counselled.come_back(person, code).press("erase")
    assert "obliges the counsellors to keep everything for three years" in person.text
    assert "days after the counsellors have read your wish" not in person.text
