"""An erasure takes everything of a person out of every table, but for what a law keeps; and only once a second officer agrees."""

import json
from datetime import date, timedelta

import pytest
from peewee import ForeignKeyField, IntegerField, TextField

from app.vault import proposals
from app.vault.models import COMMON_MODELS, Note, Notice, Outgoing, Proposal
from compartments.membership import listing, persons
from compartments.membership.exports import exporting
from compartments.membership.filters import Filter
from compartments.membership.imports.models import NEW, Import, StagedRow
from compartments.membership.invitations.models import SENDING, SKIPPED, Invitation, ReferenceKey
from compartments.membership.models import SCHEMA
from compartments.membership.reconciliation.models import RelayMail
from compartments.membership.rights import decisions, due, erasing, mentions, previewing, retention
from compartments.membership.rights.erasing import NotNow
from compartments.membership.rights.models import Erasure, Retained, RetainedReading, RightsRequest
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW, details
from tests.compartments.membership.exports.conftest import WORDS as FILE
from tests.compartments.membership.imports.conftest import kinds, row, stage, table
from tests.compartments.membership.rights.conftest import (
    DAY,
    KEPT,
    WORDS,
    confirm,
    erase,
    fill,
    found_in_tables,
)

MODELS = (*SCHEMA.models, *COMMON_MODELS)


# --- nothing is forgotten ----------------------------------------------------------------------------------------------


def test_every_table_of_the_vault_is_decided_upon():
    assert set(decisions.DECIDED) == set(MODELS)


def test_every_column_that_points_to_a_person_is_decided_upon():
    pointing = {
        column
        for model in MODELS
        for column in model._meta.sorted_fields
        if (isinstance(column, ForeignKeyField) and column.rel_model is Person)
        or (isinstance(column, IntegerField) and column.name == "person")
    }
    named = [column for _model, column in (*decisions.BY_PERSON, *decisions.WITHOUT_THE_PERSON)]
    assert pointing == {*named, *decisions.IN_ITS_OWN_WAY}


def test_every_text_of_the_vault_is_looked_through_or_holds_nobody():
    texts = {
        f"{model._meta.table_name}.{column.name}"
        for model in MODELS
        for column in model._meta.sorted_fields
        if isinstance(column, TextField) and column.field_type == "TEXT"
    }
    looked_through = {f"{model._meta.table_name}.{column.name}" for model, column in decisions.FREE_TEXTS}
    assert not looked_through & decisions.NO_MENTIONS.keys()
    assert texts <= looked_through | decisions.NO_MENTIONS.keys()


def test_the_canary_sits_in_every_table_that_is_erased(somebody):
    filled = {
        model for model, column in decisions.BY_PERSON if model.select().where(column == somebody.id).exists()
    }
    assert filled == {model for model, _column in decisions.BY_PERSON}
    assert found_in_tables(WORDS).keys() == set(WORDS)


def test_an_erased_persons_words_are_found_nowhere_but_in_vouchers(somebody):
    erase(somebody)
    found = found_in_tables(WORDS)
    assert found.keys() == set(KEPT)
    assert {place for places in found.values() for place in places} == {"retained.content"}


def test_when_the_vouchers_day_has_come_the_words_are_found_nowhere(somebody):
    erase(somebody)
    due.erase(date(2036, 1, 1))
    assert found_in_tables(WORDS) == {}
    assert RelayMail.select().count() == 0


def test_others_keep_what_is_theirs(somebody):
    erase(somebody)
    (other,) = Person.select()
    assert (other.last_name, other.first_name) == ("Beispiel", "Bea")
    assert persons.history(other)[0].field == "added"
    assert Note.select().where(Note.text == "Milch kaufen").exists()


# --- what is kept ------------------------------------------------------------------------------------------------------


def test_a_partys_vouchers_are_kept_for_ten_years_after_the_year(somebody):
    receipt = erase(somebody)
    assert [(one.year, one.until) for one in due.kept_of(receipt)] == [
        (2016, date(2026, 12, 31)),
        (2025, date(2035, 12, 31)),
    ]


def test_others_keep_vouchers_for_eight_years(somebody):
    retention.set_organisation(retention.OTHER)
    receipt = erase(somebody)
    (one,) = due.kept_of(receipt)
    assert (one.year, one.until, one.law) == (2025, date(2033, 12, 31), "§ 147 Abs. 3 AO, § 257 Abs. 4 HGB")


def test_what_is_kept_is_in_no_list_no_search_and_no_export(somebody):
    erase(somebody)
    assert [row.last_name for row in listing.turn().rows] == ["Beispiel"]
    for typed in ("Quintenzirkel", "Kwintenzirkel", "7000", "zq@kanarie.example"):
        assert listing.search(typed).items == []
    assert exporting.count(Filter(), DAY) == 1


def test_what_is_kept_holds_the_payment_and_whoever_looks_is_noted(somebody):
    receipt = erase(somebody)
    one, content = due.read(due.kept_of(receipt)[1].id, by=LEA, now=NOW)
    assert content["payments"][0]["cents"] == 4800
    assert (content["member_number"], content["last_name"]) == (7000, "Quintenzirkel")
    assert [row.officer for row in due.readings(one)] == [LEA.id]


def test_what_is_due_goes_on_its_day_and_not_before(somebody):
    erase(somebody)
    assert due.due(date(2026, 12, 31)).total == 0
    assert due.erase(date(2027, 1, 1)).vouchers == 1
    assert due.due(date(2029, 12, 31)).total == 0
    # Three years after the year in which it was answered.
    assert due.erase(date(2030, 1, 1)).requests == 1
    assert due.erase(date(2035, 12, 31)).total == 0
    assert due.erase(date(2036, 1, 1)) == due.Due(vouchers=1, requests=0, receipts=1)
    assert [model.select().count() for model in (Erasure, Retained, RetainedReading)] == [0, 0, 0]


def test_a_request_stays_as_a_trace_and_is_answered(somebody):
    erase(somebody)
    (trace,) = RightsRequest.select()
    assert (trace.person_id, trace.answered_on, trace.answered_by_name) == (None, DAY, LEA.name)


def test_the_number_is_never_given_again_and_no_import_brings_the_person_back(somebody):
    erase(somebody)
    assert persons.next_number() == 7001
    for number in (7000, 6999):
        with pytest.raises(persons.NumberTaken):
            persons.add(details("Neu", "Nina", member_number=number), entry_id=new_id(), by=MIKA, now=NOW)


def test_the_next_list_of_the_accounting_does_not_bring_the_person_back(somebody):
    erase(somebody)
    Import.delete().execute()
    import_id = stage(table(row(7000, "Quintenzirkel", "Zacharias"), row(8000)))
    assert kinds(import_id) == ["bad", "add"]


def test_a_receipt_counts_and_says_nothing(somebody):
    receipt = erase(somebody)
    assert json.loads(receipt.erased)["payment"] == 4
    assert json.loads(receipt.untied) == {"invitation": 2, "reference_key": 2, "rights_request": 1}
    said = " ".join(str(value) for value in Erasure.get().__data__.values())
    assert not [word for word in (*WORDS, "7000") if word in said]
    assert (Proposal.get().subject, Proposal.get().summary) == ("{}", "№ 1")


# --- keys, imports, exports --------------------------------------------------------------------------------------------


def test_the_key_is_deactivated_and_clearing_is_told(somebody):
    receipt = erase(somebody)
    states = {row.key: (row.state, row.reason, row.person_id) for row in ReferenceKey.select()}
    assert states["living-key"] == ("deactivated", "exit", None)
    assert receipt.key_was_good == 1
    sent = [
        json.loads(bytes(row.payload))["recipient"] for row in Outgoing.select() if row.action == "envelope"
    ]
    assert sent == ["clearing"]


def test_a_mail_that_waits_is_not_sent_any_more(somebody):
    erase(somebody)
    assert sorted(row.state for row in Invitation.select()) == ["sent", SKIPPED]


def test_an_import_that_waits_has_to_be_looked_through_again(somebody):
    waiting = Import.get(Import.state == "staged")
    erase(somebody)
    assert StagedRow.select().count() == 0
    assert Import.get_by_id(waiting.id).version == waiting.version + 1


def test_askers_of_exports_with_the_person_are_told(somebody):
    at = NOW.replace(microsecond=123456)
    entries = [new_id(), new_id()]
    for entry, voting in zip(entries, ("no", "yes"), strict=True):
        wanted = exporting.Wanted("Einladung zum Parteitag im Mai", "Druckerei", [], Filter(voting=voting))
        exporting.ask(wanted, entry_id=entry, summary=lambda _one: "x", by=MIKA, now=NOW, day=DAY)
        exporting.confirm(entry, by=LEA, day=DAY)
    for minutes, entry in enumerate(entries):
        exporting.download(entry, FILE, by=MIKA, now=at + timedelta(minutes=minutes), day=DAY)
    # The second list is of those entitled to vote, and the person isn't one of them.
    assert previewing.preview(somebody.id, DAY).exports == [1]
    assert json.loads(erase(somebody).told) == [1]
    assert exporting.to_delete(MIKA.id, DAY) == [exporting.find(entries[0])]


# --- who can't be erased -----------------------------------------------------------------------------------------------


def test_a_member_is_not_erased_without_an_exit(office):
    one = fill(left=False)
    assert previewing.preview(one.id, DAY).obstacles == ["member"]
    with pytest.raises(NotNow, match="member"):
        erase(one)
    assert Person.select().count() == 2


def test_nobody_is_erased_while_their_mail_is_on_its_way(somebody):
    Invitation.update(state=SENDING).where(Invitation.key.is_null()).execute()
    with pytest.raises(NotNow, match="mail"):
        erase(somebody)


def test_nobody_is_erased_while_a_message_to_them_is_on_its_way(somebody):
    RelayMail.update(state=SENDING).execute()
    with pytest.raises(NotNow, match="mail"):
        erase(somebody)


def test_nobody_is_erased_while_a_list_is_being_read(somebody):
    Import.update(state=NEW).execute()
    with pytest.raises(NotNow, match="import"):
        erase(somebody)


def test_the_same_officer_can_not_confirm(somebody):
    with pytest.raises(proposals.SameOfficer):
        erase(somebody, by=MIKA)
    assert Person.get_or_none(Person.id == somebody.id)


def test_a_record_that_changed_since_is_not_erased_unseen(somebody):
    made = erasing.propose(somebody.id, [], "x", by=MIKA, now=NOW, day=DAY)
    changed = persons.Details.of(
        {**persons.details_of(somebody).as_dict(), "left_on": None, "exit_reason": None}
    )
    persons.edit(somebody.id, changed, revision=somebody.revision, by=LEA, now=NOW)
    with pytest.raises(NotNow, match="changed"):
        confirm(made.id)
    assert proposals.find(made.id).state == proposals.OPEN


def test_of_two_who_propose_the_same_one_is_first(somebody):
    made = erasing.propose(somebody.id, [], "x", by=MIKA, now=NOW, day=DAY)
    with pytest.raises(proposals.AlreadyProposed) as second:
        erasing.propose(somebody.id, [], "x", by=LEA, now=NOW, day=DAY)
    assert second.value.proposal == made


def test_nobody_is_erased_twice(somebody):
    receipt = erase(somebody)
    with pytest.raises(proposals.AlreadyDecided):
        confirm(receipt.id)
    with pytest.raises(persons.NoPerson):
        erasing.propose(somebody.id, [], "x", by=MIKA, now=NOW, day=DAY)


# --- mentions ----------------------------------------------------------------------------------------------------------


def test_a_mention_is_blackened_and_the_rest_of_the_text_stays(somebody):
    assert erase(somebody).blackened == 3
    black = mentions.BLACK
    assert (
        Note.get(Note.text.contains("Rückruf")).text == f"Rückruf bei {black} ({black}), er wirkt verärgert."
    )
    assert Notice.get().subject == black
    assert Person.get().notes == f"Wohnt bei {black}, siehe dort."


def test_a_namesakes_text_stays_if_the_officers_leave_it_out(somebody):
    theirs = [one.key for one in mentions.find(somebody) if one.table != "notice"]
    erase(somebody, chosen=theirs)
    assert Notice.get().subject == "QUINTENZIRKEL, Zacharias"


def test_what_goes_anyway_is_not_shown_as_a_mention(somebody):
    assert sorted(one.table for one in mentions.find(somebody)) == ["note", "notice", "person"]
