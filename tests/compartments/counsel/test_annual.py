"""The annual report: counted apart from the cases, protected, released once by two, read by the board, recomputable nowhere."""

import random
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from babel.dates import format_date
from pypdf import PdfReader

from app.clock import today, utc_now
from app.disclosure import Protected
from app.office import releases
from app.vault import proposals
from compartments.board.counsel import service as board
from compartments.board.models import CounselReport
from compartments.counsel.annual import figures, service, words
from compartments.counsel.annual.models import YearSeed, YearText
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.models import Consultation
from compartments.counsel.prevention import service as prevention
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, visit_and_fill
from tests.pages import words as words_of

LAST_YEAR = today().year - 1


def counted(number=120, year=LAST_YEAR):
    """A year with many incidents of some kinds, and few of others."""
    luck = random.Random(5)
    for _each in range(number):
        codes = {
            field: luck.choices(known, weights=range(len(known), 0, -1))[0] for field, known in FIELDS.items()
        }
        incidents.add(codes, half=f"{year}-{luck.choice((1, 2))}")
    for place in range(number):
        new = dict.fromkeys(("new_here", "new_by_turn", "new_by_channel", "new_in_year"), True)
        talk = {"half": f"{year}-1", "first": place % 3 == 0, "channel": "online"}
        Consultation.create(id=new_id(), **talk, **new)
    event = {
        "day": date(year, 5, 1),
        "title": "Stand",
        "kind": "stand",
        "audience": "public",
        "number": 300,
    }
    prevention.keep_event(new_id(), event)


@pytest.fixture
def year(office):
    with office.vault("conny"):
        counted()
    return LAST_YEAR


def test_small_numbers_stay_in_the_vault(office, year):
    with office.vault("conny"):
        tables = {one.name: one for one in figures.protected(year)}
    assert tables["incidents-by-kind-and-setting"].k == 10
    for one in tables.values():
        assert all(number is None or number >= 10 for number in one.cells.values()), one.name
    assert tables["incidents-by-kind-and-setting"].total == 120


def test_two_counsellors_release_it_and_the_board_reads_it(office, cast, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    post(
        conny,
        f"/counsel/reports/{year}",
        conclusions="## Mehr Zeit\n\nEs braucht **Räume**.",
        work="Zugehört.",
        prevention="Ein Abend.",
        recommendations="Mehr Platz.",
    )
    assert "Räume" in conny.get(f"/counsel/reports/{year}/preview").text
    assert conny.get(f"/counsel/reports/{year}/pdf").data.startswith(b"%PDF")
    proposal = post(conny, f"/counsel/reports/{year}/release")
    assert "/confirm" not in proposal.text
    said = [proposal.text.index(text) for text in ("Zugehört.", "Ein Abend.", "Mehr Zeit", "Mehr Platz.")]
    assert said == sorted(said)
    with office.vault("conny"):
        assert not releases.is_released(str(year), "annual-report")
    answer = post(ravi, proposal.request.path, "/confirm")
    assert answer.status_code == 200
    ravi.get("/counsel/")
    page = cast["board"].client().get(f"/board/counsel/{year}")
    assert "Räume" in page.text
    assert cast["board"].client().get(f"/board/counsel/{year}/pdf").data.startswith(b"%PDF")
    with cast.vault("board"):
        report = board.find(str(year))
        assert {one.name for one in report.tables} == set(words.TITLES)
        assert len(report.row.released_by) == 2
    with office.vault("conny"), pytest.raises(releases.AlreadyReleased):
        service.write(
            year,
            dict.fromkeys(("work", "prevention", "conclusions", "recommendations"), "x"),
            version=1,
            by_name="",
        )


def test_what_is_released_does_not_change_with_what_is_counted_later(office, cast, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    proposal = post(conny, f"/counsel/reports/{year}/release")
    post(ravi, proposal.request.path, "/confirm")
    before = ravi.get(f"/counsel/reports/{year}/preview").text
    with office.vault("conny"):
        counted(30)
    after = ravi.get(f"/counsel/reports/{year}/preview").text
    assert [line for line in before.splitlines() if "<td" in line] == [
        line for line in after.splitlines() if "<td" in line
    ]
    with office.vault("conny"):
        tables = [
            Protected.from_json(text)
            for text in releases.releases(type_="annual-report")[0].figures["tables"]
        ]
        assert tables[1].total == 120


def test_the_year_before_stands_beside_it_as_it_was_released(office, cast, year):
    conny, ravi, board = office["conny"].client(), office["ravi"].client(), cast["board"].client()
    with office.vault("conny"):
        counted(160, year - 1)
    english = {"Accept-Language": "en"}
    assert "The last column" not in conny.get(f"/counsel/reports/{year}/preview", headers=english).text
    for one in (year - 1, year):
        post(ravi, post(conny, f"/counsel/reports/{one}/release").request.path, "/confirm")
        ravi.get("/counsel/")
    with office.vault("conny"):
        counted(50, year - 1)
    for page in (
        conny.get(f"/counsel/reports/{year}/preview", headers=english),
        board.get(f"/board/counsel/{year}", headers=english),
    ):
        assert f"The last column is what the report of {year - 1} told in all." in page.text
        manner = page.text.partition("Incidents by what it was</h2>")[2].partition("</table>")[0]
        *_, sums = re.findall("<tr.*?</tr>", manner, re.DOTALL)
        assert re.findall(">([0-9]+)<", sums) == ["120", "160"]
    pdf = PdfReader(BytesIO(board.get(f"/board/counsel/{year}/pdf", headers=english).data))
    assert f"report of {year - 1}" in " ".join(page.extract_text() for page in pdf.pages).replace("\n", " ")


def test_who_withdraws_between_proposal_and_confirmation_is_not_in_what_leaves(office, seeker, year):
    """The confirming counsellor reads the case; the letter with the withdrawal waits unopened until the moment of the release."""
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=utc_now())
        codes = {field: known[0] for field, known in FIELDS.items()}
        incidents.add_from(case, codes, half=f"{year}-1", entry_id=new_id(), now=utc_now())
    conny, ravi = office["conny"].client(), office["ravi"].client()
    proposal = post(conny, f"/counsel/reports/{year}/release")
    seeker.write(new_id(), {"kind": "consent", "consent": "statistics", "decision": "withdrawn"})
    post(ravi, proposal.request.path, "/confirm")
    with office.vault("conny"):
        assert not releases.is_released(str(year), "annual-report")
    proposal = post(conny, f"/counsel/reports/{year}/release")
    post(ravi, proposal.request.path, "/confirm")
    with office.vault("conny"):
        (released,) = releases.releases(type_="annual-report")
        assert Protected.from_json(released.figures["tables"][1]).total == 120


def test_who_confirms_looks_at_just_what_would_be_released_and_at_nothing_that_changed_since(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    post(conny, f"/counsel/reports/{year}", conclusions="So wurde es vorgeschlagen.")
    proposal = post(conny, f"/counsel/reports/{year}/release")
    with office.vault("conny"):
        YearText.update(conclusions="Harmlos.").execute()
    page = ravi.get(proposal.request.path).text
    (details,) = set(re.findall(rf'href="(/counsel/reports/{year}/preview[^"]*)"', page))
    shown = ravi.get(details.replace("&amp;", "&")).text
    assert "So wurde es vorgeschlagen." in shown
    assert "Harmlos." not in shown
    assert ravi.get(f"/counsel/reports/{year - 1}/preview?{details.partition('?')[2]}").status_code == 404
    post(ravi, proposal.request.path, "/confirm")
    with office.vault("conny"):
        assert not releases.is_released(str(year), "annual-report")


def test_going_on_to_the_preview_or_to_the_release_saves_what_was_written(office, year):
    conny = office["conny"].client()
    for place, then in enumerate(("preview", "release")):
        answer = visit_and_fill(conny, f"/counsel/reports/{year}", conclusions=f"Schluss {place}", then=then)
        assert answer.location.endswith(f"/counsel/reports/{year}/{then}")
        with office.vault("conny"):
            assert service.texts(year).conclusions == f"Schluss {place}"


def test_while_a_release_is_proposed_nobody_changes_its_texts_and_no_word_is_lost(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    stale = ravi.get(f"/counsel/reports/{year}")
    post(conny, f"/counsel/reports/{year}", conclusions="So steht es da.")
    proposal = post(conny, f"/counsel/reports/{year}/release")
    assert "<textarea" not in (locked := conny.get(f"/counsel/reports/{year}").text)
    assert "So steht es da." in locked
    refused = fill(ravi, stale, conclusions="Ravis spätes Wort")
    assert "Ravis spätes Wort" in refused.text
    assert proposal.request.path in refused.text
    with office.vault("conny"):
        assert service.texts(year).conclusions == "So steht es da."
    post(conny, proposal.request.path, "/refuse", reason="Noch etwas")
    assert "<textarea" in conny.get(f"/counsel/reports/{year}").text


def test_what_a_colleague_changed_after_the_look_is_not_proposed(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    looked = conny.get(f"/counsel/reports/{year}/release")
    post(ravi, f"/counsel/reports/{year}", conclusions="Ravis Zusatz")
    assert fill(conny, looked).location.endswith("/preview")
    with office.vault("conny"):
        assert proposals.waiting() == []


def test_two_officers_look_at_each_number_in_the_texts(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    address = f"/counsel/reports/{year}/release"
    post(conny, f"/counsel/reports/{year}", work="Davon waren nur 3 körperlich.")
    refused = visit_and_fill(conny, address)
    assert refused.status_code == 200
    assert "<strong>3</strong> körperlich." in refused.text
    assert "error-summary" in refused.text
    proposal = post(conny, address, seen="y")
    page = visit_and_fill(ravi, proposal.request.path, "/confirm")
    assert page.status_code == 200
    assert "<strong>3</strong> körperlich." in page.text
    with office.vault("conny"):
        assert not releases.is_released(str(year), "annual-report")
    post(ravi, proposal.request.path, "/confirm", seen="y")
    with office.vault("conny"):
        assert releases.is_released(str(year), "annual-report")


def test_the_proposal_shows_the_texts_as_they_will_look(office, year):
    conny = office["conny"].client()
    post(conny, f"/counsel/reports/{year}", conclusions="Es braucht **Räume**.")
    page = post(conny, f"/counsel/reports/{year}/release").text
    assert "<strong>Räume</strong>" in page
    assert "**Räume**" not in page


def test_what_is_not_released_says_so_on_every_page_of_its_pdf(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()

    def pages():
        answer = conny.get(f"/counsel/reports/{year}/pdf", headers={"Accept-Language": "en"})
        texts = [page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages]
        return answer.headers["Content-Disposition"], ["not released" in text for text in texts]

    name, drafts = pages()
    assert "draft" in name
    assert len(drafts) > 1
    assert all(drafts)
    post(ravi, post(conny, f"/counsel/reports/{year}/release").request.path, "/confirm")
    name, drafts = pages()
    assert "draft" not in name
    assert not any(drafts)


def test_a_year_that_is_not_over_is_not_released(office):
    conny, this_year = office["conny"].client(), today().year
    assert "/release" not in conny.get(f"/counsel/reports/{this_year}").text


def test_two_who_write_the_report_at_once_lose_nothing(office, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    stale = ravi.get(f"/counsel/reports/{year}")
    post(conny, f"/counsel/reports/{year}", conclusions="Connys Schluss")
    answer = fill(ravi, stale, conclusions="Ravis Schluss").text
    assert "Connys Schluss" in answer
    assert "Ravis Schluss" in answer


def test_what_is_left_out_for_others_sake_is_chosen_by_a_secret_of_the_year_that_stays_in_the_vault(
    office, year
):
    with office.vault("conny"):
        first = [one.to_json() for one in figures.protected(year)]
        assert [one.to_json() for one in figures.protected(year)] == first
        figures.protected(year - 1)
        seeds = [bytes(one.seed) for one in YearSeed.select()]
    assert len(set(seeds)) == len(seeds) == 2
    assert {len(seed) for seed in seeds} == {32}
    for page in ("preview", "pdf"):
        content = office["ravi"].client().get(f"/counsel/reports/{year}/{page}").data
        assert not any(seed in content or seed.hex().encode() in content for seed in seeds)


def test_a_table_of_which_nothing_is_told_is_a_sentence_and_a_bar_that_is_not_told_is_marked(office, year):
    page = office["conny"].client().get(f"/counsel/reports/{year}/preview", headers={"Accept-Language": "en"})
    tables, _, after = page.text.partition("Of these tables nothing can be told")
    assert "Steps outside, each with consent" in after
    assert 'id="table-steps-outside"' not in page.text
    with office.vault("conny"):
        shown = [one for one in figures.protected(year) if one.suppressed < len(one.cells)]
    assert tables.count("<table") == len(shown)
    hidden = [
        code
        for one in shown
        for code, cells in one.rows()[:-1]
        if cells[-1] is None and any(sums[-1] for _code, sums in one.rows()[:-1])
    ]
    assert hidden
    assert tables.count('class="released__hidden"') == len(hidden)


def test_the_board_reads_on_which_day_a_report_was_released(office, cast, year):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    post(ravi, post(conny, f"/counsel/reports/{year}/release").request.path, "/confirm")
    ravi.get("/counsel/")
    client = cast["board"].client()
    client.get(f"/board/counsel/{year}")
    with cast.vault("board"):
        report = board.find(str(year))
        assert report.released_on == today()
        CounselReport.update(received_on=today() + timedelta(days=3)).execute()
    page = words_of(client.get("/board/counsel/", headers={"Accept-Language": "en"}))
    assert "Released on" in page
    assert format_date(today(), locale="en_GB") in page
    assert format_date(today() + timedelta(days=3), locale="en_GB") not in page
