"""The list of a backup's files with their digests: what is checked before anything is restored. Holds no content and no key."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from app.instance import write_private

NAME = "manifest.json"
FORMAT = 1


class DamagedBackup(OSError):
    """The backup isn't what its manifest says, or none at all."""


@dataclass(frozen=True)
class Manifest:
    """``files`` is relative path -> SHA-256 in hex; ``about`` says when and by what the backup was made."""

    files: dict[str, str]
    about: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, about: dict[str, Any]) -> Manifest:
        """Describe every file below ``folder``."""
        files = {
            path.relative_to(folder).as_posix(): digest(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        return cls(files, about)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check a backup; raises :class:`DamagedBackup` where a file is missing, changed, or not on the list."""
        try:
            content = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                raise DamagedBackup(
                    f"{folder} was made by another version of Schotten (format {content['format']})"
                )
            found = cls(dict(content["files"]), dict(content["about"]))
        except FileNotFoundError as error:
            raise DamagedBackup(f"{folder} is no backup: it has no {NAME}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedBackup(f"{folder / NAME} can't be read") from error
        found._check(folder)
        return found

    def write(self, folder: Path) -> None:
        """Write the manifest, last of all."""
        content = {"format": FORMAT, "about": self.about, "files": self.files}
        write_private(folder / NAME, json.dumps(content, indent=2, sort_keys=True).encode() + b"\n")

    def _check(self, folder: Path) -> None:
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {
            NAME
        }
        if odd := present ^ set(self.files):
            raise DamagedBackup(f"{folder}: missing or not on the list: {', '.join(sorted(odd)[:5])}")
        for name, expected in self.files.items():
            path = folder / PurePosixPath(name)
            if path.is_symlink() or digest(path) != expected:
                raise DamagedBackup(f"{folder}: {name} has changed since the backup")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes into a new one that only its owner reads. Not yet durable: see :func:`make_durable`."""
    # Not `parents=True`: that makes the folders above with the mode of everybody's.
    for folder in reversed([folder for folder in target.parents if not folder.exists()]):
        folder.mkdir(mode=0o700)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        while chunk := reading.read(1024 * 1024):
            writing.write(chunk)


def make_durable(folder: Path) -> None:
    """Wait until everything below a folder is on the disk, the names included."""
    for path in (*sorted(folder.rglob("*"), reverse=True), folder):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
