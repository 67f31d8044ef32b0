"""The instance folder: where an installation keeps its files, and who may read them. Holds paths, never key material."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class InstanceError(RuntimeError):
    """The instance folder is missing, incomplete or in a place where it must not be."""


@dataclass(frozen=True)
class Instance:
    """One installation's folder. Nothing in it is readable by other users of the machine."""

    path: Path

    @property
    def description(self) -> Path:
        """``instance.json``: whether this is a demo, the compartments' first public keys, and that of the claims."""
        return self.path / "instance.json"

    @property
    def service_key(self) -> Path:
        """The key of the shared layer; it opens no vault."""
        return self.path / "keys" / "service.key"

    @property
    def claim_key(self) -> Path:
        """The private key that opens claim slots, together with a reference key. Only the public face reads it."""
        return self.path / "keys" / "claim.key"

    @property
    def shared_file(self) -> Path:
        """The default shared layer, a SQLCipher file. In a folder of its own: whoever may write it (every face, where each runs
        under a Unix user of its own) writes nothing else, least of all ``instance.json``.
        """
        return self.path / "shared" / "shared.db"

    @property
    def vaults(self) -> Path:
        """The folder of the vaults' folders."""
        return self.path / "vaults"

    def vault_file(self, vault: str) -> Path:
        """Path of one vault's SQLCipher file. Each lies in a folder of its own, with its locks and its log, so that a face's Unix
        user can be given its own vault and no other.
        """
        return self.vaults / vault / f"{vault}.db"

    @property
    def backups(self) -> Path:
        """Default folder of keyless backups."""
        return self.path / "backups"

    @property
    def exists(self) -> bool:
        """Whether ``schotten init`` or ``schotten demo`` has finished here."""
        return self.description.is_file()

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The content of ``instance.json``; raises :class:`InstanceError` where there is none."""
        try:
            facts: dict[str, Any] = json.loads(self.description.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise InstanceError(f"{self.path} holds no instance; run: schotten init") from error
        return facts

    @property
    def is_demo(self) -> bool:
        """A demo instance holds invented persons and published passphrases."""
        return bool(self.facts.get("demo"))

    @property
    def organisation(self) -> str | None:
        """The name given at founding; ``SCHOTTEN_ORGANISATION`` goes before it."""
        name: str | None = self.facts.get("organisation")
        return name

    @property
    def roots(self) -> dict[str, bytes]:
        """Vault name -> the public keys the compartment began with: what every chain of key renewals is checked from."""
        return {name: bytes.fromhex(keys) for name, keys in self.facts["roots"].items()}

    @property
    def claim_sealing_key(self) -> bytes:
        """The public key to which claim slots are sealed."""
        return bytes.fromhex(self.facts["claim_key"])

    def create_folders(self) -> None:
        """Make the folder and its private sub-folders."""
        for folder in (
            self.path,
            self.service_key.parent,
            self.shared_file.parent,
            self.vaults,
            self.backups,
        ):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)

    def describe(self, facts: dict[str, Any]) -> None:
        """Write ``instance.json``, last of all and in one step, so that a half-made instance never looks whole."""
        write_private(self.description, json.dumps(facts, indent=2, sort_keys=True).encode() + b"\n")
        self.__dict__.pop("facts", None)

    def inside_checkout(self) -> Path | None:
        """Return the folder of the git checkout the instance lies in, or None."""
        for folder in (self.path, *self.path.parents):
            if (folder / ".git").exists():
                return folder
        return None


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, durably: temporary name, fsync, rename, fsync of the folder."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
