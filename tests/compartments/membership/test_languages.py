"""In which language a person is mailed to: in the register, in lists, in the access report."""

import pytest

from compartments.membership import persons
from compartments.membership.imports.cells import BadCell, language
from compartments.membership.imports.mapping import guess
from compartments.membership.invitations import texts
from compartments.membership.rights.report import report
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.pages import visit_and_fill, words

PAGE = "/membership/persons/1"


@pytest.fixture
def person(cast):
    with cast.vault("membership"):
        return persons.add(details(member_number=1024, city="Bonn"), entry_id="e" * 32, by=MIKA, now=NOW).id


def of_person(cast):
    with cast.vault("membership"):
        return persons.find(1).language


def write(client, **typed):
    return visit_and_fill(client, f"{PAGE}/edit", country="DE", dues_every="12", **typed)


def test_the_language_is_in_the_record_and_in_its_history(cast, client, person):
    assert write(client, language="en").status_code == 303
    assert of_person(cast) == "en"
    assert "Language of mails English" in words(client.get(PAGE))
    assert "Language of mails" in words(client.get(f"{PAGE}/history"))


def test_a_language_that_nobody_here_writes_in_is_refused(cast, client, person):
    assert "Not a valid choice" in words(write(client, language="fr"))
    assert of_person(cast) == ""


def test_a_list_can_show_the_language(client, person):
    write(client, language="en")
    visit_and_fill(client, "/membership/lists/columns", columns=["number", "language"])
    assert "English" in words(client.get("/membership/")).replace("English Deutsch", "")


def test_the_access_report_says_it(office):
    person = persons.add(details(language="en"), entry_id="e" * 32, by=MIKA, now=NOW)
    held = report(person.id, organisation="V", day=NOW.date(), statements={"recipients": []})["held"]
    assert held["person"][0]["language"] == "en"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Deutsch", "de"),
        ("german", "de"),
        ("DE", "de"),
        ("de-DE", "de"),
        ("Englisch", "en"),
        ("en_GB", "en"),
        ("ger", "de"),
        ("Türkisch", None),
        ("fr", None),
    ],
)
def test_a_list_names_languages_as_people_do(text, meant):
    assert language(text) == meant


@pytest.mark.parametrize("text", ["x", "Mundart", "de;en", "ja nein"])
def test_what_is_no_language_is_said(text):
    with pytest.raises(BadCell, match="language"):
        language(text)


def test_the_column_of_a_list_is_found_by_its_name(office):
    assert guess(["Mitgliedsnummer", "Sprache"]) == {"member_number": 0, "language": 1}


def test_the_office_sets_what_everybody_else_gets(cast, client):
    own = {f"{language}_{part}": "" for language in ("de", "en") for part in ("subject", "text")}
    settings = {"claim_address": "https://verein.example/claim", "contact": "hilfe@verein.example"}
    sent = visit_and_fill(client, "/membership/invitations/wording", language="both", **settings, **own)
    assert sent.status_code == 303
    with cast.vault("membership"):
        assert (texts.language_for(""), texts.language_for("en")) == ("both", "en")
