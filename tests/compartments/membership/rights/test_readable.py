"""The access report as its person reads it: names and words, no ids and no codes."""

import pytest

from compartments.membership.rights.readable import INTERNAL, NAMES, readable
from compartments.membership.rights.report import report
from tests.compartments.membership.conftest import NOW
from tests.compartments.membership.rights.conftest import fill as somebody

NO_NAME_NEEDED = {"message", "merged"}
"""Ids of rows that stand in a report of their own."""


@pytest.fixture(params=["de", "en"])
def language(request, cast):
    with cast.app.test_request_context("/", headers={"Accept-Language": request.param}):
        yield request.param


@pytest.fixture
def made(cast):
    with cast.vault("membership"):
        person = somebody()
        statements = {"recipients": [], "purposes": []}
        held = report(person.id, organisation="Verein", day=NOW.date(), statements=statements)
        return held, {person.division_id: "Kreisverband Köln"}


def rows_of(made, table):
    return readable(*made)["held"][table]


def test_every_field_of_a_report_has_a_name_or_is_the_programs_own(made):
    fields = {name for rows in made[0]["held"].values() for row in rows for name in row}
    assert fields <= set(NAMES) | INTERNAL | NO_NAME_NEEDED


def test_nothing_but_words_is_left(made, language):
    texts = [text for rows in readable(*made)["held"].values() for row in rows for text in row.values()]
    assert texts
    assert all(isinstance(text, str) and text for text in texts)
    assert not [text for text in texts if text in {"True", "False", "None"} or text.startswith(("{", "["))]


@pytest.mark.parametrize("typed", ['{"left_on": "soon"}', "{}", '{"a": 1}'])
def test_what_somebody_typed_is_said_as_they_typed_it(made, language, typed):
    for row in made[0]["held"]["admission"]:
        row["remarks"] = typed
    assert {typed} <= {text for row in rows_of(made, "admission") for text in row.values()}


def test_what_changed_is_said_by_the_fields_name(made, language):
    (changed,) = (row for row in rows_of(made, "merged_change"))
    label, name = {"de": ("Feld", "Notizen"), "en": ("Field", "Notes")}[language]
    assert changed[label] == name


def test_days_and_amounts_are_written_as_people_do(made, language):
    said = {text for row in rows_of(made, "payment") for text in row.values()}
    day, amount = {"de": ("01.03.2016", "48,00 €"), "en": ("1 Mar 2016", "48.00 €")}[language]
    assert day in said
    assert amount in said
