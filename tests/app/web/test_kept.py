"""Public pages that are kept as rendered: never older than what they show, never one reader's for another."""

from flask import flash

from app.shared.models import Assignment, Person, Posting
from app.web.kept import EXTENSION
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
