"""The tree of divisions stays a tree, and keeps its names apart."""

import pytest

from compartments.membership import divisions
from compartments.membership.divisions import Circle, NameTaken, NoDivision, StillUsed


@pytest.fixture
def tree(office):
    """Federal, a state, a county."""
    federal = divisions.create("Bund", "federal", None).id
    state = divisions.create("Bayern", "state", federal).id
    return federal, state, divisions.create("Hof", "county", state).id


def test_a_division_moves_with_what_is_below(tree):
    federal, state, county = tree
    abroad = divisions.create("Ausland", "abroad", federal).id
    divisions.change(state, "Freistaat Bayern", "state", abroad)
    assert divisions.path(county) == ["Bund", "Ausland", "Freistaat Bayern", "Hof"]
    assert set(divisions.below(abroad)) == {abroad, state, county}


def test_a_division_cannot_belong_to_itself_or_to_one_below(tree):
    federal, state, county = tree
    for parent in (federal, state, county):
        with pytest.raises(Circle):
            divisions.change(federal, "Bund", "federal", parent)


def test_a_name_is_given_once_at_each_place(tree):
    federal, state, _county = tree
    for parent, name in ((federal, "Bayern"), (None, "Bund"), (state, "Hof")):
        with pytest.raises(NameTaken):
            divisions.create(name, "state", parent)
    divisions.change(state, "Bayern", "district", federal)
    divisions.create("Hof", "county", federal)


def test_what_is_still_used_stays(tree, add):
    _federal, state, county = tree
    add(division=county)
    for division in (state, county):
        with pytest.raises(StillUsed):
            divisions.remove(division)
    empty = divisions.create("Leer", "county", state).id
    divisions.remove(empty)
    for missing in (empty, 4711, 2**90):
        with pytest.raises(NoDivision):
            divisions.remove(missing)
