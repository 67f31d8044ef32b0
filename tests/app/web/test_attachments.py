"""Which files are taken: by content and not by name, within bounds, under names that harm nobody."""

import contextlib
import struct
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import file_formats
from app.web.attachments import LONGEST_NAME, MOST_FILES, Problem, Refused, Room, check, harmless_name
from app.web.file_formats import JPEG, ODT, PDF, PNG, Bomb, recognise
from tests.app.public import files

SOUND = {PDF: files.PDF, PNG: files.png(), JPEG: files.JPEG, ODT: files.odt()}
ROOM = Room(10_000_000)


@pytest.mark.parametrize("media_type", SOUND)
def test_each_kind_is_known_by_its_content(media_type):
    assert recognise(SOUND[media_type]) == media_type


@pytest.mark.parametrize("media_type", SOUND)
def test_a_file_without_its_end_is_none(media_type):
    content = SOUND[media_type]
    assert recognise(content[: len(content) - max(8, len(content) // 4)]) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 without an end",
        b"GIF89a",
        b"PK\x03\x04",
        b"<html>%PDF-1.7 %%EOF",
        b"MZ" + files.PDF,
        files.png()[:-12],
        files.png(0, 1),
        files.png().replace(b"IHDR", b"IDAT", 1),
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 200_000,
        files.odt(first=("mimetype", b"application/zip")),
        files.odt(first=("Mimetype", files.ODT_TYPE)),
        files.odt(method=8),
    ],
)
def test_what_only_looks_like_one_is_none(content):
    assert recognise(content) is None


def test_a_changed_header_of_a_png_is_noticed():
    content = bytearray(files.png())
    content[19] ^= 1
    assert recognise(bytes(content)) is None


def test_a_zip_bomb_is_refused_by_what_it_declares():
    bomb = files.zip_bomb()
    tracemalloc.start()
    with pytest.raises(Bomb):
        recognise(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_package_of_thousands_of_members_is_refused():
    with pytest.raises(Bomb):
        recognise(files.odt(more=[(f"Pictures/{n}", b"") for n in range(file_formats.MOST_MEMBERS)]))


def test_many_members_are_refused_even_where_the_end_record_lies():
    content = bytearray(files.odt(more=[(f"Pictures/{n}", b"") for n in range(file_formats.MOST_MEMBERS)]))
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = struct.pack("<HH", 3, 3)
    with pytest.raises(Bomb):
        recognise(bytes(content))


def test_an_image_of_too_many_pixels_is_refused():
    with pytest.raises(Bomb):
        recognise(files.png(60_000, 60_000))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_check(content):
    for start in (b"", b"%PDF-1.", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", files.odt()[:77]):
        with contextlib.suppress(Bomb):
            recognise(start + content)


@given(st.sampled_from(sorted(SOUND)), st.data())
def test_a_file_cut_or_changed_anywhere_breaks_nothing(media_type, data):
    content = bytearray(SOUND[media_type])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(Bomb):
        assert recognise(bytes(content)) in {None, media_type}


# --- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "room", "problem"),
    [
        (b"", ROOM, Problem.EMPTY),
        (b"MZ", ROOM, Problem.UNKNOWN),
        (files.PDF, Room(10), Problem.TOO_LARGE),
        (files.PDF, Room(100, used=90), Problem.TOO_LARGE_TOGETHER),
        (files.PDF, Room(10_000, count=MOST_FILES), Problem.TOO_MANY),
        (files.png(60_000, 60_000), ROOM, Problem.BOMB),
    ],
)
def test_each_bound_is_named(content, room, problem):
    with pytest.raises(Refused) as refused:
        check("a.pdf", content, room)
    assert refused.value.problem is problem


def test_a_file_as_large_as_the_bound_is_taken():
    assert check("a.pdf", files.PDF, Room(len(files.PDF))).parts == (files.PDF,)


@pytest.mark.parametrize(
    ("name", "content", "becomes"),
    [
        ("Foto.JPEG", files.JPEG, "Foto.JPEG"),
        ("scan.pdf", files.png(), "scan.png"),
        ("lebenslauf", files.PDF, "lebenslauf.pdf"),
        ("v1.2", files.PDF, "v1.2.pdf"),
        ("böse.exe", files.PDF, "böse.exe.pdf"),
        (None, files.odt(), "document.odt"),
    ],
)
def test_a_name_ends_as_its_content_says(name, content, becomes):
    assert check(name, content, ROOM).name == becomes


# --- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "harmless"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\Lebenslauf.pdf", "Lebenslauf.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ('<img src="x">.png', "_img src=_x__.png"),
        ("....", "document"),
        ("سيرة ذاتية.pdf", "سيرة ذاتية.pdf"),
        ("👩🏽.pdf", "👩🏽.pdf"),
    ],
)
def test_names_lose_what_harms(given_name, harmless):
    assert harmless_name(given_name) == harmless


@given(st.text(max_size=400))
def test_every_name_becomes_one_that_can_be_shown_and_stored(name):
    clean = harmless_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert clean == clean.strip(". ")
    assert not any(unicodedata.category(sign).startswith("C") for sign in clean)
    assert not set(clean) & set('/\\<>:"|?*%;\n\0')
    assert harmless_name(clean) == clean
