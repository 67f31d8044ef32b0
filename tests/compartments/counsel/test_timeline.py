"""A case at a glance: where it stands, and what happened day by day, folded where it is long, and by what one looks for."""

from datetime import datetime

from babel.dates import format_date

from app.clock import day_of
from compartments.counsel.cases import timeline, work
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service as consents
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import post
from tests.pages import words

ENGLISH = {"Accept-Language": "en"}
EARLY, LATE = datetime(2099, 6, 30, 21, 30), datetime(2099, 6, 30, 22, 30)  # noqa: DTZ001  (around midnight in Berlin)


def worked_on(office, seeker):
    case = office.desk("conny").open(seeker.visit.case, now=EARLY)
    work.reply(case, "Guten Tag", entry_id=new_id(), now=EARLY)
    consents.ask(case, "referral", "Leuchtfeuer", "Anliegen", entry_id=new_id(), now=EARLY)
    work.write(case, Kind.NEED, {"text": "Nicht allein hingehen", "done": False}, entry_id=new_id(), now=LATE)
    office.take_in()
    return case


def test_it_says_when_each_side_spoke_last_and_how_much_is_open(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        found = timeline.glance(timeline.of(worked_on(office, seeker)))
    assert (found.last_from, found.last_to) == (DAY, EARLY.date())
    assert (found.in_force, found.asked, found.open) == (0, 1, 1)


def test_days_are_the_organisations_and_a_theme_leaves_the_rest_out(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        items = timeline.of(worked_on(office, seeker))
    assert [day for day, _ in timeline.by_day(items)] == [day_of(LATE), day_of(EARLY), DAY]
    kinds = {
        theme: {one.kind for _, day in timeline.by_day(items, theme) for one in day}
        for theme in timeline.THEMES
    }
    assert kinds[timeline.TALK] == {Kind.RECEIVED, Kind.ANSWER}
    assert kinds[timeline.WORK] == {Kind.NEED}
    assert kinds[timeline.CONSENTS] == {Kind.CONSENT}
    assert kinds[timeline.EVERYTHING] == set().union(*(kinds[one] for one in timeline.THEMES[1:]))


def test_the_page_shows_one_theme_when_asked_and_everything_otherwise(office, seeker):
    seeker.write_in("conny", text="Anfang " * 200)
    with office.vault("conny"):
        worked_on(office, seeker)
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    whole = words(conny.get(case, headers=ENGLISH))
    assert "Nicht allein hingehen" in whole
    assert "Show all of it" in whole
    assert ("Anfang " * 200).strip() in whole
    # What is still to do stands beside the timeline, whichever part of it is shown.
    talk = words(conny.get(f"{case}?show=talk", headers=ENGLISH))
    assert whole.count("Nicht allein hingehen") == talk.count("Nicht allein hingehen") + 1
    assert "Nicht allein hingehen" in words(conny.get(f"{case}?show=nonsense", headers=ENGLISH))


def test_what_keeps_the_person_safe_stands_above_everything_that_could_be_done(office, seeker):
    seeker.write_in("conny")
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    post(conny, f"{case}/add/safety", text="Nicht zu Hause anrufen")
    page = words(conny.get(f"{case}?show=talk", headers=ENGLISH))
    assert page.index("Nicht zu Hause anrufen") < page.index("Your answer")


def test_a_letter_stands_on_the_day_on_which_it_was_written_and_each_day_once(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        worked_on(office, seeker)
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"}, now=datetime(2099, 6, 29, 12))  # noqa: DTZ001
    with office.vault("conny"):
        items = timeline.of(office.desk("conny").open(seeker.visit.case, now=LATE))
    assert [one.at for one in items] == sorted((one.at for one in items), reverse=True)
    days = [day for day, _ in timeline.by_day(items)]
    assert len(days) == len(set(days))
    (letter,) = [one for one in items if one.data.get("text") == "Noch etwas"]
    assert letter.day.isoformat() == "2099-06-29"


def test_that_it_may_be_counted_was_said_with_the_first_words_and_not_when_they_were_read(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        items = timeline.of(office.desk("conny").open(seeker.visit.case, now=LATE))
    assert len({one.at for one in items if one.kind in {Kind.RECEIVED, Kind.CONSENT}}) == 1


def test_who_asked_for_a_consent_did_not_give_it_and_the_day_of_the_decision_stands_there(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        case = worked_on(office, seeker)
        (asked,) = [one for one in case.entries(Kind.CONSENT) if one.data["step"] == "referral"]
    conny, address = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    assert "asked by Conny Vertrauen, " in words(conny.get(address, headers=ENGLISH))
    seeker.look()
    seeker.write(new_id(), {"kind": "consent", "consent": asked.id, "decision": "given"})
    stands = words(conny.get(address, headers=ENGLISH)).partition("Agreed, in force")[2]
    assert stands.lstrip(" ,").startswith(format_date(DAY, "medium", locale="en_GB"))


def test_what_was_not_done_when_a_case_was_closed_is_not_called_open(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        work.close(worked_on(office, seeker), text="", now=LATE)
    page = words(office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}", headers=ENGLISH))
    assert "Need open at the end" in page
