"""What the doctor makes of the files of an instance: who may read them, what is readable, what was left behind.

The folder may be one Unix user's alone (0700 and 0600 throughout), or shared by the users of several faces (deploy/separate-users). Then the
folder of the shared layer belongs to their group and carries the set-group-id bit; that bit is how the second kind is known.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from app.instance import Instance

PLAINTEXT_HEADER = b"SQLite format 3\x00"
LEFT_BEHIND = (
    "*.new",
    "*.part",
    ".unfinished*",
    ".service.key.*",
    ".claim.key.*",
    "core",
    "core.*",
    "*~",
    "*.swp",
    "*.tmp",
)
TRAVERSABLE = stat.S_IXGRP | stat.S_IXOTH


def everything(instance: Instance) -> Iterator[Path]:
    """Yield the folder and all below it; a folder that can't be read is yielded and not entered."""
    yield instance.path
    for folder, folders, files in os.walk(instance.path):
        yield from (Path(folder) / name for name in (*folders, *files))


def permissions(instance: Instance) -> Iterator[str]:
    """Yield a sentence for every file or folder that somebody else may read or change."""
    separate = _is_separate(instance)
    owner = instance.path.stat().st_uid
    for path in everything(instance):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            yield f"{path} is a link: what it leads to may be anywhere"
            continue
        if odd := stat.S_IMODE(found.st_mode) & 0o077 & ~_allowed(instance, path, separate=separate):
            yield f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o}, {odd:03o} too much)"
        if found.st_uid != owner and not separate:
            yield f"{path} belongs to another user (uid {found.st_uid}) than its folder (uid {owner})"


def owners(instance: Instance) -> Iterator[str]:
    """Yield a sentence for every vault that is not one face's user's alone, where each face has its own (deploy/separate-users)."""
    if not _is_separate(instance):
        return
    known = {instance.path.stat().st_uid: "root or whoever founded the instance"}
    for name in instance.roots:
        folder = instance.vault_file(name).parent
        if not folder.exists():
            continue
        owner = folder.stat().st_uid
        if owner in known:
            yield f"{folder} belongs to {known[owner]}, not to a user of its own: run deploy/separate-users"
        known.setdefault(owner, f"the user of {name}")
        for path in _inside(folder):
            if path.lstat().st_uid != owner:
                yield f"{path} belongs to another user than its folder: run deploy/separate-users"


def plaintext_files(instance: Instance) -> Iterator[str]:
    """Yield a sentence for every file that SQLite opens without a key, whatever its name."""
    for path in everything(instance):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                readable = file.read(len(PLAINTEXT_HEADER)) == PLAINTEXT_HEADER
        except PermissionError:
            continue  # another face's; its own user's doctor reads it
        if readable:
            yield f"{path} is a SQLite database that anyone can read"


def leftovers(instance: Instance) -> Iterator[str]:
    """Yield a sentence for everything that a crash, or an editor, has left behind."""
    for path in everything(instance):
        if any(path.match(pattern) for pattern in LEFT_BEHIND):
            yield f"{path} was left behind, by a crash or an editor; look at it, and delete it"
    for name in instance.roots:
        log = instance.vault_file(name).with_name(f"{name}.db-wal")
        if log.exists() and log.stat().st_size:
            yield f"{log} is there: the vault is open just now, or a crash left it so (the next opening takes it in)"


def _is_separate(instance: Instance) -> bool:
    shared = instance.shared_file.parent
    return shared.exists() and bool(shared.stat().st_mode & stat.S_ISGID)


def _inside(folder: Path) -> Iterator[Path]:
    """Nothing, where another face's user looks."""
    return folder.rglob("*") if os.access(folder, os.R_OK) else iter(())


def _allowed(instance: Instance, path: Path, *, separate: bool) -> int:
    """Bits beyond the owner's that are meant, where several users share the instance."""
    if not separate:
        return 0
    if path in {instance.path, instance.service_key.parent, instance.vaults}:
        return stat.S_IRGRP | stat.S_IXGRP
    if path == instance.description:
        return stat.S_IRGRP
    if instance.shared_file.parent in (path, path.parent):
        return stat.S_IRWXG
    return 0
