"""Promise P2 below the code: SQL that nobody wrote gives no account a second compartment and no person two offices."""

from datetime import date

import pytest
from peewee import IntegrityError

from app.shared import assignments
from app.shared.models import Account, Assignment, Enrolment, Person, Session
from keys.randomness import new_id
from tests.cast import appointment, enrol

DAY = date(2026, 11, 21)


@pytest.fixture
def sql(cast):
    """Runs a statement as whoever holds the shared layer's key could."""
    with cast.shared():
        database = cast.app.extensions["schotten"].shared.database
        yield database.execute_sql


@pytest.fixture
def mika(cast, sql):
    return Account.get_by_id(cast["membership"].account_id)


def refused(sql, statement, *parameters):
    with pytest.raises(IntegrityError):
        sql(statement, parameters)


@pytest.mark.parametrize(
    "change",
    [
        "compartment = 'clearing'",
        "role = 'junior'",
        "id = 'another'",
        "public_keys = x'00'",
        "assignment_id = (select id from assignment where compartment = 'clearing')",
        "commitment_id = (select commitment_id from account where compartment = 'clearing')",
    ],
)
def test_what_an_account_is_never_changes(sql, mika, change):
    refused(sql, f"update account set {change} where id = ?", mika.id)
    refused(sql, f"update or replace account set {change} where id = ?", mika.id)


def test_an_account_is_not_deleted(sql, mika):
    sql("delete from session")
    refused(sql, "delete from account where id = ?", mika.id)


ROW = (
    "account (id, assignment_id, commitment_id, compartment, role, username, display_name, language, state, public_keys, "
    "wrapped_keys, enrolled_on, failed_attempts, renews_keys) select ?, ?, ?, ?, 'officer', 'x', 'x', 'de', 'enrolled', x'00', x'00', '2026-11-21', 0, 0"
)


@pytest.mark.parametrize("verb", ["insert into", "insert or replace into"])
def test_an_account_is_not_replaced_by_one_of_another_compartment(cast, sql, mika, verb):
    clara = Account.get_by_id(cast["clearing"].account_id)
    refused(sql, f"{verb} {ROW}", mika.id, clara.assignment_id, clara.commitment_id, "clearing")


@pytest.mark.parametrize("compartment", ["clearing", "", None])
def test_an_account_is_of_its_assignments_compartment(sql, mika, compartment):
    enrolled = Assignment.create(
        id=new_id(),
        person=Person.create(id=new_id()),
        compartment="desk",
        appointed_on=DAY,
        starts_on=DAY,
    )
    refused(sql, f"insert into {ROW}", new_id(), enrolled.id, mika.commitment_id, compartment)
    refused(sql, f"insert into {ROW}", new_id(), enrolled.id, mika.commitment_id, "desk")


GRANT = '"grant" (account_id, vault_id, epoch, sealed_key, granted_on)'


@pytest.mark.parametrize("verb", ["insert into", "insert or replace into", "insert or ignore into"])
def test_a_grant_stays_in_its_compartment(sql, mika, verb):
    refused(sql, f"{verb} {GRANT} values (?, 'clearing', 1, x'00', '2026-11-21')", mika.id)
    refused(sql, f"{verb} {GRANT} values (?, 'nowhere', 1, x'00', '2026-11-21')", mika.id)
    refused(sql, f"{verb} {GRANT} values ('nobody', 'clearing', 1, x'00', '2026-11-21')")


@pytest.mark.parametrize("change", ["vault_id = 'clearing'", "epoch = 2"])
def test_a_grant_does_not_move(cast, sql, mika, change):
    refused(sql, f'update "grant" set {change} where account_id = ?', mika.id)
    refused(
        sql, 'update "grant" set account_id = ? where account_id = ?', cast["clearing"].account_id, mika.id
    )


def test_a_vault_does_not_change_its_kind(sql):
    refused(sql, "update vault set kind = 'clearing' where name = 'membership'")
    refused(sql, "insert or replace into vault values ('membership', 'clearing', 1, x'00')")
    refused(sql, "insert into vault values ('membership-berlin', 'clearing', 1, x'00')")


def test_an_ended_account_gets_no_grant_and_does_not_come_back(sql, mika):
    assignments.end(mika.assignment_id, day=DAY)
    refused(sql, f"insert into {GRANT} values (?, 'membership', 1, x'00', '2026-11-21')", mika.id)
    refused(sql, "update account set state = 'active' where id = ?", mika.id)
    refused(sql, "update assignment set state = 'active' where id = ?", mika.assignment_id)


def test_an_account_does_not_end_with_grants_nor_an_assignment_before_its_account(sql, mika):
    """An ended assignment with a living account would free its person for a second office."""
    refused(sql, "update account set state = 'ended' where id = ?", mika.id)
    refused(sql, "update assignment set state = 'ended' where id = ?", mika.assignment_id)


def test_an_assignment_stays_with_its_person(sql, mika):
    """Another person in its place would free this one for a second office."""
    Person.create(id="somebody-else")
    refused(sql, "update assignment set person_id = 'somebody-else' where id = ?", mika.assignment_id)
    refused(sql, "update assignment set compartment = 'desk' where id = ?", mika.assignment_id)


@pytest.mark.parametrize("verb", ["insert into", "insert or replace into", "insert or ignore into"])
def test_a_person_with_a_strict_office_gets_no_second_one(sql, mika, verb):
    person = mika.assignment.person_id
    row = "assignment (id, person_id, compartment, role, state, appointed_on, starts_on)"
    values = "(?, ?, 'clearing', 'officer', 'appointed', '2026-11-21', '2026-11-21')"
    refused(sql, f"{verb} {row} values {values}", new_id(), person)
    refused(sql, f"{verb} {row} values {values}", mika.assignment_id, person)


def test_merging_by_hand_is_held_to_the_rules_row_by_row(cast, sql, mika):
    mine, theirs = (
        mika.assignment.person_id,
        Account.get_by_id(cast["clearing"].account_id).assignment.person_id,
    )
    sql("update person set merged_into_id = ? where id = ?", (mine, theirs))
    refused(sql, "update assignment set person_id = ? where person_id = ?", mine, theirs)


def test_a_merge_is_not_undone_and_a_merged_person_takes_no_office(sql):
    for name in ("kept", "gone"):
        Person.create(id=name)
    assignments.merge("kept", "gone")
    refused(sql, "update person set merged_into_id = null where id = 'gone'")
    row = "assignment (id, person_id, compartment, role, state, appointed_on, starts_on)"
    refused(
        sql,
        f"insert into {row} values ('a', 'gone', 'desk', 'officer', 'appointed', '2026-11-21', '2026-11-21')",
    )


def test_two_living_accounts_never_share_a_user_name(cast, sql):
    refused(sql, "update account set username = 'clearing' where username = 'membership'")


def test_an_assignment_makes_one_account(cast, sql, settings):
    code = appointment("desk")
    member = enrol(code, "doppelt", settings, compartment="desk")
    account = Account.get_by_id(member.account_id)
    sql("update enrolment set used_on = null where assignment_id = ?", (account.assignment_id,))
    with pytest.raises(IntegrityError):
        enrol(code, "doppelt2", settings, compartment="desk")
    assert Enrolment.get(Enrolment.assignment == account.assignment_id).used_on is None


def test_a_session_does_not_move_to_another_account_or_stage(cast, sql, mika):
    cast["membership"].token(stage="second-factor")
    refused(sql, "update session set stage = 'full'")
    refused(sql, "update session set account_id = ?", cast["desk"].account_id)
    assert Session.select().count() == 1


@pytest.mark.parametrize("table", ["act", "commitment", "commitment_text", "compartment_key"])
def test_what_is_written_for_good_is_neither_changed_nor_deleted_nor_replaced(sql, table):
    column = {
        "act": "at",
        "commitment": "signed_name",
        "commitment_text": "texts",
        "compartment_key": "epoch",
    }[table]
    refused(sql, f"update {table} set {column} = {column}")
    refused(sql, f"delete from {table}")
    with pytest.raises(IntegrityError):
        sql(f"insert or replace into {table} select * from {table} limit 1")
