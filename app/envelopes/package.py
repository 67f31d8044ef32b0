"""Something written down together with its files, as bytes.

package = length of the header (4 bytes, big-endian) | header (JSON, with names, types and sizes of the files) | the files' bytes, one after the other
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FILES = "files"
_LENGTH = 4


class MalformedPackage(ValueError):
    """These bytes are no package."""


@dataclass(frozen=True)
class File:
    """A file that goes along. ``content`` is its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def pack(header: Mapping[str, Any], files: Sequence[File] = ()) -> bytes:
    """Write down a header (JSON) and files. The header has no field "files" of its own."""
    described = [{"name": file.name, "type": file.media_type, "size": len(file.content)} for file in files]
    text = json.dumps({**header, FILES: described}, ensure_ascii=False, separators=(",", ":")).encode()
    return len(text).to_bytes(_LENGTH) + text + b"".join(file.content for file in files)


def unpack(content: bytes) -> tuple[dict[str, Any], list[File]]:
    """Return header and files. Raises :class:`MalformedPackage`."""
    try:
        end = _LENGTH + int.from_bytes(content[:_LENGTH])
        header = json.loads(content[_LENGTH:end])
        files, position = [], end
        for described in header.pop(FILES):
            size = described["size"]
            if not isinstance(size, int) or size < 0:
                raise MalformedPackage("a file has no size")
            name, media_type = str(described["name"]), str(described["type"])
            files.append(File(name, media_type, content[position : position + size]))
            position += size
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise MalformedPackage("the header can't be read") from error
    if position != len(content):
        raise MalformedPackage("the files' sizes don't add up")
    return header, files
