"""LiquidFeedback on a real PostgreSQL: the tables of each version, its operator, and its front end as far as registering goes."""

from pathlib import Path

import psycopg
from psycopg import sql

from compartments.administration.platform.connector import Address, connected

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "tests" / "compartments" / "administration" / "schemas"
DEPLOY = ROOT / "deploy" / "liquidfeedback"
VERSIONS = ("v1", "v2", "v3", "v4")


def add_roles(uri: str) -> None:
    """Make the connector's role as the operator does, the tables' owner, and somebody who has nothing to do with either."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute((DEPLOY / "role.sql").read_text())
        connection.execute("create role somebody_else login")
        connection.execute("create role lf_owner")


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
        self.operator.execute((SCHEMAS / f"{version}.sql").read_text())
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
            self.ask(
                "insert into privilege (unit_id, member_id) select unit_id, %s from invite_code_unit join invite_code i"
                " on i.id = invite_code_id where i.code = %s",
                member,
                code,
            )
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
