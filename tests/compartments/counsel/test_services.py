"""The directory of services: searched, kept by two at once, in and out as CSV."""

from datetime import date
from io import BytesIO

import pytest

from app.clock import today
from compartments.counsel.services import importing, service, words
from compartments.counsel.services.models import Service
from compartments.counsel.tables import ChangedMeanwhile
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, read, visit_and_fill

FILE = (
    "name;region;topics;languages;accessibility;phone;checked_on\n"
    "Wildwasser;Berlin;Gewalt, Übergriffe;de, en;stufenlos;030 1;2026-01-02\n"
    'Antidiskriminierung;Köln;Diskriminierung;de, tr;"Gebärdensprache, stufenlos";0221 2;\n'
)


@pytest.fixture
def directory(office):
    with office.vault("conny"):
        importing.take_in(FILE)
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
    taken = importing.take_in(importing.decoded(service.export()))
    assert (taken.added, taken.changed, taken.same) == ([], [], 2)
    assert list(Service.select().order_by(Service.name).dicts()) == before


def test_an_empty_cell_leaves_alone_what_stands_there(directory):
    done = importing.take_in("name;region;phone;web\nWildwasser;Berlin;;https://example.org\n")
    (one,) = service.search(words="Wildwasser")
    assert (one.phone, one.web, one.topics) == ("030 1", "https://example.org", "Gewalt, Übergriffe")
    assert [dict(each.columns) for each in done.changed] == [{"web": ("", "https://example.org")}]


def test_a_file_that_names_no_region_means_the_only_service_of_that_name(directory):
    importing.take_in("name,phone\nWildwasser,030 9\n")
    assert [one.phone for one in service.search(words="Wildwasser")] == ["030 9"]


def test_columns_are_known_by_their_heads_in_each_language_and_days_as_they_are_written_there(office):
    with office.cast.app.test_request_context(), office.vault("conny"):
        heads = words.heads()
        text = "Name;Themen;Zuletzt geprüft am;Farbe\nWildwasser;Gewalt;02.01.2026;blau\n"
        heads |= {"themen": "topics", "zuletzt geprüft am": "checked_on"}
        plan = importing.take_in(text, heads)
        (one,) = service.search()
    assert (one.topics, one.checked_on) == ("Gewalt", date(2026, 1, 2))
    assert plan.unknown == ["Farbe"]


def test_what_is_taken_is_what_somebody_has_looked_at(directory):
    text = "name;region;phone\nWildwasser;Berlin;030 5\n"
    sign = importing.plan(text).sign
    one = service.search(words="Wildwasser")[0]
    service.checked(one.id, today())
    with pytest.raises(ChangedMeanwhile):
        importing.take_in(text, sign=sign)
    assert service.search(words="Wildwasser")[0].phone == "030 1"


def test_a_cell_never_begins_like_a_formula_and_comes_back_as_it_was(office):
    with office.vault("conny"):
        service.keep(new_id(), {"name": "=1+1", "phone": "+49 30 1"}, version=0)
        text = service.export().decode("utf-8-sig")
        assert "'=1+1" in text
        importing.take_in(importing.decoded(text.encode()))
        assert [one.name for one in service.search()] == ["=1+1"]


def test_a_file_with_a_bad_row_changes_nothing_and_says_which(office):
    with office.vault("conny"):
        with pytest.raises(importing.Refused) as refused:
            importing.take_in("name,checked_on\nGut,2026-01-01\n,2026-01-01\nSpaet,gestern\nMehr,,Zellen\n")
        assert [(row.line, row.why) for row in refused.value.rows] == [(3, "name"), (4, "day"), (5, "cells")]
        with pytest.raises(importing.Refused) as refused:
            importing.take_in("name,phone\nGut,1\nGut,2\n")
        assert [(row.line, row.why) for row in refused.value.rows] == [(3, "twice")]
        assert Service.select().count() == 0
        with pytest.raises(importing.Refused):
            importing.take_in("irgendwas\n1\n")
        with pytest.raises(importing.Refused):
            importing.decoded(b"x" * (importing.MOST_BYTES + 1))


@pytest.mark.parametrize("head", ["name,note\n", ""], ids=["in a row", "in the heads"])
def test_a_quotation_mark_that_is_never_closed_is_refused_and_no_error_page(office, head):
    file = (head + '"Wildwasser\n' + "Zeile\n" * 30_000).encode()
    bad = visit_and_fill(office["conny"].client(), "/counsel/services/import", file=(BytesIO(file), "x.csv"))
    assert bad.status_code == 200
    with office.vault("conny"):
        assert service.search() == []


def test_what_nobody_has_checked_for_a_year_is_called_up(office):
    with office.vault("conny"):
        importing.take_in(FILE)
        assert {one.name for one in service.to_check(today())} >= {"Antidiskriminierung"}
        for one in service.search():
            service.checked(one.id, today())
        assert service.to_check(today()) == []


def test_the_pages_import_search_change_and_lose_nothing_of_two_at_once(office):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    content = FILE.replace("\n", "\r\n").replace("Wildwasser", "Wild\0wasser").encode()
    looked = visit_and_fill(conny, "/counsel/services/import", file=(BytesIO(content), "dienste.csv"))
    assert "Antidiskriminierung" in looked.text
    with office.vault("conny"):
        assert service.search() == []
    assert fill(conny, looked).status_code == 303
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


def test_a_service_is_deleted_after_a_second_look_only(office):
    conny = office["conny"].client()
    with office.vault("conny"):
        importing.take_in(FILE)
        one = service.search(words="Wildwasser")[0].id
    assert not any(
        (action or "").endswith("/remove") for action, _fields in read(conny.get(f"/counsel/services/{one}"))
    )
    asked = conny.get(f"/counsel/services/{one}/remove")
    assert "Wildwasser" in asked.text
    with office.vault("conny"):
        assert len(service.search()) == 2
    assert fill(conny, asked).status_code == 303
    with office.vault("conny"):
        assert [left.name for left in service.search()] == ["Antidiskriminierung"]
