"""What speaks for one person, and what for two."""

from dataclasses import replace
from datetime import date

import pytest

from compartments.membership.duplicates.blocking import keys_of
from compartments.membership.duplicates.profiles import profile
from compartments.membership.duplicates.scoring import compare, is_hopeless
from tests.compartments.membership.conftest import details

ANNA = details(
    "Müller",
    "Anna Katharina",
    birth_date=date(1980, 3, 12),
    email="anna.mueller@example.org",
    street="Lange Straße 12",
    postcode="50667",
    city="Köln",
)
MOVED = {"street": "Am Deich 3", "postcode": "28199", "city": "Bremen"}


def score(one, other):
    return compare(profile(one), profile(other))


SAME = {
    "nothing differs": {},
    "umlaut": {"last_name": "Mueller"},
    "typo": {"last_name": "Mülller"},
    "sound": {"last_name": "Miller"},
    "swapped": {"last_name": "Anna Katharina", "first_name": "Müller"},
    "swapped and moved": {"last_name": "Anna", "first_name": "Müller", **MOVED},
    "hyphenated at the wedding": {"last_name": "Müller-Öztürk", **MOVED},
    "another name at the wedding, same mail": {"last_name": "Schulz", **MOVED},
    "another name at the wedding, same flat": {"last_name": "Schulz", "email": ""},
    "one given name": {"first_name": "Katharina"},
    "moved": MOVED,
    "moved, another mail": {**MOVED, "email": "am@example.net"},
    "day and month": {"birth_date": date(1980, 12, 3), "email": ""},
    "another digit": {"birth_date": date(1986, 3, 12), **MOVED},
    "no birth date, moved": {"birth_date": None, **MOVED},
    "no mail, no address": {"email": "", "street": "", "postcode": "", "city": ""},
    "street abbreviated": {"street": "Lange Str. 12", "email": "", "birth_date": None},
}
OTHERS = {
    "namesake": {"birth_date": date(1955, 7, 30), "email": "", **MOVED},
    "namesake without more": {"birth_date": None, "email": "", **MOVED},
    "daughter of the same name": {"birth_date": date(2004, 9, 1), "email": ""},
    "husband": {"first_name": "Peter", "birth_date": date(1978, 1, 2)},
    "twin": {"first_name": "Bettina"},
    "neighbour": {"last_name": "Schulz", "first_name": "Eva", "birth_date": None, "email": ""},
    "born on the same day": {"last_name": "Kern", "first_name": "Udo", "email": "", **MOVED},
}


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_one_person_with_an_error_is_found(changes):
    other = replace(ANNA, **changes)
    assert score(ANNA, other).enough, score(ANNA, other)


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS)
def test_two_persons_are_left_in_peace(changes):
    assert not score(ANNA, replace(ANNA, **changes)).enough


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_one_person_with_an_error_shares_a_block(changes):
    mine, theirs = (set(keys_of(profile(one))) for one in (ANNA, replace(ANNA, **changes)))
    assert mine & theirs


@pytest.mark.parametrize("changes", [*SAME.values(), *OTHERS.values()])
def test_the_order_of_the_two_makes_no_difference(changes):
    other = replace(ANNA, **changes)
    assert score(ANNA, other) == score(other, ANNA)


def test_reasons_are_named_and_the_score_is_a_share():
    found = score(ANNA, replace(ANNA, birth_date=date(1980, 12, 3), **MOVED))
    assert found.reasons == ("last-same", "first-same", "birth-swapped", "address-differs", "email-same")
    assert 0 < found.percent < score(ANNA, ANNA).percent == 100


def test_another_figure_in_an_address_is_another_mailbox():
    one, other = (replace(ANNA, email=f"anna.m{number}@example.org") for number in (81, 82))
    assert "email-similar" not in score(one, other).reasons


def test_nothing_known_but_a_name_is_not_enough():
    assert not score(details("Müller", ""), details("Müller", "")).enough


@pytest.mark.parametrize("changes", [*SAME.values(), *OTHERS.values()])
def test_what_is_passed_over_unseen_would_not_have_been_enough(changes):
    other = replace(ANNA, **changes)
    if is_hopeless(profile(ANNA), profile(other)):
        assert not score(ANNA, other).enough


def test_a_namesake_of_another_age_is_passed_over_unseen():
    assert is_hopeless(profile(ANNA), profile(replace(ANNA, **OTHERS["namesake"])))
