"""Sending a run against a real mail server: each member gets their own key once, whatever the server does."""

import threading
import time
from dataclasses import replace

import pytest

from app.clock import today, utc_now
from app.office.running import run
from app.vault import jobs
from app.vault.models import Outgoing
from compartments.membership.invitations import decisions, keys, runs, texts
from compartments.membership.invitations.models import AddressHold, Invitation, ReferenceKey
from compartments.membership.tables import Person, SearchWord
from tests.compartments.membership.conftest import MIKA
from tests.compartments.membership.invitations.conftest import DAY, prepared

FIRST, SECOND, THIRD = "m1@mail.example", "m2@mail.example", "m3@mail.example"


def key_of(cast, address):
    with cast.vault("membership"):
        person = Person.get(Person.email == address)
        key = keys.living_key(person.id)
        return key.key if key else None


def test_every_member_gets_a_mail_with_their_own_key(cast, a_run, send, peer, mails):
    send(a_run(3))
    assert sorted(peer.recipients) == [FIRST, SECOND, THIRD]
    assert set(mails().values()) == {"sent"}
    for _, recipient, mail in peer.mails:
        text = mail.get_content()
        assert key_of(cast, recipient) in text
        assert "https://verein.example/claim" in text
        assert key_of(cast, recipient) not in mail["Subject"]


def test_a_mail_names_no_machine_of_ours_and_says_that_it_is_automatic(a_run, send, peer):
    send(a_run(1))
    sender, _, mail = peer.mails[0]
    token = mail["Message-ID"].strip("<>").partition("@")[0]
    assert mail["Message-ID"] == f"<{token}@verein.example>"
    assert sender == f"einladung+{token}@verein.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_charset() == "utf-8"
    assert "Received" not in mail


def test_an_address_that_is_refused_is_put_on_hold_and_its_key_is_free_again(cast, a_run, send, peer, mails):
    peer.answers[SECOND] = "550 5.1.1 no such user"
    send(a_run(3))
    assert mails()[SECOND] == "refused"
    assert key_of(cast, SECOND) is None
    with cast.vault("membership"):
        assert [(hold.email, hold.reason) for hold in AddressHold.select()] == [(SECOND, "550 5.1.1")]
        assert keys.counts().free == 3
        assert runs.waiting(DAY).without_address == 1
        with pytest.raises(runs.NothingToDo):
            prepared()


def test_a_corrected_address_lifts_the_hold(cast, a_run, send, peer):
    peer.answers[SECOND] = "550 no"
    send(a_run(2))
    with cast.vault("membership"):
        Person.update(email="neu@mail.example").where(Person.email == SECOND).execute()
        again = prepared().id
    send(again)
    assert peer.recipients[-1] == "neu@mail.example"


def test_a_server_that_says_later_is_asked_again(a_run, send, peer, mails):
    peer.answers[FIRST] = ["451 4.7.1 greylisted", "450 busy"]
    peer.data_answers[SECOND] = "452 4.3.1 full"
    send(a_run(2))
    assert mails() == {FIRST: "sent", SECOND: "sent"}
    assert (peer.offered.count(FIRST), peer.offered.count(SECOND)) == (3, 2)
    assert sorted(peer.recipients) == [FIRST, SECOND]


def test_whoever_is_never_taken_is_given_up_and_the_key_is_free_again(cast, a_run, send, peer, mails):
    peer.answers[FIRST] = "451 never"
    send(a_run(1), first_wait=0.001)
    assert mails() == {FIRST: "unreached"}
    assert peer.offered.count(FIRST) == runs.MOST_ATTEMPTS
    assert key_of(cast, FIRST) is None


@pytest.mark.parametrize("dying", ["dies_in_data_for", "dies_after_data_for"])
def test_a_server_that_dies_in_the_text_leaves_it_unclear_and_gets_it_never_again(
    cast, a_run, send, peer, mails, dying
):
    getattr(peer, dying).add(SECOND)
    run_id = a_run(3)
    send(run_id)
    assert mails() == {FIRST: "sent", SECOND: "unclear", THIRD: "sent"}
    send(run_id)
    assert peer.offered.count(SECOND) == 1
    with cast.vault("membership"):
        assert [one.person.email for one in decisions.unclear()] == [SECOND]


def test_an_officer_decides_on_an_unclear_mail_once(cast, a_run, send, peer):
    peer.dies_in_data_for.add(FIRST)
    send(a_run(1))
    first_key = key_of(cast, FIRST)
    with cast.vault("membership"):
        (unclear,) = decisions.unclear()
        decisions.decide(unclear.id, arrived=False, by=MIKA, day=DAY)
        with pytest.raises(decisions.NotUnclear):
            decisions.decide(unclear.id, arrived=True, by=MIKA, day=DAY)
        assert ReferenceKey.get_by_id(first_key).state == "deactivated"
        assert Outgoing.select().count() == 1, "clearing is told"
        peer.dies_in_data_for.clear()
        again = prepared().id
    send(again)
    assert key_of(cast, FIRST) not in (None, first_key)
    assert peer.recipients == [FIRST]


def test_an_unclear_mail_that_arrived_keeps_its_key(cast, a_run, send, peer, mails):
    peer.dies_after_data_for.add(FIRST)
    send(a_run(1))
    with cast.vault("membership"):
        decisions.decide(decisions.unclear()[0].id, arrived=True, by=MIKA, day=DAY)
    assert mails() == {FIRST: "sent"}
    assert key_of(cast, FIRST) is not None


def test_a_slow_server_only_takes_longer(a_run, send, peer, mails):
    peer.seconds_per_mail = 0.3
    send(a_run(2))
    assert set(mails().values()) == {"sent"}


def test_mails_are_throttled(a_run, send, peer):
    run_id = a_run(4, per_minute=300)
    began = time.monotonic()
    send(run_id)
    assert len(peer.mails) == 4
    assert time.monotonic() - began >= 3 * 0.2


def test_a_leaver_in_the_middle_of_a_run_is_skipped_and_their_key_is_free_again(
    cast, a_run, send, peer, mails
):
    run_id = a_run(3)
    with cast.vault("membership"):
        Person.update(left_on=today()).where(Person.email == SECOND).execute()
    send(run_id)
    assert mails()[SECOND] == "skipped"
    assert SECOND not in peer.offered
    with cast.vault("membership"):
        assert keys.counts().free == 3


def test_a_member_who_is_erased_in_the_middle_of_a_run_is_skipped(cast, a_run, send, peer, mails):
    run_id = a_run(2)
    with cast.vault("membership"):
        person = Person.get(Person.email == FIRST)
        SearchWord.delete().where(SearchWord.person == person).execute()
        person.delete_instance()
    send(run_id)
    assert mails() == {None: "skipped", SECOND: "sent"}


def test_a_key_that_was_deactivated_meanwhile_is_not_mailed(cast, a_run, send, peer, mails):
    run_id = a_run(2)
    with cast.vault("membership"):
        keys.deactivate_of(Person.get(Person.email == FIRST).id, "lost", day=DAY)
    send(run_id)
    assert mails() == {FIRST: "skipped", SECOND: "sent"}


def test_a_paused_run_goes_on_where_it_stopped_and_leaves_nothing_unclear(
    cast, a_run, start, place, peer, mails
):
    peer.waits_after = 2
    job_id = start(a_run(5))
    runner = threading.Thread(target=run, args=(job_id, place))
    runner.start()
    while len(peer.mails) < 2 and runner.is_alive():
        time.sleep(0.02)
    with cast.vault("membership"):
        jobs.pause(job_id, now=utc_now())
    peer.waits_after = None
    runner.join(120)
    assert 2 <= len(peer.mails) < 5
    assert set(mails().values()) == {"sent", "waiting"}
    with cast.vault("membership"):
        jobs.resume(job_id, by=MIKA, now=utc_now())
    run(job_id, place)
    assert set(mails().values()) == {"sent"}
    assert len(peer.mails) == len(set(peer.recipients)) == 5


def test_a_server_that_refuses_everybody_stops_the_run(cast, a_run, send, peer):
    for number in range(1, 16):
        peer.answers[f"m{number}@mail.example"] = "554 5.7.1 relay access denied"
    job_id = send(a_run(15))
    with cast.vault("membership"):
        job = jobs.find(job_id)
        assert (job.state, job.note) == ("failed", "EverybodyRefused")
        assert Invitation.select().where(Invitation.state == "waiting").count() == 6


def test_without_a_mail_server_the_job_says_so_and_nothing_is_lost(cast, a_run, start, place, mails):
    job_id = start(a_run(1))
    run(job_id, replace(place, settings=cast.organisation.settings))
    with cast.vault("membership"):
        assert jobs.find(job_id).note == "NoMailServer"
    assert mails() == {FIRST: "waiting"}


def test_an_address_that_is_none_is_put_on_hold(cast, a_run, send, peer, mails):
    run_id = a_run(1)
    with cast.vault("membership"):
        Person.update(email="kein Mensch@@x").execute()
    send(run_id)
    assert mails() == {"kein Mensch@@x": "refused"}
    assert peer.offered == []


def test_each_member_is_mailed_to_in_their_own_language_and_others_in_the_offices(cast, a_run, send, peer):
    run_id = a_run(3)
    with cast.vault("membership"):
        texts.save_settings({"language": "en"})
        first, second, _third = (row.id for row in Person.select().order_by(Person.id))
        Person.update(language="de").where(Person.id == first).execute()
        Person.update(language="en").where(Person.id == second).execute()
    send(run_id)
    greeted = {to: mail.get_content().split()[0] for _sender, to, mail in peer.mails}
    assert greeted == {
        "m1@mail.example": "Guten",
        "m2@mail.example": "Hello",
        "m3@mail.example": "Hello",
    }


def test_a_language_that_changes_before_the_mail_goes_counts(cast, a_run, send, peer):
    run_id = a_run(1)
    with cast.vault("membership"):
        Person.update(language="en").execute()
    send(run_id)
    assert "Hello" in peer.mails[0][2].get_content()


def test_both_languages_go_in_one_mail_and_braces_in_a_name_stay(cast, a_run, send, peer):
    run_id = a_run(1)
    with cast.vault("membership"):
        texts.save_settings({"language": "both"})
        Person.update(first_name="{key}", last_name="Ünal").execute()
    send(run_id)
    text = peer.mails[0][2].get_content()
    assert "Guten Tag {key} Ünal" in text
    assert "Hello {key} Ünal" in text
    assert text.count(key_of(cast, FIRST)) == 2


def test_a_dot_at_the_beginning_of_a_line_survives(cast, a_run, send, peer):
    run_id = a_run(1)
    with cast.vault("membership"):
        texts.save("de", texts.Wording("Hallo", ".\n..\n{key}\n.\n{claim_address}"))
    send(run_id)
    assert peer.mails[0][2].get_content().splitlines()[:2] == [".", ".."]
