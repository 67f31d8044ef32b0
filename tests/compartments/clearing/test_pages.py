"""The clearing office's pages: from a request to a set, from a batch to the administration, and what takes two."""

import pytest

from app.envelopes import outbox
from app.envelopes.enclosed import RELAY, enclose
from app.shared import admission
from app.vault import proposals
from app.vault.models import Proposal
from compartments.clearing.floor import floor
from compartments.clearing.keysets.models import KeySet, Pair
from compartments.clearing.reconciliation.models import SENT, Batch
from keys.codes import new_code
from keys.randomness import new_id
from tests.cast import Member, appointment, enrol, give_second_factor
from tests.compartments.clearing.conftest import DAY
from tests.pages import read, words


@pytest.fixture
def clara(cast):
    return cast["clearing"].client()


@pytest.fixture
def cem(cast, organisation, app):
    """A second officer of the clearing office, admitted by the first."""
    settings = organisation.settings
    with cast.shared():
        member = enrol(appointment("clearing"), "cem", settings, compartment="clearing")
    with cast.vault("clearing"):
        admission.admit(member.account_id, by=cast["clearing"].session(), day=DAY)
    with cast.shared():
        give_second_factor(member)
    return Member(**{**vars(member), "app": app}).client()


def press(client, page, action, **typed):
    """Send the form of `page` that goes to `action`, with what somebody types."""
    fields = next(fields for target, fields in read(page) if (target or "").endswith(action))
    return client.post(next(t for t, _ in read(page) if (t or "").endswith(action)), data={**fields, **typed})


def confirm(client, office):
    with office.vault():
        (one,) = proposals.waiting()
    page = client.get(f"/clearing/proposals/{one.id}")
    return page, press(client, page, f"/{one.id}/confirm")


def test_empty_pages_say_what_will_be_there(clara):
    for path in (
        "",
        "keysets/",
        "keysets/deactivated",
        "keysets/lookup",
        "reconciliation/",
        "relay/",
        "audit",
        "settings",
    ):
        page = clara.get(f"/clearing/{path}")
        assert page.status_code == 200
        assert "<h1" in page.text


def test_a_request_becomes_a_set(clara, office):
    request = new_id()
    office.letter("membership", "keys-request", {"request": request, "count": 12})
    assert "12" in words(clara.get("/clearing/"))
    assert "12" in words(clara.get("/clearing/inbox"))
    page = clara.get(f"/clearing/keysets/new?request={request}")
    made = press(clara, page, "/keysets/new", name="Herbst 2026", request=request)
    assert made.status_code == 303
    (letter,) = office.at("membership")["reference-keys"]
    assert (letter["request"], letter["key_set"], len(letter["keys"])) == (request, "Herbst 2026", 12)
    page = clara.get("/clearing/keysets/")
    assert "Herbst 2026" in page.text
    assert not any(key in page.text for key in letter["keys"])
    assert clara.get(f"/clearing/keysets/new?request={request}").status_code == 404


def test_a_form_that_is_sent_twice_makes_one_set(clara, office):
    page = clara.get("/clearing/keysets/new")
    for _ in range(2):
        press(clara, page, "/keysets/new", name="Vorrat", count="8")
    with office.vault():
        assert (KeySet.select().count(), Pair.select().count()) == (1, 8)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"count": "0"},
        {"count": "100001"},
        {"count": "many"},
        {"name": "Herbst"},
        {"request": "nothing"},
    ],
)
def test_a_form_that_makes_no_sense_makes_nothing(clara, office, typed):
    office.make(6)
    page = clara.get("/clearing/keysets/new")
    answer = press(clara, page, "/keysets/new", **{"name": "Neu", "count": "8", **typed})
    assert "error-summary" in answer.text
    with office.vault():
        assert KeySet.select().count() == 1


def test_a_small_set_takes_a_reason_and_two(clara, cem, office):
    page = clara.get("/clearing/keysets/new")
    assert "error-summary" in press(clara, page, "/keysets/new", name="Klein", count="2").text
    proposed = press(clara, page, "/keysets/new", name="Klein", count="2", reason="Nachzügler")
    assert "/proposals/" in proposed.location
    again = press(clara, page, "/keysets/new", name="Klein", count="2", reason="Nachzügler")
    assert again.status_code == 303
    with office.vault():
        assert KeySet.select().count() == 0
        own = proposals.waiting()[0].id
    assert "/confirm" not in clara.get(f"/clearing/proposals/{own}").text, "whoever proposes can't confirm"
    seen, _ = confirm(cem, office)
    assert "Nachzügler" in seen.text
    with office.vault():
        assert [one.size for one in KeySet.select()] == [2]


def test_a_small_set_whose_name_was_taken_meanwhile_is_out_of_date(clara, cem, office):
    page = clara.get("/clearing/keysets/new")
    press(clara, page, "/keysets/new", name="Klein", count="2", reason="x")
    office.make(6, name="Klein")
    confirm(cem, office)
    with office.vault():
        assert Proposal.get().state == proposals.STALE


def test_a_key_is_looked_up_without_showing_its_code(clara, office):
    _, keys, codes = office.make(6)
    page = clara.get("/clearing/keysets/lookup")
    answers = {
        key: words(press(clara, page, "/lookup", key=key)) for key in (keys[0], new_code(), "nonsense")
    }
    assert len(set(answers.values())) == 3
    assert not any(code in answers[keys[0]] for code in codes)


def test_few_codes_are_told_of_by_two(clara, cem, office):
    _, keys, _ = office.make(8)
    office.letter("membership", "keys-deactivated", {"keys": keys[:2], "reason": "verloren"})
    page = clara.get("/clearing/keysets/deactivated")
    assert "verloren" in page.text
    assert "error-summary" in press(clara, page, "/tell").text
    press(clara, page, "/tell", reason="es eilt")
    assert office.at("administration") == {}
    confirm(cem, office)
    (told,) = office.at("administration")["codes-deactivated"]
    assert (len(told["codes"]), told["reason"]) == (2, "es eilt")


def arrive(office, keys, kind="regular"):
    batch = new_id()
    office.letter(
        "membership", "reconciliation-keys", {"batch": batch, "kind": kind, "keys": keys, "reason": ""}
    )
    return batch


def test_a_batch_is_passed_on_with_a_button(clara, office):
    _, keys, _ = office.make(12)
    batch = arrive(office, keys[:9])
    page = clara.get(f"/clearing/reconciliation/{batch}")
    assert press(clara, page, "/pass-on").status_code == 303
    assert len(office.at("administration")["reconciliation-codes"][0]["codes"]) == 9
    assert press(clara, page, "/pass-on").status_code == 303
    assert office.at("administration") == {}
    after = clara.get(f"/clearing/reconciliation/{batch}")
    assert read(after) == []
    assert not any(key in after.text for key in keys)


def test_an_urgent_lock_of_one_takes_two(clara, cem, office):
    _, keys, _ = office.make(12)
    batch = arrive(office, keys[:1], "urgent")
    page = clara.get(f"/clearing/reconciliation/{batch}")
    assert "error-summary" in press(clara, page, "/pass-on").text
    press(clara, page, "/pass-on", reason="Austritt, sofort")
    waiting = clara.get(f"/clearing/reconciliation/{batch}")
    assert "/proposals/" in waiting.text
    assert office.at("administration") == {}
    confirm(cem, office)
    assert office.at("administration")["reconciliation-codes"][0]["reason"] == "Austritt, sofort"
    with office.vault():
        assert Batch.get_by_id(batch).state == SENT


def test_a_batch_is_set_aside(clara, office):
    batch = arrive(office, [])
    page = clara.get(f"/clearing/reconciliation/{batch}")
    assert press(clara, page, "/set-aside").status_code == 303
    assert clara.get(f"/clearing/reconciliation/{batch}").status_code == 200
    assert clara.get("/clearing/reconciliation/nothing").status_code == 404


def test_counts_come_back_to_the_page(clara, office):
    _, keys, _ = office.make(12)
    batch = arrive(office, keys)
    press(clara, clara.get(f"/clearing/reconciliation/{batch}"), "/pass-on")
    counts = {"created": 12, "locked": 345, "unlocked": 0, "unchanged": 0, "unknown": 0}
    office.at("administration")
    office.letter(
        "administration", "reconciliation-counts", {"batch": batch, **counts, "applied_on": "2026-12-01"}
    )
    assert "345" in words(clara.get(f"/clearing/reconciliation/{batch}"))


def test_the_floor_is_changed_by_two(clara, cem, office):
    page = clara.get("/clearing/settings")
    assert "error-summary" in press(clara, page, "/settings", floor="0").text
    press(clara, page, "/settings", floor="5")
    press(clara, page, "/settings", floor="3")
    with office.vault():
        assert floor() == 5
    confirm(cem, office)
    with office.vault():
        assert floor() == 3


def test_figures_go_to_the_board_when_two_release_them(clara, cem, office):
    office.make(6)
    page = clara.get("/clearing/audit")
    press(clara, page, "/audit/release")
    assert read(clara.get("/clearing/audit")) == []
    seen, _ = confirm(cem, office)
    assert "6" in words(seen)
    (sent,) = office.at("board")["audit-figures"]
    assert sent["figures"]["issued"] == 6
    assert len(sent["released_by"]) == 2
    press(clara, page, "/audit/release")
    with office.vault():
        assert proposals.waiting() == []


def test_what_clearing_only_passes_on_leaves_with_the_page_on_which_it_came(clara, office):
    """An officer who opens one page and goes home must not hold the others' letters back."""
    _, _, codes = office.make(6)
    with office.cast.vault("administration"):
        sealed = enclose("Bitte melden", "membership", purpose=RELAY)
        outbox.send("relay", "clearing", {"relay": new_id(), "code": codes[0], "text": sealed}, day=DAY)
        outbox.deliver({})
    clara.get("/clearing/")
    assert len(office.at("membership")["relay-onward"]) == 1


def test_the_office_is_reminded_from_the_first_claim_on_until_a_list_is_passed_on(office, clara):
    clara.set_cookie("lang", "en")
    _, keys, _ = office.make(6)
    assert "The reconciliation" not in words(clara.get("/clearing/"))
    office.claimed(keys[0])
    for path in ("", "inbox"):
        assert "The reconciliation" in words(clara.get(f"/clearing/{path}"))
    body = {"batch": new_id(), "kind": "regular", "keys": keys, "reason": ""}
    office.letter("membership", "reconciliation-keys", body)
    page = clara.get(f"/clearing/reconciliation/{body['batch']}")
    press(clara, page, "/pass-on")
    for path in ("", "inbox"):
        assert "The reconciliation" not in words(clara.get(f"/clearing/{path}"))


def test_the_office_sets_its_days_and_takes_them_along(clara):
    clara.set_cookie("lang", "en")
    page = clara.get("/clearing/settings")
    assert "error-summary" in press(clara, page, "/settings/days", first="29", second="1").text
    press(clara, page, "/settings/days", first="7", second="21")
    assert 'value="21"' in clara.get("/clearing/settings").text
    file = clara.get("/clearing/reconciliation/calendar.ics")
    assert file.mimetype == "text/calendar"
    assert "RRULE:FREQ=MONTHLY;BYMONTHDAY=7,21" in file.text
