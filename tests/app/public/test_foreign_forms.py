"""A form that another website sends in a visitor's name: whoever made it knows its seed, and with it the receipt code of what is written into it."""

import pytest

from tests.app.public import counselled

SEED = "5e" * 32
FORMS = [
    ("/counselling", {"part": "write", "go": "start"}),
    ("/postings/project-lead/apply", {"step": "contact", "go": "next"}),
    ("/membership-application", {"step": "person", "go": "next"}),
    ("/contact", {"subject": "Frage"}),
]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(("path", "typed"), FORMS)
def test_what_another_site_sends_is_refused_and_its_seed_shown_to_nobody(applicant, path, typed, site):
    answer = applicant.client.post(path, data={**typed, "seed": SEED}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 400
    assert SEED not in answer.text


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_are_taken_with_what_browsers_say_of_them(office, person, site):
    person.client.environ_base["HTTP_SEC_FETCH_SITE"] = site
    assert counselled.write_in(person, office, "conny")


def test_the_first_page_for_the_counsellors_takes_no_seed_from_anybody(office, person):
    person.send("/counselling", {"part": "write", "go": "start", "seed": SEED})
    assert person.heading == "Who may read it"
    assert SEED not in person.page
    assert person.holds("seed") != SEED
