"""Small files that are what they say, made here so that none lies in the repository."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

ODT_TYPE = b"application/vnd.oasis.opendocument.text"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
JPEG = (
    bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f00")
    + b"\x37\xff\xd9"
)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width=1, height=1):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def odt(text=b"<office:text/>", *, first=("mimetype", ODT_TYPE), method=ZIP_STORED, more=()):
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        package.writestr(*first, compress_type=method)
        package.writestr("content.xml", text, compress_type=ZIP_DEFLATED)
        package.writestr("META-INF/manifest.xml", b"<manifest/>", compress_type=ZIP_DEFLATED)
        for name, content in more:
            package.writestr(name, content, compress_type=ZIP_DEFLATED)
    return buffer.getvalue()


def zip_bomb():
    """A text that unpacks to 300 MB: a thousand times what it weighs."""
    return odt(b"\0" * 300_000_000)
