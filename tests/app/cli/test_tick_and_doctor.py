"""`schotten tick` does what time demands, keyless and as often as one likes; `schotten doctor` says what is wrong."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.clock import today, utc_now
from app.config import Settings
from app.shared import acts, maintenance, upkeep
from app.shared.models import Act, Assignment, Enrolment, Mailbox, MailboxMessage, Posting, Session
from app.shared.sessions import Limits
from keys.claims import ClaimKeyPair

LIMITS = Limits(timedelta(minutes=30), timedelta(hours=10), timedelta(minutes=10))
TEXTS = {"de": {"title": "Wache", "summary": "Nachts wach"}}


def post(slug, deadline):
    return Posting.create(slug=slug, state="published", deadline=deadline, texts=TEXTS, published_on=today())


def tick(**kwargs):
    return upkeep.run(kwargs.get("day", today()), utc_now(), LIMITS)


def test_a_posting_is_open_on_its_last_day_and_closed_on_the_next(cast):
    with cast.shared():
        post("yesterday", today() - timedelta(days=1))
        post("today", today())
        post("endless", None)
        assert tick().closed == ["yesterday"]
        assert {row.slug: row.state for row in Posting.select()} == {
            "yesterday": "closed",
            "today": "published",
            "endless": "published",
        }
        assert Act.select().order_by(Act.number.desc()).first().act == acts.Kind.POSTING_CLOSED


def test_what_was_done_is_not_done_again(cast):
    with cast.shared():
        post("yesterday", today() - timedelta(days=1))
        tick()
        number = Act.select().count()
        assert tick().closed == []
        assert Act.select().count() == number


def test_a_mailbox_goes_with_its_messages_after_its_day(cast):
    with cast.shared():
        for name, days in (("a" * 32, -1), ("b" * 32, 0)):
            Mailbox.create(id=name, sealing_key=b"k", expires_on=today() + timedelta(days=days))
            MailboxMessage.create(id=name, mailbox=name, ciphertext=b"c", day=today())
        assert tick().mailboxes == 1
        assert [row.id for row in Mailbox.select()] == ["b" * 32]
        assert [row.id for row in MailboxMessage.select()] == ["b" * 32]


def test_an_announced_window_goes_when_it_is_over(cast):
    now = utc_now()
    with cast.shared():
        for name, ends in (("over", now - timedelta(minutes=1)), ("on", now + timedelta(hours=1))):
            maintenance.publish(name, now - timedelta(hours=2), ends, {"de": name}, actor=None)
        assert (tick().windows, tick().windows) == (1, 0)
        assert [window.text for window in maintenance.announced("de", now - timedelta(hours=1))] == ["on"]


def test_a_term_that_is_over_ends_access(cast):
    with cast.shared():
        desk = Assignment.get(Assignment.compartment == "desk")
        Assignment.update(ends_on=today() - timedelta(days=1)).where(Assignment.id == desk.id).execute()
        assert tick().ended == 1
        assert Assignment.get_by_id(desk.id).state == "ended"
    assert cast["desk"].account_id
    assert cast.outsider().get("/desk/").status_code in {302, 303}


def test_used_codes_go_after_their_day_and_sessions_after_their_time(cast):
    with cast.shared():
        cast["board"].token()
        Session.update(seen_at=utc_now() - timedelta(hours=1)).execute()
        before = Enrolment.select().count()
        done = tick(day=today() + timedelta(days=400))
        assert before > 0
        assert (done.enrolments, Enrolment.select().count()) == (before, 0)
        assert done.sessions == 1


def test_a_changed_log_of_acts_is_found(cast):
    with cast.shared() as _:
        database = cast.app.extensions["schotten"].shared.database
        database.execute_sql("drop trigger act_is_not_edited")
        database.execute_sql("update act set actor = 'somebody else' where number = 2")
        done = tick()
        assert not done.is_sound
        assert done.broken_acts == [2]


def test_two_ticks_at_once_close_a_posting_once(schotten, organisation):
    layer = organisation.shared_layer()
    with layer.bound():
        post("yesterday", today() - timedelta(days=2))
    layer.close()
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(schotten, "tick", instance=organisation.settings.instance) for _ in range(2)]
    done = [call.result() for call in calls]
    assert [call.returncode for call in done] == [0, 0], [call.stderr for call in done]
    assert "".join(call.stdout for call in done).count("posting closed: yesterday") == 1


def test_tick_says_nothing_when_quiet_and_nothing_is_due(schotten, organisation):
    done = schotten("tick", "--quiet", instance=organisation.settings.instance)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- doctor ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def sound(instance_once, tmp_path):
    """A real instance, outside of any checkout, as init leaves it."""
    return shutil.copytree(instance_once, tmp_path / "instance")


def problems(done):
    return [
        line.removeprefix("PROBLEM").strip()
        for line in done.stdout.splitlines()
        if line.startswith("PROBLEM")
    ]


def test_a_new_instance_is_sound(sound, schotten):
    done = schotten("doctor")
    assert (done.returncode, problems(done)) == (0, [])
    assert "can't be read without their keys" in done.stdout


def test_it_sees_a_key_that_others_can_read(sound, schotten):
    (sound / "keys" / "service.key").chmod(0o644)
    done = schotten("doctor")
    assert done.returncode == 1
    assert any("0644" in problem for problem in problems(done))
    assert any("must have mode 0600" in problem for problem in problems(done))


def test_it_sees_a_folder_that_others_can_enter(sound, schotten):
    (sound / "vaults" / "desk").chmod(0o755)
    assert ["desk" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_a_missing_or_exchanged_claim_key(sound, schotten):
    path = sound / "keys" / "claim.key"
    path.unlink()
    assert ["claim key is not there" in problem for problem in problems(schotten("doctor"))] == [True]
    ClaimKeyPair.create(path)
    assert ["not the one" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_a_missing_service_key(sound, schotten):
    (sound / "keys" / "service.key").unlink()
    assert ["service key is not there" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_a_database_that_anyone_can_read_whatever_its_name(sound, schotten):
    (sound / "vaults" / "desk" / "notes.txt").write_bytes(b"SQLite format 3\x00" + bytes(100))
    (sound / "vaults" / "desk" / "notes.txt").chmod(0o600)
    assert ["anyone can read" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_a_shared_layer_of_another_key(sound, schotten):
    (sound / "keys" / "service.key").write_text("ab" * 32 + "\n")
    assert ["doesn't open with this service key" in problem for problem in problems(schotten("doctor"))] == [
        True
    ]


def test_it_sees_a_newer_schema(sound, schotten):
    from app.cli.ground import shared_layer
    from app.instance import Instance

    layer = shared_layer(Settings(instance=sound), Instance(sound))
    with layer.bound() as database:
        database.execute_sql("update schema_version set version = 99")
    layer.close()
    assert ["schema 99" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_a_vault_that_is_gone_or_cut_off(sound, schotten):
    (sound / "vaults" / "desk" / "desk.db").unlink()
    os.truncate(sound / "vaults" / "board" / "board.db", 5000)
    found = problems(schotten("doctor"))
    assert any("no vault file here for: desk" in problem for problem in found)
    assert any("vault of board is cut off" in problem for problem in found)


def test_it_sees_an_instance_in_a_checkout(sound, schotten, tmp_path):
    (tmp_path / ".git").mkdir()
    assert ["git checkout" in problem for problem in problems(schotten("doctor"))] == [True]


def test_it_sees_settings_that_are_only_for_tests(sound, schotten):
    done = schotten("doctor", SCHOTTEN_HTTPS="0", SCHOTTEN_RATE_LIMITS="0", SCHOTTEN_FAULT_POINT="never")
    assert len(problems(done)) == 3


def test_it_points_to_what_a_crash_left_behind(sound, schotten):
    for name in ("core", "vaults/desk/desk.new", "shared/x.part"):
        (sound / name).write_bytes(b"")
        (sound / name).chmod(0o600)
    done = schotten("doctor")
    assert done.stdout.count("was left behind") == 3
    assert done.returncode == 0


def test_it_says_that_there_is_no_instance(schotten, tmp_path):
    done = schotten("doctor")
    assert done.returncode == 1
    assert "run schotten init" in done.stdout


def test_it_knows_an_instance_that_several_unix_users_share(sound, schotten):
    """By its modes; whose the vaults are needs root to try (test_separate_users.py)."""

    def opened():
        return [problem for problem in problems(schotten("doctor")) if "open to others" in problem]

    (sound / "shared").chmod(0o2770)
    (sound / "shared" / "shared.db").chmod(0o660)
    for folder in (sound, sound / "keys", sound / "vaults"):
        folder.chmod(0o750)
    (sound / "instance.json").chmod(0o640)
    assert opened() == []
    (sound / "vaults" / "desk" / "desk.db").chmod(0o640)
    assert len(opened()) == 1
