"""Lists of unknown making: encodings, delimiters, quotes, dates, amounts; a bad row stops nothing."""

import json

import pytest

from compartments.membership.imports import cells, mapping
from compartments.membership.imports.models import BAD, StagedRow
from compartments.membership.imports.sniffing import Unreadable, decode, records, table_of
from tests.compartments.membership.imports.conftest import HEADER, kinds, row, stage, table

pytestmark = pytest.mark.usefixtures("office")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_recognised(encoding, delimiter):
    content = table(
        row(1, "Müller-Lüdenscheidt"), row(2, "Größe, Dr."), delimiter=delimiter, encoding=encoding
    )
    found = table_of(content)
    assert (found.delimiter, tuple(found.columns)) == (delimiter, HEADER)
    read = [cells for _, cells in records(decode(content, found.encoding), delimiter)]
    assert read[2][1] == "Größe, Dr."


def test_quoted_newlines_stay_in_one_row_and_lines_are_counted():
    text = 'a;b\r\n1;"zwei\r\nZeilen"\r\n\r\n2;x\r\n'
    assert [(line, row[1]) for line, row in records(text, ";")] == [(1, "b"), (2, "zwei\r\nZeilen"), (5, "x")]


def test_a_quote_that_is_never_closed_costs_one_row():
    text = "a;b\n" + '1;"offen\n' + "".join(f"{number};gut\n" for number in range(2, 200))
    read = list(records(text, ";"))
    assert read[1] == (2, None)
    assert [row[0] for _, row in read[2:]] == [str(number) for number in range(2, 200)]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"one column\n1\n", b"\xff\xfe", b"\n\n"])
def test_what_is_no_list_is_refused(content):
    with pytest.raises(Unreadable):
        table_of(content)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.02.2020", "2020-02-01"),
        ("1.2.20", "2020-02-01"),
        ("3.4.87", "1987-04-03"),
        ("2020-02-01", "2020-02-01"),
        ("2020-02-01 00:00:00", "2020-02-01"),
    ],
)
def test_days_in_german_and_iso_form(text, day):
    assert cells.day(text) == day


@pytest.mark.parametrize("text", ["31.02.2020", "2020-13-01", "02/01/2020", "gestern", "1.1.1", "0000-01-01"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(cells.BadCell):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("48", 4800),
        ("48,00", 4800),
        ("48.5", 4850),
        ("1.200,50", 120050),
        ("1,200.50", 120050),
        ("€ 48,00", 4800),
        ("12,5000", 1250),
    ],
)
def test_amounts_with_decimal_commas(text, cents):
    assert cells.cents(text) == cents


@pytest.mark.parametrize("text", ["-5", "12,34,5", "viel", "99999999", "1.2.2020"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(cells.BadCell):
        cells.cents(text)


def test_columns_of_the_accounting_export_are_guessed():
    columns = [
        "USER_Mitgliedsnummer",
        "Name1",
        "Name2",
        "LieferStrasse",
        "LieferPLZ",
        "LieferOrt",
        "EMail",
        "USER_LV",
    ]
    columns += ["USER_Bezirk", "USER_Kreis", "USER_Beitrag", "USER_Eintrittsdatum", "USER_Austrittsdatum"]
    columns += ["USER_zStimmberechtigung", "USER_zoffenerbeitragtotal"]
    guessed = mapping.guess(columns)
    assert guessed["last_name"] == 1
    assert guessed["division_county"] == 9
    assert len(guessed) == len(columns) - 1


def test_a_kept_mapping_is_found_again():
    mapping.save("Buchhaltung", {"member_number": 0, "last_name": 2}, ["Nr.X", "?", "Wer"])
    assert mapping.guess(["Wer", "Nr.X", "z"]) == {"member_number": 1, "last_name": 0}
    assert mapping.guess(["Wer", "Mitgliedsnummer"]) == {"member_number": 1}


def test_bad_rows_are_named_with_line_and_reason_and_stop_nothing():
    import_id = stage(
        table(
            row(1),
            row("x2"),
            row(3, entered="31.02.2020"),
            row(1, "Doppelt"),
            row(4, email="keine Adresse"),
            row(5, "Nul\x00l"),
            row(6, postcode="1234x"),
            ("7", "zu", "kurz"),
            row(8, ""),
            row(9, postcode="4109"),
        )
    )
    rows = StagedRow.select().where(StagedRow.import_id == import_id).order_by(StagedRow.place)
    found = {row.line: json.loads(row.problem)[0] for row in rows if row.kind == BAD}
    assert found == {
        3: "number", 4: "date", 5: "twice", 6: "email", 7: "control", 8: "postcode", 9: "columns", 10: "missing",
    }  # fmt: skip
    assert [row.line for row in rows if row.kind == "add"] == [2, 11]
    assert json.loads(rows[9].given)["postcode"] == "04109"


def test_rows_that_say_nothing_new_change_nothing(add):
    add("Neu", "Nina", member_number=5)
    import_id = stage(table(("5", "Neu", ""), ("5x", "", ""), header=("Nummer", "Name", "Vorname")))
    assert kinds(import_id) == ["same", "bad"]
