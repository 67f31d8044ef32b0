"""The counsellors' pages as somebody reads them who must not be found out: no cookie, nothing cached, no telling title, a way out on each."""

import logging
import re
from io import BytesIO

import pytest

from app.shared.counsel_models import CounsellorCard
from compartments.counsel.counsellors import service as cards
from tests.app.public import counselled
from tests.compartments.counsel.conftest import card

READING = ["/counselling", *(f"/counselling/{number}" for number in range(1, 6))]
EXIT = re.compile(r'<a href="(/counselling/leave[^"]*)" rel="noreferrer" data-leave>')
TITLE = re.compile(r"<title>([^<]*)</title>")


def change_card(office, name, **changes):
    """Put another card of a counsellor up."""
    with office.vault("conny"):
        member = office[name]
        cards.present(member.account_id, card(name.title(), **changes), member.keys.public)
        office.take_in()


def take_cards_down():
    CounsellorCard.delete().execute()


def everything_shown(person, office):
    """Walk through every page there is, and show each."""
    for path in READING:
        yield person.see(path)
    yield counselled.begin(person)
    code = None
    for _page in range(9):
        if person.heading == "Check before you send":
            yield person.press("send")
            code = person.code
            break
        fields = {"readers-readers": [office["conny"].account_id], "words-text": "Hallo"}
        yield person.fill(
            {name: one for name, one in fields.items() if f'name="{name}"' in person.page}
        ).press("next")
    person.see("/counselling")
    yield person.press("start", form=1)
    yield person.fill({"code": code}).press("open")
    yield person.press("end")
    yield person.press("open")
    yield person.press("erase")
    yield person.see("/counselling/99")


def test_every_page_has_a_way_out_a_title_that_says_nothing_and_keeps_nothing(office, person):
    organisation = TITLE.search(person.see("/").page)[1].rpartition(" – ")[2]
    shown = 0
    for one in everything_shown(person, office):
        assert EXIT.search(one.page), one.path
        if one.status == 200:
            assert TITLE.search(one.page)[1] == organisation, one.path
        assert one.path.startswith("/counselling")
        headers = one.answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Refresh" not in headers
        assert "/language/" not in one.page
        shown += 1
    assert shown == len(READING) + 15


def test_reading_sets_no_cookie_and_writing_sets_one_that_ends_with_the_browser(office, person):
    for path in READING:
        assert person.see(path).answer.headers.getlist("Set-Cookie") == []
    cookies = counselled.begin(person).answer.headers.getlist("Set-Cookie")
    assert [one.partition("=")[0] for one in cookies] == ["schotten-form"]
    assert "Expires" not in cookies[0]
    assert "Max-Age" not in cookies[0]
    assert "SameSite=Strict" in cookies[0]


def test_leaving_goes_to_the_weather_and_makes_the_browser_forget(office, person):
    counselled.begin(person)
    answer = person.client.get(EXIT.search(person.page)[1])
    assert (answer.status_code, answer.location) == (303, "https://www.dwd.de/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("schotten-form=;")
    assert "Max-Age=0" in cookie


def test_leaving_without_a_cookie_sets_none(office, person):
    assert person.client.get("/counselling/leave").headers.getlist("Set-Cookie") == []


def test_another_language_needs_no_cookie_and_stays(office, person):
    person.see("/counselling?lang=de")
    assert '<html lang="de"' in person.page
    assert person.answer.headers.getlist("Set-Cookie") == []
    assert 'href="/counselling/3?lang=de"' in person.page
    person.press("start", form=0)
    assert '<html lang="de"' in person.page
    assert person.holds("lang") == "de"
    assert EXIT.search(person.page)[1] == "/counselling/leave?lang=de"


def test_a_language_that_nobody_speaks_changes_nothing(office, person):
    assert '<html lang="en"' in person.see("/counselling?lang=x%22y").page
    assert "lang=x" not in person.page


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_counsellors_stand_there_as_they_wrote(office, person, language):
    change_card(office, "ravi", portrait={"de": "**Hallo**, ich höre zu.", "en": "**Hello**, I listen."})
    person.language = language
    page = person.see("/counselling/2").page
    assert {"de": "<strong>Hallo</strong>", "en": "<strong>Hello</strong>"}[language] in page
    assert {"de": "Dienstags am Telefon", "en": "Tuesdays by phone"}[language] in page
    assert {"de": "Deutsch, Englisch", "en": "German, English"}[language] in page


def test_a_text_that_is_there_in_one_language_only_is_shown_in_that_one(office, person):
    change_card(office, "ravi", portrait={"de": "Nur deutsch.", "en": ""})
    assert "Nur deutsch." in person.see("/counselling/2").page


def test_a_portrait_brings_no_script_along(office, person):
    change_card(office, "ravi", portrait={"en": "<script>alert(1)</script> [x](javascript:alert(1))"})
    page = person.see("/counselling/2").page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_what_cannot_be_promised_is_said(office, person):
    text = person.see("/counselling/3").text
    assert "volunteers. They have no right to refuse to give evidence. Section 53" in text


def test_the_numbers_that_help_can_be_dialled(office, person):
    page = person.see("/counselling/1").page
    for number in ("110", "112", "116016", "08001239900", "08002255530", "116006", "08001110111", "116111"):
        assert f'href="tel:{number}"' in page


def test_where_nobody_takes_anything_on_nobody_can_be_written_to(office, person):
    for name in ("conny", "ravi", "tove"):
        change_card(office, name, accepts=False)
    page = person.see("/counselling").page
    assert "You can't write to us at the moment" in page
    assert 'value="write"' not in page
    assert 'value="visit"' in page
    assert "Can't take on anything new at the moment" in person.see("/counselling/2").text


def test_without_counsellors_the_pages_say_whom_to_turn_to(office, person):
    take_cards_down()
    assert "You can't write to us at the moment" in person.see("/counselling").text
    assert "There are no counsellors at the moment" in person.see("/counselling/2").text
    assert "116 016" in person.see("/counselling/1").page


def test_a_card_that_nobody_signed_is_not_shown(office, person):
    CounsellorCard.update(card={**card("Mallory"), "sealing_key": "00"}).where(
        CounsellorCard.account == office["ravi"].account_id
    ).execute()
    assert "Mallory" not in person.see("/counselling").page
    assert [one.name for one in office.published()] == ["Conny", "Tove"]


@pytest.fixture
def lines():
    """What the access log says meanwhile."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logger = logging.getLogger("schotten.access")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_no_line_of_the_log_says_that_somebody_was_there(office, person, lines):
    for _page in everything_shown(person, office):
        pass
    person.see("/contact")
    assert [line.split()[:2] for line in lines] == [["GET", "/contact"]]


def test_the_pages_need_no_drawing_no_font_and_no_script(office, person):
    for path in READING:
        page = person.see(path).page
        without = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
        assert "<img" not in without
        assert "@font-face" not in without
        assert re.findall(r"<script[^>]*>", page) == re.findall(
            r'<script src="/static/(?:schotten|leave|pages)[^>]*>', page
        )
        # The name stands beside the mark, and every link and button has words.
        assert not re.search(r"<(a|button)\b[^>]*>\s*</\1>", without)


def test_a_forged_address_leads_nowhere_else(office, person):
    assert person.client.post("/counselling", data={"part": "nonsense"}).location == "/counselling"
    assert person.see("/counselling/0").status == 404
    assert person.see("/counselling/7").status == 404


def test_what_is_far_too_large_gets_a_page_with_a_way_out_that_says_how_much_may_be_sent(office, person):
    counselled.walk(person, office, "conny").press("to:files")
    person.press("upload", files={"files-files": (BytesIO(bytes(20_000_000)), "Film.pdf")})
    assert person.status == 413
    assert "at most 10 MB" in person.page
    assert EXIT.search(person.page)


def test_what_the_server_in_front_has_refused_gets_that_page_in_its_language_and_no_line(person, lines):
    for language, words in (("en", "at most 10"), ("de", "höchstens 10")):
        answer = person.client.get(f"/counselling?lang={language}", headers={"X-Too-Large": "1"})
        assert (answer.status_code, f'lang="{language}"' in answer.text) == (413, True)
        assert words in answer.text
        assert EXIT.search(answer.text)
    person.see("/contact")
    assert [line.split()[:2] for line in lines] == [["GET", "/contact"]]
