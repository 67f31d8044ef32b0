import re

import pytest
from flask_babel import lazy_gettext

from app.web.navigation import EVERY_OFFICE, MOST, NavItem, add_nav, nav_links
from tests.cast import appointment, enrol

HERE = "{% extends 'base.html' %}"


def links(app, face, path="/"):
    with app.test_request_context(path):
        return [(str(link.label), link.url, link.here) for link in nav_links(face)]


def test_a_blueprint_puts_its_pages_into_the_header_in_order(dressed, blueprint):
    blueprint.add_url_rule("/postings", "postings", lambda: "")
    blueprint.add_url_rule("/inbox", "inbox", lambda: "")
    add_nav(
        blueprint,
        "board",
        NavItem(lazy_gettext("Zwei"), ".postings", 2),
        NavItem(lazy_gettext("Eins"), ".inbox", 1),
    )
    dressed.register_blueprint(blueprint)
    assert links(dressed, "board", "/board/inbox") == [
        ("Eins", "/board/inbox", True),
        ("Zwei", "/board/postings", False),
    ]
    assert links(dressed, "desk") == []


def test_a_page_that_is_not_served_is_not_linked(dressed, blueprint):
    add_nav(blueprint, "board", NavItem(lazy_gettext("Nirgends"), ".nowhere"))
    dressed.register_blueprint(blueprint)
    assert links(dressed, "board") == []


def test_pages_below_a_section_count_as_here(dressed, blueprint):
    blueprint.add_url_rule("/postings", "postings", lambda: "")
    blueprint.add_url_rule("/postings/new", "posting_new", lambda: "")
    add_nav(blueprint, "board", NavItem(lazy_gettext("Stellen"), ".postings", section=(".posting_",)))
    dressed.register_blueprint(blueprint)
    assert links(dressed, "board", "/board/postings/new") == [("Stellen", "/board/postings", True)]


def test_what_every_office_has_is_linked_inside_the_office_and_not_in_public(dressed, blueprint):
    blueprint.add_url_rule("/<compartment>/notes", "notes", lambda compartment: compartment)
    add_nav(blueprint, EVERY_OFFICE, NavItem(lazy_gettext("Notizen"), ".notes"))
    dressed.register_blueprint(blueprint, url_prefix="/")
    assert links(dressed, "desk") == [("Notizen", "/desk/notes", False)]
    assert links(dressed, "public") == []


def test_a_link_can_be_for_some_only_and_carry_a_count(dressed, blueprint):
    blueprint.add_url_rule("/a", "a", lambda: "")
    add_nav(
        blueprint,
        "board",
        NavItem(lazy_gettext("Nie"), ".a", visible=lambda: False),
        NavItem(lazy_gettext("Eingang"), ".a", count=lambda: 1234),
    )
    dressed.register_blueprint(blueprint)
    dressed.page(HERE, "/board/page")
    html = dressed.test_client().get("/board/page").text
    assert "Nie" not in html
    assert "1.234" in html


def folded(app, face):
    with app.test_request_context("/"):
        return [str(link.label) for link in nav_links(face) if link.more]


def test_what_is_rare_stands_under_more_and_the_order_is_kept(dressed, blueprint):
    blueprint.add_url_rule("/a", "a", lambda: "")
    items = [
        NavItem(lazy_gettext(name), ".a", order, more=name == "Zwei")
        for order, name in enumerate(("Eins", "Zwei", "Drei"))
    ]
    add_nav(blueprint, "board", *items)
    dressed.register_blueprint(blueprint)
    assert [label for label, _url, _here in links(dressed, "board")] == ["Eins", "Zwei", "Drei"]
    assert folded(dressed, "board") == ["Zwei"]


@pytest.mark.parametrize("surplus", [0, 1, 3])
def test_too_many_links_are_folded_from_the_end_and_those_that_count_stay(dressed, blueprint, surplus):
    blueprint.add_url_rule("/a", "a", lambda: "")
    names = [f"N{number}" for number in range(MOST - 1 + surplus)]
    items = [NavItem(lazy_gettext(name), ".a", order) for order, name in enumerate(names)]
    add_nav(blueprint, "board", *items, NavItem(lazy_gettext("Eingang"), ".a", 99, count=lambda: 3))
    dressed.register_blueprint(blueprint)
    assert folded(dressed, "board") == names[len(names) - surplus :]


def test_who_waits_for_admission_sees_no_link_that_leads_back_to_the_waiting(cast):
    with cast.shared():
        wanda = enrol(
            appointment("membership"), "wanda", cast.organisation.settings, compartment="membership"
        )
    wanda.app = cast.app
    waiting = wanda.client().get("/membership/waiting").get_data(as_text=True)
    inside = cast["membership"].client().get("/membership/").get_data(as_text=True)
    addresses = re.compile(r'<li><a href="(/membership/[^"]*)"')
    assert set(addresses.findall(waiting)) == {"/membership/account"}
    assert {"/membership/", "/membership/inbox", "/membership/account"} <= set(addresses.findall(inside))
