"""The list of postings and the page of each: what is open, how many seats, until when, in both languages."""

from datetime import timedelta

import pytest

from app.shared.models import Posting
from tests.app.public import calls


def test_the_list_shows_what_is_open_and_nothing_else(applicant):
    page = applicant.see("/").page
    assert all(
        title in page for title in ("User support", "Membership office", "Counsellors", "Project lead")
    )
    assert "Communication" not in page
    assert "geheim" not in page


def test_seats_are_worded_as_in_the_call(applicant):
    page = " ".join(applicant.see("/").page.split())
    for wanted in ("3+", "at least 2", ">2<"):
        assert wanted in page


def test_a_list_without_postings_says_so(cast):
    page = cast.outsider().get("/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "There are no open postings at the moment" in page


def test_marks_say_strict_employed_and_extended(applicant):
    page = applicant.see("/").page
    assert page.count("strictly separate") == 2
    assert page.count("employed") >= 1
    assert page.count(">extended<") == 1


def test_a_posting_tells_the_deadline_and_the_one_before(applicant):
    page = applicant.see("/postings/counsellors").page
    assert "extended, it was" in page
    assert "2 years" in page


def test_an_empty_seat_is_counted_as_one(published, applicant):
    with published.shared():
        Posting.update(filled_before=2).where(Posting.slug == "membership-office").execute()
    assert "none, all are filled" in applicant.see("/postings/membership-office").page


def test_a_closed_posting_says_so_and_takes_no_application(applicant):
    assert applicant.see("/postings/communication").status == 410
    assert "This posting is closed" in applicant.page
    assert "/apply" not in applicant.page


def test_a_posting_whose_deadline_is_over_is_closed_without_anybody_closing_it(published, applicant):
    with published.shared():
        Posting.update(deadline=calls.TODAY() - timedelta(days=1)).where(
            Posting.slug == "user-support"
        ).execute()
    assert applicant.see("/postings/user-support").status == 410


@pytest.mark.parametrize("slug", ["secret-plan", "nothing-here", "a" * 500, "%00", "..%2Fetc"])
def test_a_draft_and_what_was_never_there_are_not_found(applicant, slug):
    assert applicant.see(f"/postings/{slug}").status == 404
    assert applicant.see(f"/postings/{slug}/apply").status == 404


def test_reading_sets_no_cookie_and_may_be_cached(applicant):
    for path in ("/", "/postings/user-support"):
        applicant.see(path)
        assert "Set-Cookie" not in applicant.answer.headers
        assert "max-age=60" in applicant.answer.headers["Cache-Control"]


def test_pages_with_a_form_are_kept_nowhere(applicant):
    for path in ("/postings/user-support/apply", "/mailbox", "/contact"):
        applicant.see(path)
        assert applicant.answer.headers["Cache-Control"] == "no-store"


def test_german_comes_first(published):
    page = published.outsider().get("/postings/membership-office").get_data(as_text=True)
    assert "Mitgliederverwaltung" in page
    assert '<html lang="de"' in page


def test_text_of_a_call_is_markdown_without_html(published, applicant):
    texts = {"de": {**calls.SUPPORT["texts"]["de"], "tasks": "**wichtig** <script>alert(1)</script>"}}
    with published.shared():
        Posting.update(texts=texts).where(Posting.slug == "user-support").execute()
    page = applicant.see("/postings/user-support").page
    assert "<strong>wichtig</strong>" in page
    assert "<script>alert" not in page
