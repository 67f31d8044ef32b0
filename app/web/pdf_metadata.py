"""Takes out of a PDF what it says about its making: author, program, times, earlier versions, attached files, who commented.

The document is written anew from what its pages need (pypdf: pure Python, so that a hostile file corrupts no memory, with bounds on what it
inflates). Photos on the pages lose their own notes, too. Nothing is drawn and no temporary file is made. What the pages show stays.
"""

from __future__ import annotations

from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import IO, Any, cast

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from app.web.image_metadata import NotReadable, bare_jpeg
from keys.padding import Part

_ABOUT = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
"""In any dictionary: what programs note about a document or a part of it."""
_OF_THE_WHOLE = (
    "/Names",
    "/AF",
    "/OpenAction",
    "/AA",
    "/Collection",
    "/Perms",
    "/DSS",
    "/OutputIntents",
    "/SpiderInfo",
    "/URI",
)
"""In the catalogue: attached files, scripts, signatures, and where it came from."""
_OF_COMMENTS = ("/T", "/CreationDate", "/M", "/NM", "/RC", "/AF", "/A", "/AA", "/FS")
_OF_FIELDS = ("/M", "/NM", "/A", "/AA")
"""A field of a form needs its name (/T)."""
_MOST_OBJECTS = 50_000
_LARGE = 64 * 1024


def bare_pdf(content: bytes) -> list[Part]:
    """Return the document in parts, without what it says about its making. Raises :class:`~app.web.image_metadata.NotReadable`."""
    try:
        return _rewritten(content)
    except (PyPdfError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, OSError, AssertionError, NotImplementedError) as error:  # fmt: skip
        # Whatever is wrong inside a stranger's file: it is not for us to repair.
        raise NotReadable("not built as a PDF is") from error


def _rewritten(content: bytes) -> list[Part]:
    with BufferedReader(_View(content), _LARGE) as stream:
        reader = PdfReader(stream, strict=False)
        try:
            return _copied(reader)
        finally:
            # They refer to each other in circles: what is large would stay until Python looks for such.
            reader.resolved_objects.clear()


def _copied(reader: PdfReader) -> list[Part]:
    if reader.is_encrypted or len(reader.pages) == 0:
        raise NotReadable("locked, or without pages")
    writer = PdfWriter(clone_from=reader)
    # It has given all it had; the photos in it would be in memory twice.
    reader.resolved_objects.clear()
    try:
        _strip(writer)
        written = _Parts()
        writer.write_stream(cast("IO[Any]", written))
        return written.all()
    finally:
        writer._objects.clear()  # noqa: SLF001


def _strip(writer: PdfWriter) -> None:
    """Strip whatever the catalogue leads to, and leave out what it doesn't lead to any more."""
    writer.metadata = None
    writer._ID = None  # noqa: SLF001  (it would tie the copy to the original)
    for name in _OF_THE_WHOLE:
        writer.root_object.pop(name, None)
    objects = writer._objects  # noqa: SLF001  (there is no public way to see them all)
    if len(objects) > _MOST_OBJECTS:
        raise NotReadable("too many parts")
    reached: set[int] = set()
    waiting: list[Any] = [writer.root_object.indirect_reference]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum not in reached:
                reached.add(one.idnum)
                waiting.append(objects[one.idnum - 1])
        elif isinstance(one, DictionaryObject):
            _strip_dictionary(one)
            waiting += one.values()
        elif isinstance(one, ArrayObject):
            waiting += one
    for number in range(1, len(objects) + 1):
        if number not in reached:
            objects[number - 1] = None


def _strip_dictionary(one: DictionaryObject) -> None:
    for name in _ABOUT:
        one.pop(name, None)
    if "/Subtype" in one and ("/Rect" in one or one.get("/Type") == "/Annot"):
        for name in _OF_FIELDS if str(one["/Subtype"]) == "/Widget" else _OF_COMMENTS:
            one.pop(name, None)
    if isinstance(one, StreamObject):
        _strip_photo(one)


def _strip_photo(stream: StreamObject) -> None:
    """A photo lies in a PDF as the camera wrote it."""
    applied = stream.get("/Filter")
    names = list(applied) if isinstance(applied, ArrayObject) else [applied]
    if names == ["/DCTDecode"]:
        parts = bare_jpeg(stream._data)  # noqa: SLF001
        if sum(map(len, parts)) != len(stream._data):  # noqa: SLF001
            stream._data = b"".join(parts)  # noqa: SLF001  (set_data would compress it anew)


class _View(RawIOBase):
    """Bytes to be read as a file. Of those in a ``BytesIO`` pypdf would make a copy, to learn how many there are."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self._place = 0

    def close(self) -> None:
        super().close()
        self._content = memoryview(b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._content[self._place : self._place + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: len(self._content)}[whence]
        if start + offset < 0:
            raise ValueError("no such place")
        self._place = start + offset
        return self._place


class _Parts:
    """What pypdf writes to. Its largest pieces, the pictures, are kept as they are and not copied."""

    mode = "wb"

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._small = bytearray()
        self._length = 0

    def write(self, data: bytes) -> int:
        self._length += len(data)
        if len(data) < _LARGE:
            self._small += data
        else:
            self._parts += (self._small, bytes(data))
            self._small = bytearray()
        return len(data)

    def tell(self) -> int:
        return self._length

    def all(self) -> list[Part]:
        return [*self._parts, self._small]
