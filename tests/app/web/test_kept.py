"""Public pages that are kept as rendered: never older than what they show, never one reader's for another."""

import pytest
from flask import flash

from app.shared.models import Assignment, Person, Posting
from app.web.kept import EXTENSION, FRAMES, filled_in
from tests.app.public.calls import SUPPORT, publish

PATH = f"/postings/{SUPPORT['slug']}"


def read(client, path=PATH, **headers):
    return client.get(path, headers=headers)


def test_a_change_shows_at_once(app, client, cast):
    with cast.shared():
        publish(SUPPORT)
    assert "Support" in read(client).text
    with cast.shared():
        row = Posting.get_by_id(SUPPORT["slug"])
        row.texts["de"]["title"] = "Hilfe für alle"
        row.save()
    assert "Hilfe für alle" in read(client).text
    assert "Hilfe für alle" in read(client, "/").text


def test_a_seat_that_is_filled_shows_at_once(client, cast):
    with cast.shared():
        publish(SUPPORT)
    before = read(client).text
    with cast.shared():
        day = Posting.get_by_id(SUPPORT["slug"]).published_on
        Person.create(id="a" * 32)
        Assignment.create(
            id="b" * 32,
            person="a" * 32,
            posting=SUPPORT["slug"],
            compartment="desk",
            appointed_on=day,
            starts_on=day,
        )
    assert read(client).text != before


def test_a_posting_taken_back_is_gone_at_once(client, cast):
    with cast.shared():
        publish(SUPPORT)
    assert read(client).status_code == 200
    with cast.shared():
        Posting.update(state="closed").execute()
    assert read(client).status_code == 410
    with cast.shared():
        Posting.update(state="draft").execute()
    assert read(client).status_code == 404


def test_each_language_has_its_page(client, cast):
    with cast.shared():
        publish(SUPPORT)
    german, english = read(client, **{"Accept-Language": "de"}), read(client, **{"Accept-Language": "en"})
    assert 'lang="de"' in german.text
    assert 'lang="en"' in english.text
    assert "User support" in english.text


def test_a_message_for_one_reader_is_shown_to_them_and_kept_by_nobody(app, client, cast):
    @app.get("/say")
    def say():
        flash("only for you")
        return ""

    with cast.shared():
        publish(SUPPORT)
    client.get("/say")
    mine = read(client)
    assert "only for you" in mine.text
    assert mine.headers["Cache-Control"] == "no-store"
    assert "only for you" not in read(app.test_client()).text
    assert "only for you" not in read(client).text


def test_no_path_that_leads_nowhere_is_kept(app, client):
    for number in range(3):
        assert read(client, f"/postings/none-{number}").status_code == 404
    assert not app.extensions[EXTENSION]._values


CODE, CLAIM = "bcdfg-hjkmn-pqrst-vwxyz", "public/claim/shown.html"


@pytest.fixture
def confirmed(app, cast):
    """A page whose frame is kept, for each of several readers."""

    @app.post("/confirmed/<code>", endpoint="public.confirmed")
    def show(code):
        return filled_in(CLAIM, {"code": code}, minutes=15)

    @app.post("/say")
    def say():
        flash("only for you")
        return ""

    return lambda code, client=None, **headers: (client or app.test_client()).post(
        f"/confirmed/{code}", headers=headers
    )


def test_each_reader_gets_their_own_words_in_the_same_frame(confirmed):
    first, second = confirmed(CODE).text, confirmed("zzzzz").text
    assert CODE in first
    assert CODE not in second
    assert first.replace(CODE, "zzzzz") == second


def test_what_is_put_in_is_escaped_and_opens_no_other_hole(confirmed):
    assert "&lt;b&gt;" in confirmed("<b>").text
    assert "<b>" not in confirmed("<b>").text
    assert "{{ code }}" in confirmed("{{ code }}").text


def test_of_a_confirmation_nothing_is_kept_that_was_put_in(app, confirmed):
    confirmed(CODE)
    frames = app.extensions[FRAMES]._values
    assert len(frames) == 1
    assert CODE not in repr(frames)


def test_a_confirmation_is_stored_by_nobody_on_the_way(confirmed):
    assert confirmed(CODE).headers["Cache-Control"] == "no-store"


def test_confirmations_are_kept_by_language(confirmed):
    german, english = (
        confirmed(CODE, **{"Accept-Language": "de"}),
        confirmed(CODE, **{"Accept-Language": "en"}),
    )
    assert "Ihr Einladungscode" in german.text
    assert "Your invite code" in english.text


def test_a_message_that_waits_is_in_no_frame(app, confirmed):
    client = app.test_client()
    client.post("/say")
    mine = confirmed(CODE, client)
    assert "only for you" in mine.text
    assert CODE in mine.text
    assert "only for you" not in confirmed(CODE).text
    assert "only for you" not in repr(app.extensions[FRAMES]._values)
