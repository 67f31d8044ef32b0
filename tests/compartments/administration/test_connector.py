"""The connector on a real PostgreSQL: LiquidFeedback 1 to 4, through the functions that its operator installs."""

from datetime import UTC, datetime

import psycopg
import pytest

from compartments.administration.platform import connector
from compartments.administration.platform.connector import (
    Busy,
    NotInstalled,
    Unreachable,
    UnsupportedVersion,
    connected,
)
from compartments.administration.platform.planning import Plan, Row
from keys.codes import new_code


class BrokenOff(Exception):
    pass


EXPIRES = datetime(2027, 5, 1, tzinfo=UTC)


def codes(number):
    return tuple(new_code() for _ in range(number))


def create(platform, new, **options):
    with platform.connected() as connection:
        return connection.apply(Plan(create=new), **options)


def apply(platform, **plan):
    with platform.connected() as connection:
        return connection.apply(Plan(**plan))


def test_it_names_the_version_of_the_schema(every_platform):
    with every_platform.connected() as connection:
        assert connection.version().major == int(every_platform.version[1])


def test_a_schema_of_version_five_is_refused(platform):
    platform.ask(
        "create or replace view liquid_feedback_version as select '5.0.0' as string, 5 as major, 0 as minor, 0 as revision"
    )
    with pytest.raises(UnsupportedVersion), platform.connected() as connection:
        connection.version()


def test_codes_are_created_used_and_read_back(every_platform):
    first, second = new = codes(2)
    assert create(every_platform, new).outcomes == dict.fromkeys(new, "created")
    every_platform.register(first)
    rows = every_platform.rows()
    assert rows[first] == Row(first, used=True, active=True, locked=False, held=False, deleted=False)
    assert rows[second] == Row(second, used=False, active=False, locked=False, held=False, deleted=False)


def test_an_invitation_carries_our_expiry_and_no_identification(platform):
    [code] = new = codes(1)
    create(platform, new, expires=EXPIRES)
    [(expiry, identification, activated)] = platform.ask(
        "select invite_code_expiry at time zone 'utc', identification, activated from member where invite_code = %s",
        code,
    )
    assert (expiry.replace(tzinfo=UTC), identification, activated) == (EXPIRES, None, None)


def test_new_accounts_may_vote_in_the_units_named(platform):
    [code] = new = codes(1)
    create(platform, new, units=[2])
    assert platform.ask("select unit_id, voting_right from privilege") == [(2, True)]
    assert platform.member(code)


def test_ids_tell_nothing_of_the_order_of_the_list(platform):
    new = tuple(sorted(codes(200)))
    create(platform, new)
    assert [code for (code,) in platform.ask("select invite_code from member order by id")] != list(new)


def test_a_locked_account_is_out_of_its_units_and_sessions(every_platform):
    [code] = codes(1)
    create(every_platform, (code,))
    every_platform.register(code)
    assert apply(every_platform, lock=(code,)).outcomes == {code: "locked"}
    assert every_platform.member(code)[1:] == (False, True)
    assert every_platform.votes(code) == [False, False]
    assert every_platform.sessions(code) == 0


def test_unlocking_gives_back_exactly_the_voting_rights_that_were_taken(every_platform):
    [code] = codes(1)
    create(every_platform, (code,))
    every_platform.register(code)
    every_platform.ask("update privilege set voting_right = false where unit_id = 2")
    apply(every_platform, lock=(code,))
    assert apply(every_platform, unlock=(code,)).outcomes == {code: "unlocked"}
    assert every_platform.member(code)[2] is False
    assert every_platform.votes(code) == [True, False]


def test_an_unused_code_that_is_locked_registers_nobody_until_it_is_unlocked(every_platform):
    [code] = codes(1)
    create(every_platform, (code,))
    applied = apply(every_platform, lock=(code,))
    assert [(row.locked, row.held, row.used) for row in applied.rows] == [(True, True, False)]
    if every_platform.version != "v1":
        with pytest.raises(ValueError, match="not enough values"):
            every_platform.register(code)
    apply(every_platform, unlock=(code,))
    every_platform.register(code)
    assert every_platform.rows()[code].used


def test_the_same_plan_again_changes_nothing_and_answers_the_same(every_platform):
    new = codes(4)
    create(every_platform, new)
    for code in new:
        every_platform.register(code)
    apply(every_platform, lock=new[2:])
    more = codes(1)
    plan = {"create": more, "lock": new[:2], "unlock": new[2:]}
    assert apply(every_platform, **plan) == apply(every_platform, **plan)


def test_a_row_that_its_own_operator_has_locked_is_left(every_platform):
    [code] = codes(1)
    create(every_platform, (code,))
    every_platform.register(code)
    every_platform.ask("update member set locked = true")
    assert apply(every_platform, unlock=(code,)).outcomes == {code: "operator"}
    assert apply(every_platform, lock=(code,)).outcomes == {code: "operator"}
    assert every_platform.member(code)[1:] == (True, True)
    assert every_platform.votes(code) == [True, True]


def test_a_deleted_row_is_skipped(platform):
    [code] = codes(1)
    create(platform, (code,))
    platform.register(code)
    apply(platform, lock=(code,))
    platform.ask("update member set deleted = now(), locked = true")
    assert apply(platform, unlock=(code,)).outcomes == {code: "deleted"}
    assert platform.rows()[code].deleted
    assert platform.member(code)[2] is True


def test_a_code_that_is_gone_is_reported(every_platform):
    [code] = codes(1)
    assert apply(every_platform, lock=(code,)).outcomes == {code: "gone"}
    assert apply(every_platform, unlock=(code,)).outcomes == {code: "gone"}


@pytest.mark.parametrize("version", ["v2", "v3", "v4"])
def test_rows_without_an_invite_code_are_never_seen_nor_touched(make_platform, version):
    platform = make_platform(version)
    platform.ask(
        "insert into member (name, activated, active, last_activity, admin) values ('Root', now(), true, now(), true)"
    )
    before = platform.ask("select * from member")
    assert apply(platform, lock=("", "Root")).rows == []
    assert apply(platform, create=("",)).outcomes == {"": "gone"}
    assert platform.ask("select * from member") == before


def test_a_session_after_the_lock_and_a_new_log_in_are_taken_away_again(platform):
    [code] = codes(1)
    create(platform, (code,))
    platform.register(code)
    apply(platform, lock=(code,))
    platform.ask("update member set active = true where invite_code = %s", code)
    platform.ask("insert into session (ident, member_id) values ('again', %s)", platform.member(code)[0])
    apply(platform, lock=(code,))
    assert platform.member(code)[1:] == (False, True)
    assert platform.sessions(code) == 0


def test_a_plan_that_breaks_off_leaves_nothing(platform):
    [used] = codes(1)
    create(platform, (used,))
    platform.register(used)
    new = codes(3)
    before = platform.rows()

    def break_off():
        raise BrokenOff

    with pytest.raises(BrokenOff), platform.connected() as connection:
        connection.apply(Plan(create=new, lock=(used,)), between=break_off)
    assert platform.rows() == before
    assert platform.votes(used) == [True, True]


def test_two_that_apply_at_the_same_time_don_t_mix(platform):
    new = codes(2)

    def meanwhile():
        with pytest.raises(Busy), platform.connected() as second:
            second.apply(Plan(create=new[1:]))

    with platform.connected() as first:
        first.apply(Plan(create=new[:1]), between=meanwhile)
    assert set(platform.rows()) == {new[0]}


def test_installing_again_keeps_what_was_noted(every_platform):
    [code] = codes(1)
    create(every_platform, (code,))
    every_platform.register(code)
    apply(every_platform, lock=(code,))
    every_platform.install()
    assert every_platform.rows()[code].held


# --- least privilege ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "select * from member",
        "select invite_code from member",
        "update member set locked = true",
        "insert into member (name) values ('x')",
        "delete from session",
        "select * from privilege",
        "select * from connector.held",
        "select * from connector.invited",
        "select connector.answer()",
        "select connector.carry_out('{}')",
        "create table connector.mine (id int)",
        "create table public.mine (id int)",
    ],
)
def test_the_connectors_role_can_do_nothing_but_call_four_functions(platform, statement):
    with (
        psycopg.connect(
            host=platform.host, port=platform.port, dbname=platform.address.dbname, user="schotten_connector"
        ) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_everybody_else_may_not_call_them(make_platform, version):
    platform = make_platform(version)
    other = connector.Address(
        platform.host, platform.address.dbname, "somebody_else", "", platform.port, "disable"
    )
    with pytest.raises(NotInstalled), connected(other) as connection:
        connection.read_back()
    allowed = platform.ask(
        "select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = 'connector'"
        " and (has_function_privilege('somebody_else', p.oid, 'execute') or not prosecdef or proconfig is null)"
    )
    assert allowed == []


def test_a_table_of_the_callers_own_is_not_taken_for_the_platforms(platform):
    [code] = codes(1)
    create(platform, (code,))
    with psycopg.connect(
        host=platform.host,
        port=platform.port,
        dbname=platform.address.dbname,
        user="schotten_connector",
        autocommit=True,
    ) as own:
        own.execute("create temp table member (id int, invite_code text)")
        own.execute("set search_path = pg_temp, public")
        assert own.execute("select count(*) from connector.read_back()").fetchone() == (1,)


def test_what_is_missing_is_said_by_name(platform, postgres):
    platform.ask("drop schema connector cascade")
    with pytest.raises(NotInstalled), platform.connected() as connection:
        connection.version()
    nowhere = connector.Address(
        platform.host, "no_such_database", "schotten_connector", "", platform.port, "disable"
    )
    with pytest.raises(Unreachable), connected(nowhere):
        pass


def test_an_error_quotes_no_row(platform):
    [code] = codes(1)
    with pytest.raises(connector.PlatformError) as caught, platform.connected() as connection:
        connection.apply(Plan(create=(code,)), units=[999])
    assert code not in str(caught.value)
    assert caught.value.__suppress_context__


# --- what only one version has -----------------------------------------------------------------------------------------


def test_nobody_acts_for_a_locked_member_any_more(platform):
    """A session in which the member acts for a role account names the member in another column, and tokens need no session."""
    [code] = new = codes(1)
    create(platform, new)
    platform.register(code)
    [(role,)] = platform.ask(
        "insert into member (name, activated, role) values ('Vorstand', now(), true) returning id"
    )
    member = platform.member(code)[0]
    [(session,)] = platform.ask("select id from session where member_id = %s", member)
    platform.ask(
        "insert into session (ident, member_id, real_member_id) values ('as role', %s, %s)", role, member
    )
    for token, bound in (("of a session", session), ("refresh", None)):
        platform.ask(
            "insert into token (token, token_type, member_id, session_id, scope) values (%s, 'access', %s, %s, 'vote')",
            token, member, bound,
        )  # fmt: skip
    platform.ask(
        "insert into token (token, token_type, member_id, scope) values ('of the role', 'access', %s, 'vote')",
        role,
    )
    apply(platform, lock=(code,))
    assert platform.ask("select ident from session") == []
    assert platform.ask("select token from token") == [("of the role",)]


def test_a_right_in_a_single_issue_is_taken_and_given_back(platform):
    first, second = new = codes(2)
    create(platform, new)
    platform.ask("insert into issue default values")
    platform.ask("insert into issue default values")
    for code in new:
        platform.register(code)
        platform.ask("insert into issue_privilege values (1, %s, null, true)", platform.member(code)[0])
        platform.ask("insert into issue_privilege values (2, %s, true, null)", platform.member(code)[0])

    def rights(code):
        found = platform.ask(
            "select initiative_right, voting_right from issue_privilege where member_id = %s order by issue_id",
            platform.member(code)[0],
        )
        return [tuple(row) for row in found]

    untouched = [(None, True), (True, None)]
    for _ in range(2):
        apply(platform, lock=(first,))
        assert rights(first) == [(None, False), (True, None)]
    assert rights(second) == untouched
    apply(platform, unlock=(first,))
    assert rights(first) == untouched


def test_in_version_one_a_code_brings_its_voting_rights_along_also_after_a_lock(make_platform):
    platform = make_platform("v1")
    new = codes(3)
    create(platform, new, units=[2])
    apply(platform, lock=new[:2])
    assert apply(platform, unlock=new[:1]).outcomes == {new[0]: "unlocked"}
    granted = platform.ask(
        "select i.code, unit_id from invite_code_unit join invite_code i on i.id = invite_code_id"
    )
    assert set(granted) == {(new[0], 2), (new[2], 2)}
    create(platform, new, units=[2])
    assert len(platform.ask("select 1 from invite_code_unit")) == 2
