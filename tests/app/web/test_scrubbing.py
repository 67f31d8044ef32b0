"""What a file says about its making is gone afterwards, the picture is the same byte for byte, and where that can't be promised it is said."""

import struct
import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from app.web import image_metadata, pdf_metadata
from app.web.attachments import Attachment
from app.web.file_formats import JPEG, ODT, PDF, PNG, is_jpeg, is_pdf, is_png
from app.web.image_metadata import NotReadable
from app.web.scrubbing import scrub
from tests.app.public import files

CANARY = b"Kanarienvogel"


def bare_jpeg(content):
    return b"".join(image_metadata.bare_jpeg(content))


def bare_png(content):
    return b"".join(image_metadata.bare_png(content))


def bare_pdf(content):
    return b"".join(pdf_metadata.bare_pdf(content))


NOT_COMPRESSED = [b"\x12\xff\x00\x34", b"\x56\x78"]


def segment(marker, data):
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def exif(order="<", turn=6):
    """With a maker, which way up, and a place on the map."""
    tags = [(0x010F, 2, 14, 200), (0x0112, 3, 1, turn if order == "<" else turn << 16), (0x8825, 4, 1, 150)]
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8)
    tiff = head + struct.pack(f"{order}H", len(tags))
    tiff += b"".join(struct.pack(f"{order}HHII", *tag) for tag in tags) + bytes(4)
    place = struct.pack(f"{order}HHHI4s", 1, 1, 2, 2, b"N\0\0\0") + bytes(4)
    return segment(0xE1, b"Exif\0\0" + tiff.ljust(150, b"\0") + place.ljust(50, b"\0") + CANARY + b"\0")


def jpeg(*, turn=6, order="<"):
    """A photo of two scans, with everything in it that phones put there."""
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + CANARY[:3]),
            exif(order, turn),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY),
            segment(0xE2, b"ICC_PROFILE\0\1\1" + CANARY),
            segment(0xED, b"Photoshop 3.0\0" + CANARY),
            segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"),
            segment(0xFE, CANARY),
            segment(0xDB, bytes(65)),
            segment(0xC2, b"\x08\0\1\0\1\1\1\x11\0"),
            segment(0xDA, b"\1\1\0\0\x3f\0") + NOT_COMPRESSED[0],
            segment(0xC4, b"\0" + bytes(16)),
            segment(0xFE, CANARY),
            segment(0xDA, b"\1\1\0\0\x3f\0") + NOT_COMPRESSED[1] + b"\xff\xd0" + NOT_COMPRESSED[1],
            b"\xff\xd9",
            b"behind the end" + CANARY,
        ]
    )


def markers(content):
    """An onlooker's own way through a photo: every marker in order, by the bytes in front of it."""
    found, place = [], 0
    while (place := content.find(b"\xff", place)) >= 0:
        marker = content[place + 1]
        place += 2
        if marker == 0 or 0xD0 <= marker <= 0xD7:
            continue
        found.append(marker)
        if marker not in (0xD8, 0xD9):
            place += int.from_bytes(content[place : place + 2])
    return found


def png(*more):
    plain = files.png()
    return plain[:33] + b"".join(files.chunk(*one) for one in more) + plain[33:]


def test_a_photo_keeps_its_picture_and_nothing_else():
    bare = bare_jpeg(jpeg())
    assert is_jpeg(bare)
    assert CANARY[:3] not in bare
    assert b"adobe.com" not in bare
    assert markers(bare) == [0xD8, 0xE1, 0xE0, 0xEE, 0xDB, 0xC2, 0xDA, 0xC4, 0xDA, 0xD9]
    assert NOT_COMPRESSED[0] in bare
    assert bare.endswith(NOT_COMPRESSED[1] + b"\xff\xd0" + NOT_COMPRESSED[1] + b"\xff\xd9")


@pytest.mark.parametrize("order", ["<", ">"])
def test_of_exif_only_which_way_up_the_photo_is_stays(order):
    bare = bare_jpeg(jpeg(order=order, turn=8))
    start = bare.index(b"Exif\0\0") + 6
    assert struct.unpack_from(">H", bare, start + 8) == (1,)
    assert struct.unpack_from(">HHIH", bare, start + 10) == (0x0112, 3, 1, 8)
    assert b"Exif" not in bare_jpeg(jpeg(turn=1))


def test_a_photo_is_the_same_when_it_is_bared_twice():
    assert bare_jpeg(bare_jpeg(jpeg())) == bare_jpeg(jpeg())


def test_a_picture_loses_its_texts_times_and_what_lies_behind_it():
    noted = png(
        (b"tEXt", b"Author\0" + CANARY),
        (b"zTXt", b"Comment\0\0" + zlib.compress(CANARY)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CANARY),
        (b"eXIf", b"II*\0" + CANARY),
        (b"tIME", bytes(7)),
        (b"iCCP", CANARY + b"\0\0" + zlib.compress(CANARY)),
        (b"gAMA", bytes(4)),
    )
    bare = bare_png(noted + CANARY)
    assert is_png(bare)
    assert CANARY not in bare
    assert bare == png((b"gAMA", bytes(4)))


@pytest.mark.parametrize(
    "broken",
    [
        jpeg()[:-40],
        b"\xff\xd8\xff\xc0\xff\xff\0\0",
        b"\xff\xd8\xff\xe1\0\1" + jpeg()[2:],
        b"\xff\xd8\xff\xd0" + jpeg()[2:],
        b"\xff\xd8\xff\xff\xff",
        b"\xff\xd8plain",
    ],
)
def test_a_damaged_photo_is_not_taken_for_a_clean_one(broken):
    with pytest.raises(NotReadable):
        bare_jpeg(broken)


@pytest.mark.parametrize(
    "broken", [png()[:-12], png((b"ABCD", b"")), png()[:-3], png()[:40] + b"\xff" + png()[41:]]
)
def test_a_damaged_picture_is_not_taken_for_a_clean_one(broken):
    with pytest.raises(NotReadable):
        bare_png(broken)


def document():
    """Two pages with a photo, an author, XMP, an attached file, a comment, a script and a note of the program's."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_blank_page(200, 200)
    photo = DecodedStreamObject()
    photo.set_data(jpeg())
    photo.update(
        {NameObject("/Subtype"): NameObject("/Image"), NameObject("/Filter"): NameObject("/DCTDecode")}
    )
    drawn = writer._add_object(photo)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/P"): drawn})}
    )
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Note"): NumberObject(20240512)})
    writer.add_metadata({"/Author": CANARY.decode(), "/Producer": CANARY.decode()})
    writer.xmp_metadata = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><!--%s--></x:xmpmeta>" % CANARY
    writer.add_attachment("secret.txt", CANARY)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): NameObject(f"/{CANARY.decode()}")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    comment = FreeText(text="A remark", rect=(10, 10, 90, 90))
    comment[NameObject("/T")] = NameObject(f"/{CANARY.decode()}")
    writer.add_annotation(0, comment)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_document_keeps_its_pages_and_loses_what_it_says_about_its_making():
    before = document()
    assert before.count(CANARY) > 6
    bare = bare_pdf(before)
    assert is_pdf(bare)
    assert CANARY not in bare
    assert b"20240512" not in bare
    reader = PdfReader(BytesIO(bare))
    assert len(reader.pages) == 2
    assert reader.metadata is None
    assert reader.xmp_metadata is None
    assert list(reader.attachments) == []
    assert "/ID" not in reader.trailer
    assert reader.pages[0]["/Annots"][0].get_object()["/Contents"] == "A remark"
    assert is_jpeg(reader.pages[0]["/Resources"]["/XObject"]["/P"]._data)


def test_an_earlier_version_of_a_document_is_gone():
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    text = DecodedStreamObject()
    text.set_data(b"(" + CANARY + b") Tj")
    page[NameObject("/Contents")] = writer._add_object(text)
    first = BytesIO()
    writer.write(first)
    again = PdfWriter(BytesIO(first.getvalue()), incremental=True)
    text = DecodedStreamObject()
    text.set_data(b"(struck out) Tj")
    again.pages[0][NameObject("/Contents")] = again._add_object(text)
    second = BytesIO()
    again.write(second)
    assert CANARY in second.getvalue()
    bare = bare_pdf(second.getvalue())
    assert CANARY not in bare
    assert b"struck out" in bare


def test_a_locked_document_is_not_taken_for_a_clean_one():
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("passphrase", algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    with pytest.raises(NotReadable):
        bare_pdf(made.getvalue())


@pytest.mark.parametrize(
    ("media_type", "content", "clean"),
    [
        (JPEG, jpeg(), True),
        (PNG, png(), True),
        (PDF, document(), True),
        (PDF, files.PDF, False),
        (PDF, b"%PDF-1.7\n" + b"[" * 3000 + b"%%EOF", False),
        (JPEG, jpeg()[:-30], False),
        (ODT, files.odt(), False),
    ],
)
def test_what_can_not_be_removed_is_said(media_type, content, clean):
    came = Attachment("A file", media_type, (content,))
    scrubbed = scrub(came)
    assert scrubbed.clean is clean
    assert clean or scrubbed.attachment == came
