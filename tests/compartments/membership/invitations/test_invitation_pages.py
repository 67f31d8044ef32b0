"""The pages of invitations as an officer uses them."""

import time
from dataclasses import replace

import pytest

from app.clock import utc_now
from compartments.membership.invitations import decisions, keys, runs, texts
from compartments.membership.invitations.models import InvitationRun, KeyRequest
from compartments.membership.models import Person
from tests.compartments.membership.invitations.conftest import DAY, SETTINGS, members, prepared, take_keys
from tests.pages import fill, read, visit_and_fill, words

INDEX = "/membership/invitations/"


@pytest.fixture
def ready(cast):
    """Three members, five keys, and the wording complete."""
    with cast.vault("membership"):
        texts.save_settings(SETTINGS)
        members(3)
        take_keys(5)


def test_an_empty_office_shows_what_to_do_first(client):
    page = words(client.get(INDEX))
    assert "No run yet" in page
    assert "0 keys are free" in page


def test_asking_for_keys_twice_with_one_form_asks_once(client, cast):
    page = client.get(INDEX)
    for _ in range(2):
        assert fill(client, page, count="200").status_code == 303
    with cast.vault("membership"):
        assert [row.count for row in KeyRequest.select()] == [200]


@pytest.mark.parametrize("typed", ["", "0", "-1", "viele", "100001"])
def test_a_number_of_keys_that_makes_no_sense_is_refused(client, typed):
    assert "Enter a whole number" in words(visit_and_fill(client, INDEX, count=typed))


def test_no_run_is_prepared_before_the_mails_are_complete(client, cast):
    with cast.vault("membership"):
        members(1)
        take_keys(1)
    page = client.get(INDEX + "prepare")
    assert "Something is missing from the mails" in words(page)


def test_a_run_is_prepared_once_and_shows_the_mail(client, cast, ready):
    page = client.get(INDEX + "prepare")
    first, second = (fill(client, page, contingent="2") for _ in range(2))
    assert first.location == second.location
    shown = words(client.get(first.location))
    assert "still to be sent 2" in shown
    assert "bcdfg-hjkmn-pqrst-vwxyz" in shown
    with cast.vault("membership"):
        assert InvitationRun.select().count() == 1


def test_without_a_free_key_the_page_says_so(client, cast):
    with cast.vault("membership"):
        texts.save_settings(SETTINGS)
        members(1)
    assert "There is no free key" in words(visit_and_fill(client, INDEX + "prepare", contingent="5"))


def test_sending_from_the_page_mails_everybody_once_though_pressed_twice(cast, ready, peer):
    cast.app.extensions["schotten"] = _with_mail(cast, peer)
    client = cast["membership"].client()
    with cast.vault("membership"):
        run = prepared()
    page = client.get(f"{INDEX}runs/{run.id}")
    answers = [fill(client, page) for _ in range(2)]
    assert all("/jobs/" in answer.location or "/runs/" in answer.location for answer in answers)
    until = time.monotonic() + 120
    while len(peer.mails) < 3 or _left(cast, run.id):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert len(set(peer.recipients)) == len(peer.recipients) == 3


def _left(cast, run_id):
    with cast.vault("membership"):
        return runs.left(run_id)


def _with_mail(cast, peer):
    known = cast.app.extensions["schotten"]
    return replace(known, settings=known.settings.but(**peer.settings))


PROGRAM = {
    f"{language}_{part}": getattr(texts.PROGRAM[language], part)
    for language in ("de", "en")
    for part in ("subject", "text")
}


def write(client, **typed):
    return visit_and_fill(client, INDEX + "wording", **{**SETTINGS, **PROGRAM, **typed})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"de_text": "Hallo {claim_address}"}, "The text needs {key}."),
        ({"en_text": "{key} {claim_address} {passwort}"}, "{passwort} can't be filled in here"),
        ({"de_subject": "Schlüssel {key}"}, "{key} can't be filled in here"),
        ({"de_text": ""}, "Write both a subject and a text"),
        ({"claim_address": "javascript:alert(1)"}, "This is no web address"),
    ],
)
def test_wording_that_could_not_be_used_is_refused(client, typed, said):
    assert said in words(write(client, **typed))


def test_wording_is_saved_and_previewed(client):
    assert write(client, de_text="{name}: {key} {claim_address}").status_code == 303
    preview = words(client.get(INDEX + "wording"))
    assert "Erika Mustermann: bcdfg-hjkmn-pqrst-vwxyz https://verein.example/claim" in preview


def test_a_lost_key_is_deactivated_by_member_number(client, cast, ready):
    with cast.vault("membership"):
        prepared()
    asked = visit_and_fill(client, INDEX + "lost", member_number="2")
    assert "Nachname2, Vera" in words(asked)
    with cast.vault("membership"):
        assert keys.counts().deactivated == 0
    assert fill(client, asked).status_code == 303
    with cast.vault("membership"):
        assert (keys.counts().deactivated, keys.counts().assigned) == (1, 2)
        assert runs.waiting(DAY).members == 1
    assert "Nobody with this number" in words(visit_and_fill(client, INDEX + "lost", member_number="2"))


def test_the_person_page_leads_to_the_lost_key_and_only_where_there_is_one(client, cast, ready):
    with cast.vault("membership"):
        person = Person.get(Person.member_number == 2).id
    path = f"/membership/persons/{person}"
    assert "The key or the code is lost" not in client.get(path).text
    with cast.vault("membership"):
        prepared()
    assert "/membership/invitations/lost?number=2" in client.get(path).text
    asked = fill(client, client.get(INDEX + "lost?number=2"))
    assert "Nachname2, Vera" in words(asked)


def test_unclear_mails_and_holds_are_shown_and_decided(client, cast, ready):
    with cast.vault("membership"):
        run = prepared()
        first = runs.claim(run.id, day=DAY, now=utc_now())
        runs.begin_text(first.invitation)
        runs.note_unclear(first.invitation, day=DAY)
        second = runs.claim(run.id, day=DAY, now=utc_now())
        runs.note_refused(second.invitation, "550 5.1.1", day=DAY)
    page = client.get(INDEX + "problems")
    assert "The address doesn't exist (550 5.1.1)." in words(page)
    inbox = words(client.get("/membership/inbox"))
    assert "nobody knows whether it arrived" in inbox
    assert press(client, page, "/decide", "replace").status_code == 303
    with cast.vault("membership"):
        assert decisions.unclear() == []
        assert keys.counts().deactivated == 1


def press(client, page, form, button):
    """Press one of several buttons of a form."""
    target, fields = next(one for one in read(page) if one[0].endswith(form))
    return client.post(target, data={**fields, "action": button})
