"""The directory of services: searched, kept by two at once, in and out as CSV."""

from io import BytesIO

import pytest

from app.clock import today
from compartments.counsel.services import service
from compartments.counsel.services.models import Service
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, visit_and_fill

FILE = (
    "name;region;topics;languages;accessibility;phone;checked_on\n"
    "Wildwasser;Berlin;Gewalt, Übergriffe;de, en;stufenlos;030 1;2026-01-02\n"
    'Antidiskriminierung;Köln;Diskriminierung;de, tr;"Gebärdensprache, stufenlos";0221 2;\n'
)


@pytest.fixture
def directory(office):
    with office.vault("conny"):
        service.take_in(FILE.encode())
        yield


def test_it_is_searched_by_word_region_topic_language_and_accessibility(directory):
    def names(**wanted):
        return [one.name for one in service.search(**wanted)]

    assert names() == ["Antidiskriminierung", "Wildwasser"]
    assert names(words="übergriffe") == [] or names(words="Übergriffe") == ["Wildwasser"]
    assert names(region="Köln") == ["Antidiskriminierung"]
    assert names(language="en", topic="Gewalt") == ["Wildwasser"]
    assert names(access="Gebärdensprache") == ["Antidiskriminierung"]
    assert service.choices("topics") == ["Diskriminierung", "Gewalt", "Übergriffe"]


def test_out_and_in_again_changes_nothing(directory):
    before = list(Service.select().order_by(Service.name).dicts())
    taken = service.take_in(service.export())
    assert (taken.added, taken.changed) == (0, 2)
    after = list(Service.select().order_by(Service.name).dicts())
    same = {"version"}
    assert [{k: v for k, v in row.items() if k not in same} for row in before] == [
        {k: v for k, v in row.items() if k not in same} for row in after
    ]


def test_a_cell_never_begins_like_a_formula_and_comes_back_as_it_was(office):
    with office.vault("conny"):
        service.keep(new_id(), {"name": "=1+1", "phone": "+49 30 1"}, version=0)
        text = service.export().decode("utf-8-sig")
        assert "'=1+1" in text
        service.take_in(text.encode())
        assert [one.name for one in service.search()] == ["=1+1"]


def test_a_file_with_a_bad_row_changes_nothing_and_says_which(office):
    with office.vault("conny"):
        with pytest.raises(service.Refused) as refused:
            service.take_in(b"name,checked_on\nGut,2026-01-01\n,2026-01-01\nSpaet,gestern\n")
        assert [(row.line, row.why) for row in refused.value.rows] == [(3, "name"), (4, "day")]
        assert Service.select().count() == 0
        with pytest.raises(service.Refused):
            service.take_in(b"irgendwas\n1\n")


def test_what_nobody_has_checked_for_a_year_is_called_up(office):
    with office.vault("conny"):
        service.take_in(FILE.encode())
        assert {one.name for one in service.to_check(today())} >= {"Antidiskriminierung"}
        for one in service.search():
            service.checked(one.id, today())
        assert service.to_check(today()) == []


def test_the_pages_import_search_change_and_lose_nothing_of_two_at_once(office):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    answer = visit_and_fill(conny, "/counsel/services/import", file=(BytesIO(FILE.encode()), "dienste.csv"))
    assert answer.status_code == 303
    page = conny.get("/counsel/services?words=Wildwasser").text
    assert "Wildwasser" in page
    assert "Antidiskriminierung" not in page.partition("<table")[2]
    with office.vault("conny"):
        one = service.search(words="Wildwasser")[0].id
    stale = ravi.get(f"/counsel/services/{one}/change")
    post(conny, f"/counsel/services/{one}/change", note="Connys Notiz")
    both = fill(ravi, stale, note="Ravis Notiz").text
    assert "Connys Notiz" in both
    assert "Ravis Notiz" in both
    assert conny.get("/counsel/services.csv").data.startswith(b"\xef\xbb\xbfname,")
    bad = visit_and_fill(conny, "/counsel/services/import", file=(BytesIO(b"x\n1\n"), "x.csv"))
    assert bad.status_code == 200
