"""The words that are given as examples for Kölner Phonetik, its rules one by one, and names that must meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compartments.membership.phonetics import code

PUBLISHED = {
    "Wikipedia": "3412",
    "Müller-Lüdenscheidt": "65752682",
    "Müller": "657",
    "Lüdenscheidt": "52682",
    "Breschnew": "17863",
    "Heinz": "068",
    "Classen": "4586",
    "Maier": "67",
    "Philipp": "351",
    "Xaver": "4837",
    "Cäsar": "487",
    "Celsius": "8588",
}
ALIKE = (
    ("Meier", "Meyer", "Maier", "Mayr", "Mayer"),
    ("Schmidt", "Schmitt", "Schmid"),
    ("Müller", "Mueller", "MÜLLER", "Muller", "Miller"),
    ("Philipp", "Filip"),
    ("Christian", "Kristian"),
    ("Weiß", "Weiss", "Weis"),
    ("Jäger", "Jaeger", "Yaeger"),
    ("Łukasz", "Lukasz"),
)


@pytest.mark.parametrize(("word", "digits"), PUBLISHED.items())
def test_published_words(word, digits):
    assert code(word) == digits


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: names[0])
def test_names_that_sound_alike_meet(names):
    assert len({code(name) for name in names}) == 1


def test_other_names_dont():
    assert len({code(name) for name in ("Müller", "Schmidt", "Weber", "Wagner", "Becker", "Hoffmann")}) == 6


@pytest.mark.parametrize(("word", "digits"), [("", ""), ("-", ""), ("Ивано́в", ""), ("h", ""), ("123", "")])
def test_what_has_no_latin_letter_that_sounds_has_no_code(word, digits):
    assert code(word) == digits


@given(st.text(max_size=40))
def test_a_code_is_digits_without_repetition_and_without_a_vowel_inside(word):
    digits = code(word)
    assert digits == "" or digits.isdecimal()
    assert "0" not in digits[1:]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", max_size=30))
def test_case_makes_no_difference(word):
    assert code(word) == code(word.upper())
