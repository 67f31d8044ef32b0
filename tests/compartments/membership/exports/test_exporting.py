"""Exports: confirmed by somebody else, for the asker alone, until they expire, and each file with marks of its own."""

import csv
import io
import json
from datetime import timedelta

import pytest

from app.vault.models import Outgoing
from compartments.membership import persons
from compartments.membership.exports import exporting, tracing
from compartments.membership.exports.exporting import Grown, NotNow
from compartments.membership.exports.models import DELETED, Download
from compartments.membership.filters import Filter
from compartments.membership.tables import Person
from tests.compartments.membership.conftest import LEA, MIKA, NOW
from tests.compartments.membership.exports.conftest import DAY, PURPOSE, download


@pytest.fixture
def crowd(add):
    return [add(f"Mensch{at:03}", "Vera", city="Köln", phone="+49 221 1") for at in range(60)]


def lines(file):
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def marked():
    return json.loads(Download.select().order_by(Download.id.desc()).get().invented)


def test_a_file_has_the_columns_that_were_asked_for_and_says_where_it_comes_from(crowd, confirmed):
    file = download(confirmed("last_name"))
    rows = lines(file)
    assert list(rows[0]) == ["member_number", "last_name", "Herkunft"]
    assert {row["Herkunft"] for row in rows} == {f"Export 1/1 · {MIKA.name} · {DAY.isoformat()} · {PURPOSE}"}
    assert len(rows) == file.rows == 61
    assert {f"Mensch{at:03}" for at in range(60)} < {row["last_name"] for row in rows}


def test_nothing_is_in_it_that_was_not_chosen(crowd, confirmed):
    assert "Köln" not in download(confirmed("last_name")).content.decode()
    assert list(lines(download(confirmed()))[0]) == ["member_number", "Herkunft"]


def test_the_filter_of_the_register_decides_who_is_in_it(crowd, confirmed):
    persons.leave(crowd[0], day=DAY, reason="resigned", by=MIKA, now=NOW)
    file = download(confirmed("last_name", "exit_reason", asked=Filter(status="left")))
    assert ("Mensch000", "Ausgetreten") in {(row["last_name"], row["exit_reason"]) for row in lines(file)}
    assert file.rows == 2


def test_nothing_is_downloaded_before_a_second_officer_has_confirmed(crowd, ask):
    with pytest.raises(NotNow, match="state"):
        download(ask("last_name"))
    assert Download.select().count() == 0


def test_the_asker_can_not_confirm(crowd, ask):
    with pytest.raises(NotNow):
        exporting.confirm(ask("last_name").id, by=MIKA, day=DAY)


def test_nobody_but_the_asker_downloads(crowd, confirmed):
    with pytest.raises(NotNow, match="other"):
        download(confirmed("last_name"), by=LEA)


def test_an_export_ends_with_its_last_day(crowd, confirmed):
    one = confirmed("last_name", days=3)
    assert download(one, day=DAY + timedelta(days=3)).rows
    with pytest.raises(NotNow, match="expired"):
        download(one, day=DAY + timedelta(days=4))


def test_one_that_has_expired_is_not_confirmed_any_more(crowd, ask):
    with pytest.raises(NotNow, match="expired"):
        exporting.confirm(ask("last_name", days=3).id, by=LEA, day=DAY + timedelta(days=4))


@pytest.mark.parametrize("more", [{"days": 91}, {"days": 0}, {"purpose": "weil"}])
def test_an_export_without_a_purpose_or_an_end_is_refused(crowd, ask, more):
    with pytest.raises(ValueError):
        ask("last_name", **more)


def test_a_file_does_not_grow_beyond_what_was_confirmed(crowd, add, confirmed):
    one = confirmed("last_name")
    for at in range(6):
        add(f"Neu{at}")
    assert download(one).rows == 67
    add("Zuviel")
    with pytest.raises(Grown):
        download(one)


def test_after_the_asker_says_that_it_is_deleted_there_is_no_download(crowd, confirmed):
    one = confirmed("last_name")
    download(one)
    exporting.note_deleted(one.id, by=MIKA, day=DAY)
    assert exporting.find(one.id).state == DELETED
    with pytest.raises(NotNow, match="state"):
        download(one)


def test_the_asker_is_reminded_of_files_once_the_export_has_expired(crowd, confirmed):
    one, never = confirmed("last_name", days=3), confirmed("city", days=3)
    download(one)
    later = DAY + timedelta(days=4)
    assert exporting.to_delete(MIKA.id, DAY) == []
    assert exporting.to_delete(MIKA.id, later) == [one]
    assert exporting.to_delete(LEA.id, later) == []
    exporting.note_deleted(one.id, by=MIKA, day=later)
    assert exporting.to_delete(MIKA.id, later) == []
    assert never.number == 2


def test_everybody_in_the_file_has_been_read_and_the_log_of_acts_is_told(crowd, confirmed):
    download(confirmed("last_name"))
    for person in (crowd[0], crowd[-1]):
        (reading,) = persons.readings(Person.get_by_id(person))
        assert (reading.officer, reading.officer_name) == (MIKA.id, f"{MIKA.name} · Export 1")
    assert [row.action for row in Outgoing.select()] == ["export"]


def test_what_was_exported_stands_nowhere_in_the_vault(crowd, confirmed):
    one = confirmed("last_name", "city")
    download(one)
    kept = {
        name: str(value)
        for row in (exporting.find(one.id), Download.get())
        for name, value in row.__data__.items()
    }
    kept.pop("invented")
    assert not [name for name, value in kept.items() if "Mensch" in value or "Köln" in value]


# --- marks -------------------------------------------------------------------------------------------------------------


def test_the_invented_person_is_nobody_in_the_register_and_another_one_each_time(crowd, confirmed):
    one, seen = confirmed("last_name", "first_name", "email", "phone", "may_vote", "city"), set()
    for _time in range(3):
        rows = lines(download(one))
        mark = marked()
        (row,) = [row for row in rows if row["last_name"] == mark["last_name"]]
        assert (row["email"], row["phone"], row["may_vote"], row["city"]) == ("", "", "nein", "Köln")
        assert persons.numbered(int(row["member_number"])) is None
        seen.add((row["last_name"], row["first_name"]))
    assert len(seen) == 3


def test_a_list_of_who_is_entitled_holds_nobody_invented(crowd, entitle, confirmed):
    entitle(*crowd)
    file = download(confirmed("last_name", asked=Filter(voting="yes")))
    assert file.rows == 60
    assert Download.get().invented == ""


def test_each_download_has_an_order_of_its_own(crowd, confirmed):
    one = confirmed("last_name")
    first, second = ([row["member_number"] for row in lines(download(one))] for _ in range(2))
    assert first != second
    assert first != sorted(first, key=int)


@pytest.fixture
def leaked(crowd, confirmed):
    """Three downloads, and the text of the second."""
    one = confirmed("last_name", "first_name", "postcode")
    files = [download(one) for _ in range(3)]
    return files[1].content.decode("utf-8-sig")


def fits(text):
    return [(one.download.number, one.invented, one.share is not None) for one in tracing.trace(text)]


def test_a_file_as_it_was_is_traced_by_both_marks(leaked):
    assert fits(leaked) == [(2, True, True)]


def test_a_sorted_file_is_traced_by_the_invented_person(leaked):
    head, *rest = leaked.splitlines()
    assert fits("\n".join([head, *sorted(rest)])) == [(2, True, False)]


def test_some_bare_numbers_are_traced_by_their_order(leaked):
    invented = json.loads(Download.get(Download.number == 2).invented)
    numbers = [line.split(",")[0].strip('"') for line in leaked.splitlines()[1:]]
    kept = [number for number in numbers if int(number) != invented["member_number"]][::3]
    assert fits("\n".join(kept)) == [(2, False, True)]


def test_one_line_is_enough_if_it_is_the_right_one(leaked):
    name = json.loads(Download.get(Download.number == 2).invented)["last_name"]
    (line,) = [line for line in leaked.splitlines() if name in line]
    assert fits(f"Betreff: Ihre Mitglieder\n\n{line}\n") == [(2, True, False)]


def test_a_list_of_other_making_is_traced_to_nobody(leaked, crowd):
    people = Person.select().order_by(Person.member_number)
    assert fits("\n".join(f"{one.member_number};{one.last_name}" for one in people)) == []
    assert fits("") == []
    assert fits('"\x00,,\n' * 20) == []
