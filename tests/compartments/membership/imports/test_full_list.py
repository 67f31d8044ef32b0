"""A full list shows who is missing as exits to confirm; and how long the rows of an import are kept."""

from datetime import date, timedelta

import pytest

from compartments.membership import persons
from compartments.membership.duplicates.models import MergedPerson
from compartments.membership.imports import (
    committing,
    files,
    leavers,
    mapping,
    retention,
    sparing,
    staging,
    thresholds,
)
from compartments.membership.imports.models import StagedRow
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW
from tests.compartments.membership.imports.conftest import DAY, commit, drain, row, stage, table, undo

pytestmark = pytest.mark.usefixtures("office")


def full(content):
    """Upload and read a full list; return its id."""
    one = staging.upload(new_id(), "alle.csv", content, by=MIKA, now=NOW)
    staging.begin(one.id, mapping.read(one.mapping), full=True)
    drain(staging.stage, one.id)
    return one.id


def exits(import_id):
    rows = StagedRow.select().where(StagedRow.import_id == import_id, StagedRow.kind == "exit")
    return sorted(row.number for row in rows)


def gone():
    return {one.member_number: one.left_on for one in Person.select().where(Person.left_on.is_null(False))}


def test_who_is_not_in_a_full_list_is_shown_as_an_exit_and_leaves_only_with_the_commit(add):
    for number in (1, 2, 3):
        add(member_number=number)
    persons.leave(persons.numbered(3).id, day=date(2020, 1, 1), reason="died", by=LEA, now=NOW)
    import_id = full(table(row(1, "Müller", "Anna"), row(9)))
    assert (exits(import_id), leavers.count(import_id)) == ([2], 1)
    (shown,) = staging.rows_of(import_id, "exit", 1).items
    assert leavers.names([shown]) == {shown.place: "Müller, Anna"}
    assert gone() == {3: date(2020, 1, 1)}
    commit(import_id)
    assert gone() == {2: DAY, 3: date(2020, 1, 1)}
    assert persons.history(persons.numbered(2))[0].ticket == f"Import {import_id}"
    undo(import_id)
    assert gone() == {3: date(2020, 1, 1)}


def test_another_list_lets_nobody_leave(add):
    add(member_number=2)
    assert exits(stage(table(row(1)))) == []


def test_a_bad_row_keeps_its_member_and_one_without_a_number_keeps_everybody(add):
    for number in (1, 2):
        add(member_number=number)
    bad = row(1, entered="32.13.2020")
    assert exits(full(table(bad))) == [2]
    nobody = full(table(bad, row("zwei")))
    assert (exits(nobody), leavers.without_number(nobody)) == ([], 1)


def test_who_stands_in_the_list_under_a_number_that_was_merged_is_there(add):
    person = add(member_number=1)
    add(member_number=2)
    MergedPerson.create(
        id=new_id(),
        survivor=person,
        member_number=7,
        record="{}",
        merged_by=MIKA.id,
        merged_by_name=MIKA.name,
        merged_at=NOW,
    )
    assert exits(full(table(row(7)))) == [2]


def test_many_who_are_missing_wait_for_a_second_officer(add):
    thresholds.save({"percent": 5, "least": 2})
    for number in range(1, 21):
        add(member_number=number)
    import_id = full(table(*(row(number, "Müller", "Anna") for number in range(1, 19))))
    with pytest.raises(committing.NeedsSecondOfficer):
        commit(import_id)
    assert gone() == {}


def test_who_has_left_or_come_back_meanwhile_is_compared_anew(add):
    for number in (1, 2):
        add(member_number=number)
    import_id = full(table(row(1, "Müller", "Anna")))
    persons.leave(persons.numbered(2).id, day=date(2026, 1, 1), reason="died", by=LEA, now=NOW)
    with pytest.raises(committing.Changed):
        commit(import_id)
    commit(import_id)
    assert persons.numbered(2).exit_reason == "died"


def test_a_single_exit_is_taken_out_of_a_full_list_and_the_choice_holds(add):
    for number in (1, 2, 3):
        add(member_number=number)
    import_id = full(table(row(1, "Müller", "Anna")))
    before = staging.find(import_id).version
    (first, _second) = staging.rows_of(import_id, "exit", 1).items
    sparing.spare(import_id, first.place, "zahlt bar", by=LEA, now=NOW)
    assert (exits(import_id), leavers.count(import_id)) == ([3], 1)
    with pytest.raises(sparing.NoExit):
        sparing.spare(import_id, first.place, "noch einmal", by=LEA, now=NOW)
    with pytest.raises(committing.Changed):
        commit(import_id, version=before)
    one = staging.find(import_id)
    staging.begin(one.id, mapping.read(one.mapping), full=True)
    drain(staging.stage, one.id)
    assert exits(import_id) == [3], "also where the columns are chosen again"
    commit(import_id)
    assert gone() == {3: DAY}
    assert [(one.number, one.reason, one.by_name) for one in sparing.spared(import_id)] == [
        (2, "zahlt bar", LEA.name)
    ]
    with pytest.raises(staging.WrongState):
        sparing.spare(import_id, first.place, "zu spät", by=LEA, now=NOW)


def test_an_exit_that_stands_in_the_list_stays_in_it(add):
    add(member_number=1)
    add(member_number=2)
    import_id = full(table(row(1, "Müller", "Anna"), row(2, "Müller", "Anna")))
    StagedRow.update(kind="exit").where(StagedRow.import_id == import_id).execute()
    for one in list(StagedRow.select().where(StagedRow.import_id == import_id)):
        with pytest.raises(sparing.NoExit):
            sparing.spare(import_id, one.place, "x", by=LEA, now=NOW)


def test_what_was_spared_is_forgotten_with_the_list(add):
    for number in (1, 2):
        add(member_number=number)
    import_id = full(table(row(1, "Müller", "Anna")))
    (only,) = staging.rows_of(import_id, "exit", 1).items
    sparing.spare(import_id, only.place, "zahlt bar", by=LEA, now=NOW)
    staging.drop(import_id)
    assert sparing.spared(import_id) == []


def test_rows_are_kept_as_long_as_an_import_can_be_undone_and_no_longer():
    done, left_lying = stage(table(row(1))), stage(table(row(2)))
    commit(done)
    last = NOW.date() + retention.KEPT_FOR
    assert retention.kept_until(staging.find(done)) == last
    assert not retention.is_any_due(last)
    assert retention.erase_due(last) == 0
    after = last + timedelta(days=1)
    assert retention.is_any_due(after)
    assert retention.erase_due(after) == 2
    assert StagedRow.select().count() == 0
    assert (staging.find(done).state, staging.find(left_lying).state) == ("closed", "dropped")
    assert files.of(left_lying) is None
    assert not retention.is_any_due(after)
    with pytest.raises(staging.WrongState):
        undo(done)
    assert persons.numbered(1)
