"""A maintenance window that everybody may read of: announced by an officer, prepared by a junior, gone when it is withdrawn or over."""

import json
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.envelopes import outbox
from app.office.authors import Author
from app.shared import acts, maintenance
from app.shared.models import Act
from app.vault.models import Outgoing
from compartments.administration.operations import announcing, records
from keys.randomness import new_id
from tests.compartments.administration.test_pages import PLACE, post, text
from tests.pages import words

ADA = Author("a" * 32, "Ada")
NOW = utc_now().replace(microsecond=0)
START, END = NOW + timedelta(days=3), NOW + timedelta(days=3, hours=2)


def window(**values):
    given = {"title": "intern-4711", "text": "intern", "starts_at": START, "ends_at": END}
    given |= {"notice_de": "Abstimmungen pausieren.", "notice_en": "Votes pause.", **values}
    return records.add("maintenance", given, entry_id=new_id(), by=ADA, now=NOW)


def announce(record, *, revision=None, now=NOW):
    announcing.announce(record.id, revision=revision or record.revision, by=ADA, now=now)
    outbox.deliver(announcing.ACTIONS)


def withdraw(record):
    announcing.withdraw(record.id, by=ADA)
    outbox.deliver(announcing.ACTIONS)


def public(cast, language="de"):
    page = cast.outsider().get("/", headers={"Accept-Language": language})
    assert page.status_code == 200
    return words(page)


def done() -> list[str]:
    kinds = (acts.Kind.NOTICE_PUBLISHED, acts.Kind.NOTICE_WITHDRAWN)
    return [row.act for row in Act.select().where(Act.act.in_(kinds)).order_by(Act.number)]


def test_an_announced_window_stands_on_the_start_page_in_both_languages_and_goes(cast):
    with cast.vault("administration"):
        record = window()
    assert "Abstimmungen pausieren." not in public(cast)
    with cast.vault("administration"):
        announce(record)
    assert "Abstimmungen pausieren." in public(cast)
    assert "Votes pause." in public(cast, "en")
    assert "intern" not in public(cast)
    with cast.vault("administration"):
        withdraw(record)
        withdraw(record)
        assert done() == [acts.Kind.NOTICE_PUBLISHED, acts.Kind.NOTICE_WITHDRAWN]
    assert "Abstimmungen pausieren." not in public(cast)


def test_german_stands_in_for_english(cast):
    with cast.vault("administration"):
        announce(window(notice_en=""))
    assert "Abstimmungen pausieren." in public(cast, "en")


def test_times_are_shown_in_the_organisations_zone(cast):
    with cast.vault("administration"):
        announce(
            window(
                starts_at=NOW.replace(year=2099, month=1, day=1, hour=18, minute=5),
                ends_at=NOW.replace(year=2099, month=1, day=1, hour=21, minute=35),
            )
        )
    shown = public(cast)
    assert "19:05" in shown
    assert "22:35" in shown


def test_the_order_delivered_again_is_no_second_act(cast):
    with cast.vault("administration"):
        record = window()
        announcing.announce(record.id, revision=1, by=ADA, now=NOW)
        (order,) = Outgoing.select()
        outbox.deliver(announcing.ACTIONS)
        outbox.order(order.action, json.loads(bytes(order.payload)))
        outbox.deliver(announcing.ACTIONS)
        assert done() == [acts.Kind.NOTICE_PUBLISHED]


def test_a_change_is_public_only_when_it_is_announced_again(cast):
    with cast.vault("administration"):
        record = window()
        announce(record)
        changed = records.change(
            "maintenance", record.id, {"notice_de": "Nun doch länger."}, revision=1, by=ADA, now=NOW
        )
    assert "Nun doch länger." not in public(cast)
    with cast.vault("administration"):
        with pytest.raises(records.ChangedMeanwhile):
            announce(changed, revision=1)
        announce(changed)
    assert "Nun doch länger." in public(cast)
    assert "Abstimmungen pausieren." not in public(cast)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"notice_de": ""}, announcing.NothingToSay),
        (
            {"starts_at": NOW - timedelta(hours=3), "ends_at": NOW - timedelta(hours=1)},
            announcing.WindowIsOver,
        ),
    ],
)
def test_what_says_nothing_or_is_over_is_not_announced(cast, values, refusal):
    with cast.vault("administration"):
        record = window(**values)
        with pytest.raises(refusal):
            announce(record)
        assert Outgoing.select().count() == 0


def test_a_window_that_is_over_is_announced_no_more_and_removed_with_the_next(cast):
    with cast.vault("administration"):
        announce(window())
        assert len(maintenance.announced("de", END - timedelta(seconds=1))) == 1
        assert maintenance.announced("de", END) == []
        assert maintenance.stand(END) != maintenance.stand(END - timedelta(seconds=1))
        later = window(starts_at=END + timedelta(days=1), ends_at=END + timedelta(days=2))
        announce(later, now=END + timedelta(hours=1))
        assert len(maintenance.announced("de", NOW)) == 1


def test_a_junior_prepares_and_an_officer_announces(cast):
    juna, ada = cast["junior"].client(), cast["administration"].client()
    for client in (juna, ada):
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    new = "/operations/maintenance/new"
    fields = {"starts_at": "2099-12-01T20:00", "ends_at": "2099-12-01T22:00", "notice_de": "Kurz weg."}
    made = post(juna, new, new, entry=new_id(), revision="0", title="Umzug", **fields)
    place = made.headers["Location"].removeprefix(PLACE)
    assert "An officer announces it." in text(juna, place)
    assert "/announce" not in text(juna, place)
    refused = juna.post(f"{PLACE}{place}/announce", data={"revision": "1"})
    assert refused.status_code == 403
    assert post(ada, f"{place}/announce", place, revision="1").status_code == 303
    assert "It stands on the public start page." in text(ada, place)
    assert "Kurz weg." in public(cast)
    assert post(ada, f"{place}/withdraw", place).status_code == 303
    assert "Kurz weg." not in public(cast)
