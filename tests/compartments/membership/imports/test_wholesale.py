"""What an import looks up once instead of for each row holds all the same, and its triggers are back whatever happens."""

import pytest
from peewee import IntegrityError

from compartments.membership import divisions, persons
from compartments.membership.duplicates.models import MergedPerson
from compartments.membership.imports import bulk, committing, staging, wholesale
from compartments.membership.imports.indexing import Words
from compartments.membership.imports.models import KeptField
from compartments.membership.listing import total
from compartments.membership.tables import Person, database
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.imports.conftest import HEADER, commit, kinds, row, stage, table, undo

pytestmark = pytest.mark.usefixtures("office")
NOTE = bulk.Note(MIKA, NOW, "Import 1")
WITH_DIVISION = (*HEADER, "Gliederung")


def triggers():
    return database.execute_sql(
        "select name, sql from sqlite_master where type = 'trigger' order by name"
    ).fetchall()


def merged(number):
    MergedPerson.create(
        id=new_id(), member_number=number, record="{}", merged_by="x", merged_by_name="x", merged_at=NOW
    )


def given(number):
    return {"member_number": number, "last_name": "Neu", "first_name": "Nina", "entered_on": "2020-02-01"}


def test_the_total_is_right_and_triggers_are_as_before(add):
    add(member_number=9)
    before = triggers()
    import_id = stage(table(row(1), row(2), row(9, "Neu")))
    commit(import_id)
    assert (total(), Person.select().count(), triggers()) == (3, 3, before)
    undo(import_id)
    assert (total(), Person.select().count(), triggers()) == (1, 1, before)
    merged(77)
    with pytest.raises(IntegrityError, match="merged"):
        Person.create(entry_id=new_id(), name_key="neu nina", paid_until="2020-01-31", **given(77))


def test_a_number_that_was_merged_is_refused_and_nobody_is_added():
    merged(77)
    before = triggers()
    with pytest.raises(IntegrityError, match="merged"), database.atomic("IMMEDIATE"), wholesale.adding():
        bulk.add([(new_id(), given(76)), (new_id(), given(77))], NOTE, Words())
    assert (Person.select().count(), total(), triggers()) == (0, 0, before)


def test_what_fails_in_between_brings_the_triggers_back():
    before = triggers()
    with pytest.raises(ZeroDivisionError), database.atomic("IMMEDIATE"), wholesale.adding():
        raise ZeroDivisionError
    assert triggers() == before


def test_a_division_that_isn_t_there_is_refused():
    with wholesale.without_foreign_keys():
        bulk.add([(new_id(), {**given(1), "division": 404})], NOTE, Words())
        with pytest.raises(IntegrityError, match="division"):
            wholesale.check_divisions()
    assert database.execute_sql("pragma foreign_keys").fetchone() == (1,)


def test_a_division_removed_since_the_list_was_read_makes_its_rows_bad_ones(add):
    add("Neu", "Nina", member_number=3)
    kept, gone = divisions.add("Köln", "county"), divisions.add("Bonn", "county")
    rows = [(*row(1), "Köln"), (*row(2), "Bonn"), (*row(3), "Bonn")]
    import_id = stage(table(*rows, header=WITH_DIVISION))
    assert kinds(import_id) == ["add", "add", "change"]
    divisions.remove(gone.id)
    with pytest.raises(committing.Changed):
        commit(import_id)
    assert kinds(import_id) == ["add", "bad", "bad"]
    assert staging.outdated(import_id) == []
    commit(import_id)
    assert (Person.select().count(), persons.numbered(1).division_id) == (2, kept.id)


def test_undoing_brings_nobody_back_into_a_division_that_was_removed_since(add):
    old, new = divisions.add("Bonn", "county"), divisions.add("Köln", "county")
    add(member_number=1, division=old.id)
    add(member_number=2, division=new.id)
    rows = [(*row(1, "Müller", "Anna"), "Köln"), (*row(2, "Neu", "Anna"), "Köln")]
    import_id = stage(table(*rows, header=WITH_DIVISION))
    commit(import_id)
    divisions.remove(old.id)
    undo(import_id)
    assert [person.division_id for person in Person.select()] == [new.id, new.id]
    assert persons.numbered(2).last_name == "Müller"
    assert [(one.number, one.field) for one in KeptField.select()] == [(1, "division")]
