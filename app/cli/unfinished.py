"""A folder that is being filled: who may fill it, and how a later attempt knows what a crash has left there.

The marker is made first and removed last. Where it lies, nothing in the folder has been used by anybody yet, so it may be cleared.
Where it doesn't, nothing is ever cleared: an instance whose description got lost is not mistaken for a half-made one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.instance import PRIVATE_FILE, PRIVATE_FOLDER, Instance, InstanceError, sync_folder

MARKER = ".unfinished"


@contextmanager
def filling(instance: Instance) -> Iterator[None]:
    """Hold an empty (or half-filled) instance folder while it is filled.

    Raises :class:`~app.instance.InstanceError` where an instance is there, somebody else is at it, or the folder holds other files.
    """
    marker = instance.path / MARKER
    if instance.exists:
        marker.unlink(missing_ok=True)
        raise InstanceError(f"{instance.path} holds an instance already")
    instance.path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    _refuse_foreign_files(instance.path)
    descriptor = os.open(marker, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        _lock(descriptor, instance)
        instance.path.chmod(PRIVATE_FOLDER)
        sync_folder(instance.path)
        _clear(instance.path)
        instance.create_folders()
        yield
        marker.unlink(missing_ok=True)
        sync_folder(instance.path)
    finally:
        os.close(descriptor)


def _refuse_foreign_files(folder: Path) -> None:
    found = {entry.name for entry in folder.iterdir()} - {"lost+found"}
    if found and MARKER not in found:
        raise InstanceError(
            f"{folder} isn't empty (it holds {', '.join(sorted(found)[:5])}) and holds no instance that could be read"
        )


def _lock(descriptor: int, instance: Instance) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InstanceError(f"{instance.path} is just being filled by another process") from error
    if instance.exists:
        raise InstanceError(f"{instance.path} holds an instance already")


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry) if entry.name != "lost+found" else None
        elif entry.name != MARKER:
            entry.unlink()
