"""Finds database files that anyone could read; for tests of the repository and of instances that tests make."""

from pathlib import Path

PLAINTEXT_HEADER = b"SQLite format 3\0"


def starts_like_plain_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(PLAINTEXT_HEADER)) == PLAINTEXT_HEADER


def plaintext_databases(folder: Path) -> list[Path]:
    """Every file below a folder, whatever its name, that SQLite opens without a key."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and starts_like_plain_sqlite(path))
