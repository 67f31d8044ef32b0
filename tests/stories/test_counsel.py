"""Confidential counsel from the first words on a phone to the board's page with the year's figures, on a real server. In German and in English."""

from datetime import date
from urllib.parse import quote

import pyotp
import pytest

from app.envelopes import outbox
from compartments.counsel.counsellors import service as cards
from compartments.counsel.service import ACTIONS
from tests.compartments.counsel.conftest import card
from tests.compartments.counsel.test_annual import counted
from tests.server import Home
from tests.stories.counsel_people import PHONE, Counsellor, Seeker
from tests.stories.people import BoardMember
from tests.stories.staff import Staff, staffed

pytestmark = pytest.mark.slow

LAST_YEAR = date.today().year - 1  # noqa: DTZ011
OFFICES = {"counsel": ("conny", "ravi", "tove"), "board": ("berta",)}
WORDS = "Nach der Sitzung am Hafen hat mich jemand nicht gehen lassen."
ANSWER = "Danke, dass Sie es sagen. Möchten Sie mit einer Fachstelle sprechen?"
MORE = "Ja, aber bitte ohne meinen Namen."
RECIPIENT, CONTENT = "Beratungsstelle Leuchtfeuer", "Dass eine Person ein Gespräch sucht. Kein Name."
SERVICE_SAID = "Erstgespräch am Montag, ohne Namen."
REMINDER = "Nachfragen, wie das Gespräch war"
TEXTS = {
    "work": "Wir haben zugehört.",
    "prevention": "Ein Abend für neue Mitglieder.",
    "conclusions": "Worte sind der Anfang.",
    "recommendations": "Zwei Ansprechpersonen bei jeder Veranstaltung.",
}


@pytest.fixture(scope="session")
def counsel_at_work(home_once, tmp_path_factory) -> tuple[Home, Staff]:
    """Three counsellors with portraits, a board, and last year's counts. Made once, copied per test."""
    home = home_once.copied_to(tmp_path_factory.mktemp("counsel") / "instance")
    staff = staffed(home, OFFICES)
    with staff.vault("counsel"):
        for name in OFFICES["counsel"]:
            member = staff.members[name]
            cards.present(member.account_id, card(name.title()), member.keys.public)
        outbox.deliver(ACTIONS)
        counted()
    return home, staff


@pytest.fixture
def home(counsel_at_work, tmp_path) -> Home:
    return counsel_at_work[0].copied_to(tmp_path / "instance")


@pytest.fixture
def staff(counsel_at_work) -> Staff:
    return counsel_at_work[1]


@pytest.fixture
def people(town, staff):
    """Conny and Ravi, who are chosen; Tove, whom the person excludes; Berta of the board; and somebody."""

    def officer(kind, name):
        member = staff.members[name]
        login = {"username": member.username, "passphrase": member.passphrase}
        found = town.person(kind, member.display_name, **login)
        found.second_factor = pyotp.TOTP(member.totp_secret)
        found.logs_in()
        return found

    somebody = town.person(Seeker, "", javascript=False)
    somebody.twin = town.person(Seeker, "").page
    somebody.page.set_viewport_size(PHONE)
    counsellors = [officer(Counsellor, name) for name in OFFICES["counsel"]]
    return somebody, *counsellors, officer(BoardMember, "berta")


def sees_no_case(officer, case: str, *words: str) -> bool:
    """Whoever asks for the case, or any page around it, gets nothing of it. (Asked beside the page: a refusal isn't a complaint here.)"""
    for path in ("/counsel/", "/counsel/cases", "/counsel/cases?state=closed", case, f"{case}/consents"):
        answer = officer.context.request.get(officer.home + path)
        # Links that change the language, or lead back after a log-in, repeat what was asked for.
        text = answer.text().replace(path, "").replace(quote(path, safe=""), "").replace(quote(path), "")
        assert path.startswith(case) <= (answer.status == 404 or "/login" in answer.url), path
        assert not [one for one in (case, *words) if one in text], path
    return True


def test_from_the_first_words_to_the_years_figures(town, staff, people, language):
    town.album.asked_at = {"de": ("narrow",), "en": ("wide",)}[language]
    case = words_are_read_by_whom_they_are_for(people, staff)
    a_consent_leads_to_a_referral(people, case)
    a_case_ends(people, case)
    the_board_reads_figures(people, case)
    assert town.complaints() == []


def words_are_read_by_whom_they_are_for(people, staff) -> str:
    # Somebody writes in on a phone, without a name and without scripts; the words are read by whom they chose, and by nobody else.
    somebody, conny, ravi, tove, berta = people
    account = {name: member.account_id for name, member in staff.members.items()}
    somebody.writes_in(WORDS, to=[account["conny"], account["ravi"]], never=[account["tove"]])
    case = conny.opens_the_only_case()
    assert conny.sees(WORDS)
    assert sees_no_case(tove, case, WORDS)
    assert sees_no_case(berta, case, WORDS)
    ravi.case = case
    ravi.opens("")
    assert ravi.sees(WORDS)

    # A counsellor answers, and the person comes back with the code.
    conny.takes_charge("Hafen")
    conny.answers(ANSWER)
    somebody.comes_back()
    assert somebody.sees(ANSWER)
    somebody.looks_around("visit-answered")
    somebody.writes_more(MORE)
    conny.opens("")
    assert conny.sees(MORE)
    assert sees_no_case(tove, case, WORDS, ANSWER, MORE)
    return case


def a_consent_leads_to_a_referral(people, case: str) -> None:
    # No step outside without a consent: asked for, given on the phone, used for just that.
    somebody, conny, _, tove, berta = people
    conny.asks_for_a_consent(RECIPIENT, CONTENT)
    assert conny.may_not_refer_yet()
    somebody.comes_back()
    assert somebody.sees(RECIPIENT)
    assert somebody.sees(CONTENT)
    somebody.looks_around("visit-asked")
    somebody.agrees()
    somebody.looks_around("visit-agreed")
    conny.refers("Telefon", RECIPIENT)
    conny.notes_the_answer(SERVICE_SAID)
    assert sees_no_case(tove, case, WORDS, RECIPIENT, SERVICE_SAID)
    assert sees_no_case(berta, case, WORDS, RECIPIENT, SERVICE_SAID)


def a_case_ends(people, case: str) -> None:
    # What is left to do, a count without a word of it, and the end.
    somebody, conny, _, tove, _ = people
    conny.sets_a_reminder(REMINDER)
    conny.counts_an_incident()
    conny.closes("Gut ausgegangen.")
    assert sees_no_case(tove, case, WORDS, REMINDER)
    somebody.comes_back()
    somebody.looks_around("visit-closed")
    assert not somebody.page.get_by_text(SERVICE_SAID).count()


def the_board_reads_figures(people, case: str) -> None:
    # Two counsellors release last year's report; the board reads figures, and not a word of a case.
    _, conny, ravi, _, berta = people
    proposal = conny.proposes_the_report(LAST_YEAR, TEXTS)
    assert berta.gets_no_further_than_the_login(f"/counsel/reports/{LAST_YEAR}")
    berta.goes_to("/board/counsel/")
    assert not berta.page.locator(f"main a[href$='/{LAST_YEAR}']").count()
    ravi.confirms(proposal)
    ravi.goes_to("/counsel/")
    berta.goes_to("/board/counsel/")
    berta.looks_around("board-counsel-years")
    berta.follows(f"/{LAST_YEAR}")
    for words in TEXTS.values():
        assert berta.sees(words)
    berta.looks_around("board-counsel-report")
    assert not [one for one in (WORDS, case, RECIPIENT) if one in berta.page.content()]
    assert berta.saves_the_file("PDF").startswith(b"%PDF")
