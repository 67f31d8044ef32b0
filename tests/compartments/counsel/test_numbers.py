"""Numbers in the report's texts: found in figures and words, so that two officers look at each before it leaves."""

import pytest

from compartments.counsel.annual.models import TEXTS
from compartments.counsel.annual.numbers import found_in


def numbers(text):
    return [one.number for one in found_in({**dict.fromkeys(TEXTS, ""), "work": text})]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Es gab nur 3 körperliche Vorfälle.", "3"),
        ("Es gab **drei** körperliche Vorfälle.", "drei"),
        ("Rund 12,5 % kamen wieder.", "12,5"),
        ("Fünf Personen kamen.", "Fünf"),
        ("Es waren siebzehn.", "siebzehn"),
        ("Es war zweifach belegt.", "zweifach"),
        ("Es waren einundzwanzig.", "einundzwanzig"),
        ("Es waren sechzehn.", "sechzehn"),
        ("Hundertzwanzig kamen.", "Hundertzwanzig"),
        ("Es waren zweihundertfünfunddreißig.", "zweihundertfünfunddreißig"),
        ("Die Hälfte kam wieder.", "Hälfte"),
        ("Beide kamen aus einem Kreis.", "Beide"),
        ("Eine Person kam zweimal.", "Eine Person"),
        ("Es war nur einer.", "nur einer"),
        ("Das einzige Mal im Land.", "einzige"),
        ("- Dreimal ging es um Zwang", "Dreimal"),
        ("There were twenty-one of them.", "twenty-one"),
        ("Only one incident was physical.", "Only one"),
        ("Both came from Köln.", "Both"),
        ("`7` in a row", "7"),
    ],
)
def test_a_number_is_found_in_figures_and_in_words(text, number):
    assert number in numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2025 haben wir zugehört.",
        "Schreiben Sie einfach, und ein Mensch antwortet.",
        "1. Mehr Räume\n2. Mehr Zeit",
        "Wir achten darauf, einander zuzuhören; eine gute Begleitung ist keine Einbahnstraße.",
        "Someone listened, and we have often been asked for more rooms.",
        "Der Verein braucht einen Raum und eine Supervision.",
        "Ein Tisch, an dem man auch einfach sitzen konnte.",
    ],
)
def test_what_counts_nothing_is_no_number(text):
    assert numbers(text) == []


def test_what_stands_around_a_number_is_shown_and_in_which_text():
    (one,) = found_in({**dict.fromkeys(TEXTS, ""), "conclusions": "Davon waren 3 körperlich."})
    assert (one.text, one.before, one.number, one.after) == (
        "conclusions",
        "Davon waren ",
        "3",
        " körperlich.",
    )
