"""Speaks with the platform's PostgreSQL, through the functions of deploy/liquidfeedback/connector.sql and nothing else.

The connector's role can't read a table there; which version of LiquidFeedback it is, and what locking means in it, is the SQL's matter.
Nothing here touches a vault, so that a job can call it while the vault is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors

from compartments.administration.platform.planning import CREATE, LOCK, UNLOCK, Plan, Row
from keys.randomness import shuffle

AT_ONCE = 10_000
SECONDS_TO_CONNECT = 10
MILLISECONDS_PER_STATEMENT = 600_000
SUPPORTED = (1, 2, 3, 4)


class PlatformError(Exception):
    """The platform can't be used now. ``reason`` names why, for a sentence in the reader's language; never content."""

    reason = "refused"


class Unreachable(PlatformError):
    """No connection: wrong address, wrong password, or the host is down."""

    reason = "unreachable"


class NotInstalled(PlatformError):
    """The operator's SQL isn't there, or this role may not call it."""

    reason = "not-installed"


class UnsupportedVersion(PlatformError):
    """A LiquidFeedback whose schema the connector doesn't know."""

    reason = "version"


class Busy(PlatformError):
    """Somebody else is applying a plan at this moment."""

    reason = "busy"


@dataclass(frozen=True)
class Address:
    """Where the platform's database is, and as whom."""

    host: str
    dbname: str
    user: str
    password: str = field(default="", repr=False)
    port: int = 5432
    sslmode: str = "verify-full"


@dataclass(frozen=True)
class Version:
    """The version of LiquidFeedback's schema, as its view names it."""

    text: str

    @property
    def major(self) -> int:
        """The first number; 0 where there is none."""
        first = self.text.removeprefix("v").partition(".")[0]
        return int(first) if first.isascii() and first.isdigit() else 0


@dataclass(frozen=True)
class Applied:
    """What the platform answered: how each planned code ended, and all rows afterwards."""

    outcomes: dict[str, str]
    rows: list[Row]


class Platform:
    """An open connection, of which only four functions are used."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def version(self) -> Version:
        """Return the version; raises :class:`UnsupportedVersion`."""
        found = self._connection.execute("select connector.version()").fetchone()
        version = Version(str(found[0]) if found else "")
        if version.major not in SUPPORTED:
            raise UnsupportedVersion
        return version

    def read_back(self) -> list[Row]:
        """Return every account with an invite code."""
        with self._connection.cursor(row_factory=_as_row) as cursor:
            return cursor.execute(
                "select code, used, active, locked, held, deleted from connector.read_back()"
            ).fetchall()

    def apply(
        self,
        plan: Plan,
        *,
        expires: datetime | None = None,
        units: Sequence[int] = (),
        between: Callable[[], None] | None = None,
    ) -> Applied:
        """Carry out a plan in one transaction and read back. The same plan again changes nothing and answers the same.

        ``units`` are those in which new accounts may vote. Raises :class:`Busy` while another plan is applied.
        """
        outcomes: dict[str, str] = {}
        statements: dict[str, tuple[str, tuple[Any, ...]]] = {
            CREATE: (
                "select code, outcome from connector.invite(%s::text[], %s::timestamptz, %s::integer[])",
                (expires, list(units)),
            ),
            LOCK: ("select code, outcome from connector.lock(%s::text[])", ()),
            UNLOCK: ("select code, outcome from connector.unlock(%s::text[])", ()),
        }
        with self._connection.transaction():
            for action, codes in plan.actions():
                statement, more = statements[action]
                for part in _parts(shuffle(codes)):
                    outcomes.update(self._connection.execute(statement, (part, *more)).fetchall())
            if between:
                between()
            return Applied(outcomes, self.read_back())


@contextmanager
def connected(address: Address) -> Iterator[Platform]:
    """Connect for as long as the block lasts; raises a :class:`PlatformError` for all that can go wrong with it."""
    try:
        with psycopg.connect(
            host=address.host,
            port=address.port,
            dbname=address.dbname,
            user=address.user,
            password=address.password,
            sslmode=address.sslmode,
            connect_timeout=SECONDS_TO_CONNECT,
            application_name="schotten",
            options=f"-c statement_timeout={MILLISECONDS_PER_STATEMENT} -c lock_timeout=60000",
            autocommit=True,
        ) as connection:
            yield Platform(connection)
    except errors.LockNotAvailable:
        raise Busy from None
    except (errors.UndefinedFunction, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        raise NotInstalled from None
    except psycopg.OperationalError:
        raise Unreachable from None
    except psycopg.Error:
        # Its text may quote a row: only the type may leave.
        raise PlatformError from None


def _as_row(_cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    return Row._make


def _parts(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), AT_ONCE):
        yield codes[start : start + AT_ONCE]
