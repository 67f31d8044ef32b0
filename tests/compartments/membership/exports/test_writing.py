"""A file that reads back as it was, and in which no cell is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compartments.membership.exports.writing import BEGINS_A_FORMULA, csv_file, neutral

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=40)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_spreadsheet_sees_that_it_is_utf_8_and_lines_end_as_rfc_4180_says():
    content = csv_file(["Name"], [["Öztürk"], ['Ein "Zitat", und\nnoch eine Zeile']])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
    assert read(content)[1:] == [["Öztürk"], ['Ein "Zitat", und\nnoch eine Zeile']]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\uff1d1",
        '=HYPERLINK("http://x")',
        "x;=1",
        "x,=1",
        "x\n=1",
        "|x",
        "%x",
    ],
)
def test_no_cell_is_taken_for_a_formula(cell):
    safe = neutral(cell)
    assert "'" in safe
    assert BEGINS_A_FORMULA.search(safe) is None


@pytest.mark.parametrize(
    ("phone", "written"), [("+49 221 123456", "0049 221 123456"), ("+49 =1", "'+49 =1"), ("0221 1", "0221 1")]
)
def test_a_telephone_number_still_reaches_somebody(phone, written):
    assert neutral(phone) == written


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=5))
def test_every_text_comes_back_but_for_what_makes_it_harmless(rows):
    content = csv_file(["a", "b", "c"], rows)
    back = read(content)[1:]
    assert len(back) == len(rows)
    for row, original in zip(back, rows, strict=True):
        for cell, text in zip(row, original, strict=True):
            assert BEGINS_A_FORMULA.search(cell) is None
            assert cell == neutral(text)


@given(texts)
def test_harmless_texts_stay_as_they_are(text):
    if BEGINS_A_FORMULA.search(text) is None:
        assert neutral(text) == text
