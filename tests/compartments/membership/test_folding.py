"""Spellings of one name meet, and a word's beginning finds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compartments.membership.folding import LONGEST_WORD, address_word, fold, name_key, search_words, words_of

SAME = [
    ("Müller", "mueller", "MULLER", "Mu\u0308ller"),
    ("Straße", "STRASSE", "strasse"),
    ("Şahin", "sahin"),
    ("Łukasz", "lukasz"),
    ("Jørgensen", "Joergensen", "jorgensen"),
    ("Ægir", "Aegir"),
    ("François", "francois"),
    ("ﬁnn", "Finn"),
    ("İnci", "inci"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_fold_to_one_word(spellings):
    assert len({tuple(words_of(spelling)) for spelling in spellings}) == 1


@given(st.text("aeouAEOUäöüÄÖÜßéşøæłsxyz -'", max_size=20), st.integers(0, 20))
def test_the_fold_of_a_beginning_is_the_beginning_of_the_fold(word, cut):
    assert fold(word).startswith(fold(word[:cut]))


@given(st.sampled_from([name for names in SAME for name in names]), st.integers(1, 12))
def test_a_name_is_found_while_it_is_typed(name, cut):
    (word,) = words_of(name)
    assert word.startswith("".join(words_of(name[:cut])))


@given(st.text(max_size=200))
def test_anything_can_be_searched_for(text):
    for word in words_of(text):
        assert word
        assert len(word) <= LONGEST_WORD


def test_an_address_is_one_word_and_no_names_beginning():
    assert words_of("Anna.Mueller@Example.org") == ["@anna.muller@example.org"]
    assert address_word("anna.mü") == "@anna.mu"


def test_a_person_is_found_by_names_number_and_address():
    words = search_words(
        last_name="von der Tann", first_name="Zoë-Marie", member_number=1024, email="z@example.org"
    )
    assert words == {"von", "der", "tann", "zo", "marie", "1024", "@z@example.org"}


def test_the_register_is_sorted_by_last_name_then_first_names():
    assert name_key("Müller", "Zoe") < name_key("Müllers", "Anna")
    assert name_key("Öztürk", "Can") < name_key("Pauli", "Can")


def test_signs_and_other_scripts_do_no_harm():
    assert words_of("🚢 ’ -- ") == []
    assert words_of("القاسم ليلى") == ["القاسم", "ليلى"]
    assert words_of("Иванова") == ["иванова"]
