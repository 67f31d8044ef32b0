"""Commit and undo: all or nothing, once, only what was seen; what somebody changed since stays."""

from datetime import date

import pytest

from app.office.authors import Author
from app.vault import proposals
from compartments.membership import persons
from compartments.membership.details import FIELDS, Details
from compartments.membership.duplicates.blocking import without_keys
from compartments.membership.imports import committing, staging, thresholds
from compartments.membership.imports.models import KeptField
from compartments.membership.listing import search
from compartments.membership.tables import FieldChange, Person, SearchWord, database
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW
from tests.compartments.membership.imports.conftest import commit, drain, kinds, row, stage, table, undo

pytestmark = pytest.mark.usefixtures("office")
HEADER = ("Nummer", "Nachname", "Vorname", "Mail", "Eintritt", "Austritt", "Stimmberechtigung")


def written(person):
    """Everything that is kept of a person, without ids."""
    words = SearchWord.select(SearchWord.word, SearchWord.name_key).where(SearchWord.person == person)
    notes = FieldChange.select(FieldChange.revision, FieldChange.field, FieldChange.before, FieldChange.after)
    own = {name: value for name, value in person.__data__.items() if name not in {"id", "entry_id"}}
    return own, sorted(words.tuples()), list(notes.where(FieldChange.person == person).tuples())


def snapshot():
    """The register's rows and words."""
    people = sorted(
        Person.select(
            *(getattr(Person, name) for name in FIELDS), Person.name_key, Person.paid_until
        ).tuples()
    )
    return people, sorted(SearchWord.select(SearchWord.word, SearchWord.name_key).tuples())


def test_an_import_writes_what_the_register_writes():
    commit(stage(table(row(7, "Müller-Lüdenscheidt", "Zoë Ann", email="Z.Ann@mail.example"))))
    imported = written(persons.numbered(7))
    persons.remove(persons.numbered(7))
    persons.add(
        Details(
            7,
            "Müller-Lüdenscheidt",
            "Zoë Ann",
            date(2020, 2, 1),
            postcode="50667",
            city="Köln",
            email="Z.Ann@mail.example",
        ),
        entry_id=new_id(),
        by=MIKA,
        now=NOW,
    )
    assert imported == written(persons.numbered(7))


def test_who_has_one_name_only_comes_in_like_everybody_else():
    commit(stage(table(row(7, "Sukarno", ""), row(8, "Neu", "Nina"))))
    assert [person.first_name for person in Person.select().order_by(Person.member_number)] == ["", "Nina"]
    assert [found.member_number for found in search("sukarno").items] == [7]


def test_a_change_writes_what_an_edit_writes(add):
    for number in (1, 2):
        add("Alt", "Anna", member_number=number, email="a@mail.example")
    commit(stage(table(("1", "Neumann", "", "n@mail.example", "01.06.2013", "", ""), header=HEADER)))
    second = persons.numbered(2)
    typed = persons.details_of(second).as_dict()
    typed.update(last_name="Neumann", email="n@mail.example", entered_on=date(2013, 6, 1))
    persons.edit(second.id, Details(**typed), revision=1, by=MIKA, now=NOW)
    one, two = written(persons.numbered(1)), written(persons.numbered(2))
    assert one[0] | {"member_number": 2} == two[0]
    assert {word for word, _ in one[1]} ^ {word for word, _ in two[1]} == {"1", "2"}
    assert sorted(map(str, one[2])) == sorted(map(str, two[2]))


def test_history_names_the_import_and_members_are_found_by_their_words():
    import_id = stage(table(row(7, "Weiß")))
    commit(import_id)
    assert [change.ticket for change in persons.history(persons.numbered(7))] == [f"Import {import_id}"]
    assert [found.member_number for found in search("weiss").items] == [7]
    drain(committing.commit_job, import_id, version=1)
    assert without_keys(0, 5) == []


def test_exits_have_a_day_and_a_reason_and_locks_are_counted(add):
    add(member_number=1)
    add(member_number=2, may_vote=True, voting_by="Bund", voting_on=date(2020, 1, 1))
    import_id = stage(
        table(("1", "", "", "", "", "2026-11-01", ""), ("2", "", "", "", "", "", "nein"), header=HEADER)
    )
    assert kinds(import_id) == ["exit", "change"]
    assert staging.counts(import_id)["locks"] == 1
    commit(import_id)
    left = persons.numbered(1)
    assert (left.left_on, left.exit_reason) == (date(2026, 11, 1), "other")
    assert not persons.numbered(2).may_vote


def test_a_second_commit_writes_nothing(add):
    import_id = stage(table(row(7)))
    commit(import_id)
    assert commit(import_id, by=LEA).committed_by_name == MIKA.name
    assert FieldChange.select().count() == 1


def test_a_person_changed_meanwhile_is_compared_anew_and_seen_again_before_anything_is_written(add):
    person = add("Alt", "Anna", member_number=1)
    import_id = stage(table(row(1, "Neu", "Anna"), row(2)))
    persons.leave(person, day=date(2026, 1, 1), reason="resigned", by=LEA, now=NOW)
    with pytest.raises(committing.Changed):
        commit(import_id)
    assert persons.numbered(2) is None
    with pytest.raises(committing.Changed):
        commit(import_id, version=1)
    commit(import_id)
    assert (persons.numbered(1).last_name, persons.numbered(1).exit_reason) == ("Neu", "resigned")


def test_of_two_imports_at_once_the_second_is_told(add):
    first, second = stage(table(row(7, "Eins"))), stage(table(row(7, "Zwei")))
    commit(first)
    with pytest.raises(committing.Changed):
        commit(second, by=LEA)
    assert kinds(second) == ["change"]
    assert persons.numbered(7).last_name == "Eins"


def test_many_exits_wait_for_a_second_officer(add):
    thresholds.save({"percent": 5, "least": 2})
    for number in range(1, 21):
        add(member_number=number)
    import_id = stage(table(*((str(n), "", "", "", "", "01.11.2026", "") for n in (1, 2)), header=HEADER))
    with pytest.raises(committing.NeedsSecondOfficer):
        commit(import_id)
    subject = {"import": import_id, "version": 1, "undo": False}
    other = proposals.propose("import", {**subject, "version": 0}, "x", about="0", by=MIKA, now=NOW)
    proposals.confirm(other.id, by=LEA, now=NOW)
    proposal = proposals.propose("import", subject, "x", about="1", by=MIKA, now=NOW)
    for not_enough in (other.id, proposal.id):
        with pytest.raises(committing.NeedsSecondOfficer):
            commit(import_id, proposal=not_enough)
    proposals.confirm(proposal.id, by=LEA, now=NOW)
    assert commit(import_id, proposal=proposal.id).confirmed_by_name == LEA.name


def test_undoing_leaves_the_register_as_it_was(add):
    add("Alt", "Anna", member_number=1, email="a@mail.example")
    add(member_number=2)
    before = snapshot()
    import_id = stage(
        table(
            ("1", "Neumann", "Ann", "", "02.03.2014", "", "ja"),
            ("2", "", "", "", "", "01.11.2026", ""),
            ("3", "Drei", "Doro", "", "01.01.2020", "", ""),
            header=HEADER,
        )
    )
    drain(committing.commit_job, import_id, version=1)
    assert snapshot() != before
    undo(import_id)
    assert snapshot() == before
    assert KeptField.select().count() == 0
    assert database.execute_sql("pragma foreign_key_check").fetchall() == []
    assert database.execute_sql("pragma foreign_keys").fetchone() == (1,)
    assert persons.history(persons.numbered(1))[0].ticket == f"Import {import_id} undone"


def test_undoing_keeps_what_was_changed_since_and_lists_it(add):
    add("Alt", "Anna", member_number=1, email="a@mail.example")
    import_id = stage(
        table(
            ("1", "Neumann", "", "n@mail.example", "", "", ""),
            ("3", "Drei", "Doro", "", "01.01.2020", "", ""),
            header=HEADER,
        )
    )
    commit(import_id)
    for number, changed in ((1, {"email": "spaeter@mail.example"}), (3, {"first_name": "Dora"})):
        person = persons.numbered(number)
        typed = Details(**{**persons.details_of(person).as_dict(), **changed})
        persons.edit(person.id, typed, revision=person.revision, by=LEA, now=NOW)
    undo(import_id, by=Author("c" * 32, "Cem"))
    assert (persons.numbered(1).last_name, persons.numbered(1).email) == ("Alt", "spaeter@mail.example")
    assert persons.numbered(3).first_name == "Dora"
    assert sorted((row.number, row.field) for row in KeptField.select()) == [(1, "email"), (3, "")]
