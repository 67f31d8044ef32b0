"""From the letter with the list to the counts that go back, with a real platform behind it."""

from datetime import date, timedelta

import pytest

from app.clock import today, utc_now
from app.envelopes import outbox
from app.office.authors import Author
from app.office.calendar import Reminder
from app.vault.models import Outgoing
from compartments.administration.codes import books
from compartments.administration.codes.models import Code
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.planning import EmptyWhitelist
from compartments.administration.reconciliation import batches, lists, service
from compartments.administration.reconciliation.models import APPLIED, Batch, BatchCode, PlanLine
from keys.codes import new_code
from tests.compartments.administration.letters import send
from tests.compartments.administration.officer import run

ADA, BEA = Author("ada", "Ada"), Author("bea", "Bea")


def connect(platform, **values):
    address = platform.address
    where = {name: getattr(address, name) for name in ("host", "dbname", "user", "port", "sslmode")}
    platform_settings.save(
        {"way": "connection", **where, **values}, revision=platform_settings.read().revision
    )


def through(batch_id):
    run(service.prepare, batch_id)
    batches.confirm(batch_id, by=BEA)
    run(service.apply, batch_id)
    return batches.find(batch_id)


def new_codes(number):
    codes = sorted(new_code() for _ in range(number))
    books.take_in(f"set {codes[0]}", codes, day=today())
    return codes


def listed(kind, codes, batch_id="b1", reason=""):
    return lists.begin(kind, codes, batch_id=batch_id, reason=reason, day=today())


@pytest.fixture
def vault(cast, platform):
    with cast.vault("administration"):
        connect(platform)
        yield


def states():
    return {row.code: row.state for row in Code.select()}


def test_codes_arrive_from_clearing_are_created_and_their_use_is_read_back(cast, platform):
    codes = sorted(new_code() for _ in range(6))
    send(cast, "clearing", "administration", "invite-codes", {"key_set": "Herbst", "codes": codes})
    cast["administration"].client().get("/administration/")
    with cast.vault("administration"):
        connect(platform)
        assert [row.name for row in books.key_sets()] == ["Herbst"]
        done = through(batches.begin_creation(day=today()).id)
        assert (done.state, done.created) == ("applied", 6)
        platform.register(codes[0])
        run(service.read_back)
        assert states() == dict.fromkeys(codes, "platform") | {codes[0]: "used"}
        assert books.standing().accounts == 1


def test_the_list_creates_locks_and_unlocks_and_the_counts_go_back(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes[:6], "b1").id)
    for code in codes[:6]:
        platform.register(code)
    done = through(listed("regular", codes[2:8], "b2").id)
    assert (done.created, done.locked, done.unlocked, done.unchanged) == (2, 2, 0, 4)
    assert [states()[code] for code in codes[:3]] == ["locked", "locked", "used"]
    back = through(listed("regular", codes, "b3").id)
    assert (back.locked, back.unlocked) == (0, 2)
    assert platform.votes(codes[0]) == [True, True]
    assert Outgoing.select().count() == 3


def test_counts_reach_clearing_with_exactly_the_agreed_fields(vault, cast, platform):
    codes = new_codes(3)
    sent = []
    original, outbox.send = outbox.send, lambda *args, **more: sent.append((args, more))
    try:
        through(listed("regular", codes).id)
    finally:
        outbox.send = original
    [((type_, recipient, body), _more)] = sent
    assert (type_, recipient) == ("reconciliation-counts", "clearing")
    assert body == {
        "batch": "b1", "created": 3, "locked": 0, "unlocked": 0, "unchanged": 0, "unknown": 0, "applied_on": today().isoformat(),
    }  # fmt: skip


def test_an_urgent_lock_locks_one_account_and_leaves_the_rest(vault, platform):
    codes = new_codes(5)
    through(listed("regular", codes).id)
    for code in codes:
        platform.register(code)
    done = through(listed("urgent", codes[:1], "u1", "left today").id)
    assert (done.locked, done.created, done.unlocked) == (1, 0, 0)
    assert [platform.member(code)[2] for code in codes] == [True, False, False, False, False]


def test_codes_that_clearing_deactivates_are_locked_and_never_come_back(vault, platform):
    codes = new_codes(4)
    through(listed("regular", codes).id)
    books.deactivate(codes[:1])
    lists.deactivated(codes[:1], "lost", day=today())
    [batch] = batches.unfinished()
    assert through(batch.id).locked == 1
    assert through(listed("regular", codes, "b2").id).unlocked == 0
    assert states()[codes[0]] == "locked"


def test_a_code_deactivated_before_it_arrives_is_never_created(vault):
    code, other = new_code(), new_code()
    books.deactivate([code])
    books.take_in("later", [code, other], day=today())
    assert books.waiting_codes() == [other]


def test_an_empty_list_changes_nothing(vault):
    new_codes(2)
    batch = listed("regular", [])
    with pytest.raises(EmptyWhitelist):
        run(service.prepare, batch.id)
    assert batches.find(batch.id).state == "waiting"


def test_nothing_is_applied_that_no_second_officer_has_confirmed(vault, platform):
    codes = new_codes(2)
    batch = listed("regular", codes)
    run(service.prepare, batch.id)
    with pytest.raises(batches.NotNow):
        batches.finish(batch.id, None, version="", now=utc_now(), day=today())


def test_a_list_that_would_lock_too_many_stops(vault, platform):
    codes = new_codes(40)
    through(listed("regular", codes).id)
    listed("regular", codes[:30], "b2")
    run(service.prepare, "b2")
    assert batches.is_over_threshold(batches.find("b2"))
    listed("regular", codes[:36], "b3")
    run(service.prepare, "b3")
    assert not batches.is_over_threshold(batches.find("b3"))
    assert batches.is_below_floor(batches.find("b3"))


def test_a_member_deleted_between_plan_and_apply_is_reported(vault, platform):
    codes = new_codes(3)
    through(listed("regular", codes).id)
    platform.register(codes[0])
    run(service.prepare, listed("regular", codes[1:], "b2").id)
    platform.ask(
        "update member set deleted = now(), locked = true, active = false where invite_code = %s", codes[0]
    )
    batches.confirm("b2", by=BEA)
    run(service.apply, "b2")
    done = batches.find("b2")
    assert (done.locked, done.left) == (0, 1)
    assert states()[codes[0]] == "deleted"


def test_an_invitation_sent_again_behind_our_back_is_in_the_books(vault, platform):
    codes = new_codes(3)
    through(listed("regular", codes).id)
    platform.ask("update member set invite_code = 'sent-again' where invite_code = %s", codes[0])
    run(service.read_back)
    assert books.standing().states["vanished"] == 1
    assert (books.of_state("vanished", 9), books.strangers(9)) == ([codes[0]], ["sent-again"])


def test_a_finished_batch_keeps_figures_and_no_codes(vault):
    through(listed("regular", new_codes(3)).id)
    assert (BatchCode.select().count(), PlanLine.select().count()) == (0, 0)


def test_the_same_letter_or_step_twice_counts_once(vault):
    codes = new_codes(3)
    done = through(listed("regular", codes).id)
    run(service.apply, done.id)
    assert listed("regular", codes[:1]).state == "applied"
    assert Outgoing.select().count() == 1


def test_an_unused_code_expires_and_is_locked(vault, platform):
    codes = new_codes(3)
    through(listed("regular", codes).id)
    platform.register(codes[0])
    books.set_expiry(codes[:2], today() - timedelta(days=1))
    assert through(listed("regular", codes, "b2").id).locked == 1
    assert [states()[code] for code in codes] == ["used", "locked", "platform"]


@pytest.mark.parametrize(
    "body",
    [
        {"batch": "", "kind": "regular", "codes": [], "reason": ""},
        {"batch": "b", "kind": "creation", "codes": [], "reason": ""},
        {"batch": "b", "kind": "regular", "codes": "abc", "reason": ""},
        {"batch": "b", "kind": "regular", "codes": ["not a code"], "reason": ""},
        {"batch": "b", "kind": "regular", "codes": [None], "reason": ""},
        {"batch": "b", "kind": "urgent", "codes": [], "reason": None},
    ],
)
def test_a_letter_that_is_no_list_is_refused(cast, body):
    send(cast, "clearing", "administration", "reconciliation-codes", body)
    page = cast["administration"].client().get("/administration/inbox").get_data(as_text=True)
    with cast.vault("administration"):
        assert batches.newest() == []
    assert page


def test_no_table_holds_a_password_or_code_in_clear(vault, platform, cast):
    codes = new_codes(2)
    connect(platform, password="geheim")
    through(listed("regular", codes).id)
    file = cast.organisation.instance.vault_file("administration")
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir() if path.is_file())
    assert codes[0].encode() not in kept
    assert b"geheim" not in kept


def test_the_office_is_reminded_of_what_came_in_time_and_not_of_what_was_applied_late(cast):
    first, on_day, later = date(2026, 11, 15), date(2026, 12, 1), date(2026, 12, 4)
    with cast.vault("administration"):
        assert batches.reminder(on_day) is None, "nobody has an account yet"
        lists.begin("regular", ["x"], batch_id="b1", day=first)
        applied = Batch.update(state=APPLIED, applied_on=date(2026, 11, 29))
        applied.where(Batch.id == "b1").execute()
        assert batches.reminder(date(2026, 11, 27)) is None
        assert batches.reminder(date(2026, 11, 29)) == Reminder("soon", on_day, 2)
        assert batches.reminder(on_day) == Reminder("today", on_day, 0)
        lists.begin("regular", ["x"], batch_id="b2", day=on_day)
        assert batches.reminder(later) == Reminder("overdue", on_day, 3), "it came, and waits"
        applied = Batch.update(state=APPLIED, applied_on=later)
        applied.where(Batch.id == "b2").execute()
        assert batches.reminder(later) is None


def test_deactivated_codes_that_a_regular_list_has_locked_ask_for_nothing_more(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    books.deactivate(codes[:2])
    lists.deactivated(codes[:2], "collected", day=today())
    (waiting,) = batches.unfinished()
    assert through(listed("regular", codes[2:], "b2").id).locked == 2
    found = batches.find(waiting.id)
    assert (found.state, found.unchanged, found.applied_on) == ("applied", 2, today())
    assert batches.unfinished() == []
    assert BatchCode.select().count() == 0


def test_deactivated_codes_that_still_stand_open_wait_for_their_dry_run(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    through(listed("urgent", codes[:1], "b2").id)
    lists.deactivated(codes[:3], "collected", day=today())
    through(listed("urgent", codes[1:2], "b3").id)
    (waiting,) = batches.unfinished()
    assert (waiting.state, waiting.size, waiting.unchanged) == ("waiting", 1, 2)
    assert lists.codes_of(waiting.id) == [codes[2]]
