"""The compiled catalogues (.mo): made from the .po files, never kept in git, never older than their source."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent


def ensure_compiled(folder: Path = FOLDER) -> None:
    """Compile every catalogue under `folder` whose .mo is missing or older than its .po."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            compile_catalogue(source, target)


def compile_catalogue(source: Path, target: Path) -> None:
    """Write `target` in one step: several workers may start at once, and none may read half a file."""
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(
            f"{target} is missing or out of date, and is not this user's to write: "
            "let its owner run `.venv/bin/python -m app.translations.catalogue compile`"
        )
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=source.parent.parent.name)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".mo.part")
    with os.fdopen(handle, "wb") as stream:
        write_mo(stream, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(target)
