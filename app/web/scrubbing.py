"""Removes from files what they say about their making, and says where that isn't possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.web.attachments import Attachment
from app.web.file_formats import JPEG, PDF, PNG
from app.web.image_metadata import NotReadable, bare_jpeg, bare_png
from app.web.pdf_metadata import bare_pdf
from keys.padding import Part

_WAYS: Mapping[str, Callable[[bytes], Sequence[Part]]] = {JPEG: bare_jpeg, PNG: bare_png, PDF: bare_pdf}


@dataclass(frozen=True)
class Scrubbed:
    """``clean`` False: the file is as it came, with everything that it says about itself."""

    attachment: Attachment
    clean: bool


def scrub(attachment: Attachment) -> Scrubbed:
    """Remove what can be removed. A text document (ODT), and a file that is not quite built as its format demands, stay as they are."""
    way = _WAYS.get(attachment.media_type)
    if way is None:
        return Scrubbed(attachment, clean=False)
    (content,) = attachment.parts
    try:
        return Scrubbed(replace(attachment, parts=way(bytes(content))), clean=True)
    except NotReadable:
        return Scrubbed(attachment, clean=False)
