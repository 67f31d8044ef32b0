"""The files of imports: in the vault from the upload until their rows are in the register, or nobody wants them any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compartments.membership.imports.models import ImportFile


def keep(import_id: int, content: bytes) -> None:
    """Keep a file as it came."""
    ImportFile.insert(import_id=import_id, content=content).execute()


def of(import_id: int) -> bytes | None:
    """Return an import's file; None once it is gone."""
    found: Any = ImportFile.select(ImportFile.content).where(ImportFile.import_id == import_id).scalar()
    return None if found is None else bytes(found)


def forget(import_ids: Sequence[int]) -> None:
    """Take the files of these imports out."""
    ImportFile.delete().where(ImportFile.import_id.in_(import_ids)).execute()
