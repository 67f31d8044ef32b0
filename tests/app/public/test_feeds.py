"""The open postings for programs: a feed that readers accept (RFC 4287), and what search engines read of a posting."""

import json
import re
from datetime import date, datetime
from xml.etree import ElementTree as ET

import pytest

from app.shared.models import Posting

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(cast, query="", **headers):
    answer = cast.outsider().get(f"/postings.atom{query}", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    assert "Set-Cookie" not in answer.headers
    return ET.fromstring(answer.data)


def text(element, name):
    (found,) = element.findall(ATOM + name)
    return found.text


def titles(found):
    return {text(entry, "title") for entry in found.findall(f"{ATOM}entry")}


def described(cast, slug):
    page = cast.outsider().get(f"/postings/{slug}").get_data(as_text=True)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(one) for one in found]


def test_the_feed_has_what_the_rfc_demands(published):
    found = feed(published)
    assert found.tag == f"{ATOM}feed"
    for part in (found, *found.findall(f"{ATOM}entry")):
        assert text(part, "id").startswith("http://")
        assert text(part, "title")
        assert datetime.fromisoformat(text(part, "updated")).tzinfo is not None
        assert part.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http://")
    assert text(found.find(f"{ATOM}author"), "name")
    assert found.find(f"{ATOM}link[@rel='self']") is not None
    ids = [text(entry, "id") for entry in found.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 4


def test_the_feed_has_the_open_postings_in_the_language_asked_for(published):
    assert {"Support", "Mitgliederverwaltung"} <= titles(feed(published))
    for english in (feed(published, "?language=en"), feed(published, **{"Accept-Language": "en"})):
        assert {"User support", "Membership office"} <= titles(english)
        assert "Communication" not in titles(english)
    assert titles(feed(published, "?language=fr")) == titles(feed(published))


def test_an_entry_says_seats_and_deadline_and_shows_safe_html(published):
    with published.shared():
        row = Posting.get_by_id("user-support")
        texts = {**row.texts, "en": {**row.texts["en"], "tasks": "<script>alert(1)</script> & *more*"}}
        Posting.update(texts=texts, deadline=date(2099, 3, 1)).where(Posting.slug == row.slug).execute()
    entries = feed(published, "?language=en").findall(f"{ATOM}entry")
    (entry,) = [one for one in entries if text(one, "title") == "User support"]
    assert "Seats: 3+" in text(entry, "summary")
    assert "1 March 2099" in text(entry, "summary")
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<em>more</em>" in content.text
    assert "<script" not in content.text


def test_a_feed_without_postings_is_a_feed(cast):
    assert titles(feed(cast)) == set()


def test_the_start_page_leads_to_the_feed(published):
    page = published.outsider().get("/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="/postings.atom\?language=en"', page
    )


@pytest.mark.parametrize(("slug", "kind"), [("user-support", "VOLUNTEER"), ("project-lead", "OTHER")])
def test_search_engines_read_an_open_posting(published, slug, kind):
    (found,) = described(published, slug)
    assert (found["@type"], found["employmentType"]) == ("JobPosting", kind)
    assert found["title"]
    assert found["hiringOrganization"]["name"]
    assert found["description"].startswith("<p>")


def test_what_is_described_ends_with_the_deadline_and_cannot_leave_its_element(published):
    with published.shared():
        row = Posting.get_by_id("user-support")
        texts = {**row.texts, "de": {**row.texts["de"], "title": "</script><b>x"}}
        Posting.update(texts=texts, deadline=date(2099, 1, 1)).where(Posting.slug == row.slug).execute()
    (found,) = described(published, "user-support")
    assert found["title"] == "</script><b>x"
    assert found["validThrough"] == "2099-01-01T23:59:59+01:00"


def test_a_closed_posting_is_described_no_more(published):
    with published.shared():
        Posting.update(state="closed").where(Posting.slug == "user-support").execute()
    assert described(published, "user-support") == []
    assert "Support" not in titles(feed(published))


def test_a_page_that_is_kept_holds_no_address_that_somebody_asked_by(published):
    published.outsider().get("/postings/user-support", headers={"Host": "evil.example"})
    page = published.outsider().get("/postings/user-support").get_data(as_text=True)
    assert "evil.example" not in page
