"""Which new passphrases are taken."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching

from keys.passphrase import assess


@pytest.mark.parametrize(
    "passphrase",
    ["wir essen heute pfannkuchen", "hase zahnbürste turm", "x7Kq-pp2v-9tRm", "🦊🌙🪁🎺🧀🧦🪵🛶🐙🥁🌋🎈"],
)
def test_a_long_unlikely_passphrase_is_taken_whatever_its_signs(passphrase):
    assert assess(passphrase, ["Anna Berta"]).acceptable


@pytest.mark.parametrize("passphrase", ["", "a", "x7Kq-pp2v-9", "Kq7§"])
def test_fewer_than_twelve_signs_are_too_short(passphrase):
    assert assess(passphrase).problem == "short"


@pytest.mark.parametrize(
    "passphrase",
    [
        "passwort1234",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "qwertzuiop123",
        "Sommer2026!!!",
        "mitgliederverwaltung",
        "123456789012",
    ],
)
def test_what_anybody_would_try_is_guessable(passphrase):
    assert assess(passphrase).problem == "guessable"


@pytest.mark.parametrize(
    "passphrase", ["Anna Berta Zwerg", "anna.berta@verein.example", "anna-berta-2026", "BertaBertaBerta!"]
)
def test_what_its_owner_is_known_by_is_guessable(passphrase):
    words = ["Anna Berta", "zwerg", "anna.berta@verein.example"]
    assert assess(passphrase, words).problem == "guessable"


def test_known_words_do_not_spoil_a_passphrase_with_enough_beside_them():
    assert assess("Berta jongliert drei Melonen", ["Anna Berta"]).acceptable


def test_the_limit_is_1024_characters():
    unlikely = "wir essen heute pfannkuchen "
    assert assess((unlikely * 40)[:1024]).acceptable
    assert assess((unlikely * 40)[:1025]).problem == "long"


def test_judging_the_longest_passphrase_takes_little_time():
    started = time.process_time()
    assess(("ab3$Xy" * 200)[:1024], ["word " * 1000] * 1000)
    assert time.process_time() - started < 1


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_gets_an_answer(passphrase, words):
    assessment = assess(passphrase, words)
    assert 0 <= assessment.score <= 4
    assert assessment.acceptable is (assessment.problem is None)


def test_accents_written_apart_are_judged_alike():
    text = "grüne möwen überm hafen"
    assert assess(unicodedata.normalize("NFD", text)) == assess(text)


def test_no_word_about_a_person_stays_behind_in_the_library():
    assess("wir essen heute pfannkuchen", ["Annabertadorothea"])
    assert not any("annabertadorothea" in words for words in matching.RANKED_DICTIONARIES.values())
