"""The ways that lead somebody in need to the counsellors, from the pages that they may open first. None of them leaves a trace."""

import re

import pytest

from keys.codes import new_code
from tests.app.public import calls, counselled

WAY = re.compile(r'<a href="(/counselling)" rel="noreferrer">([^<]+)</a>')


@pytest.mark.parametrize("path", ["/", "/contact"])
def test_the_pages_that_everybody_opens_lead_to_the_counsellors_and_set_no_cookie(office, person, path):
    page = person.see(path)
    assert WAY.findall(page.page) == [("/counselling", "To the counsellors")]
    if path == "/":
        assert page.answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize(
    ("call", "leads"), [(calls.COUNSEL, True), (calls.MEMBERSHIP, False), (calls.LEAD, False)]
)
def test_the_posting_of_the_counsellors_leads_there_and_no_other_does(published, applicant, call, leads):
    page = applicant.see(f"/postings/{call['slug']}")
    assert page.status == 200
    assert bool(WAY.search(page.page)) is leads


def test_a_code_of_the_counsellors_is_answered_in_the_mailbox_as_one_of_nobody_and_told_where_it_belongs(
    office, person
):
    code = counselled.write_in(person, office, "conny")
    answers = []
    for typed in (code, new_code()):
        person.see("/mailbox")
        page = person.fill({"code": typed}).press().page
        assert "Is it a code from the counsellors?" in page
        assert WAY.findall(page) == [("/counselling", "Enter it on the counsellors' pages")]
        answers.append(re.sub(r'name="csrf_token"[^>]*>', "", page).replace(typed, ""))
    assert answers[0] == answers[1]
    assert typed not in str(person.answer.headers)


def test_the_mailbox_says_nothing_of_the_counsellors_before_something_was_typed(office, person):
    assert "Is it a code from the counsellors?" not in person.see("/mailbox").page
