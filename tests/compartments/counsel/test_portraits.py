"""A counsellor's portrait on the public page: nobody can put one up under a colleague's name."""

import pytest

from compartments.counsel.counsellors import service as cards
from tests.compartments.counsel.conftest import card
from tests.pages import visit_and_fill, words


@pytest.mark.parametrize("name", ["Conny", "  conny", "CÓNNY", "Conny.", "Conny Vertrauen", "Con\u200bny"])
def test_nobody_takes_a_colleagues_name_from_the_page_or_from_the_office(office, name):
    tove = office["tove"]
    with office.vault("tove"):
        with pytest.raises(cards.NameTaken):
            cards.present(tove.account_id, card(name), tove.keys.public)
        office.take_in()
    assert sorted(one.name for one in office.published()) == ["Conny", "Ravi", "Tove"]


def test_ones_own_name_stays_ones_own_and_a_name_that_is_free_again_can_be_taken(office):
    tove, ravi = office["tove"], office["ravi"]
    with office.vault("tove"):
        cards.present(tove.account_id, card("Tove", accepts=False), tove.keys.public)
        cards.present(tove.account_id, card("Tove B."), tove.keys.public)
    with office.vault("ravi"):
        cards.present(ravi.account_id, card("Conny R."), ravi.keys.public)
        office.take_in()
    assert sorted(one.name for one in office.published()) == ["Conny", "Conny R.", "Tove B."]


def test_the_page_says_so_and_keeps_what_was_written(office):
    ravi = office["ravi"].client()
    ravi.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answer = visit_and_fill(ravi, "/counsel/portrait", name="Conny", portrait_de="Ich bin neu.")
    assert "A colleague is known by this name" in words(answer)
    assert "Ich bin neu." in answer.text
    assert sorted(one.name for one in office.published()) == ["Conny", "Ravi", "Tove"]
