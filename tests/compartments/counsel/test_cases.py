"""A case from the first words to the change of its key: only those chosen read it, whoever else holds what."""

import json

import pytest

from app.clock import utc_now
from app.envelopes.letter import File
from app.vault.models import Alarm, RefusedEnvelope
from compartments.counsel.cases import answers, readers
from compartments.counsel.cases.models import Case, CaseEntry, CaseLetter, CaseSlot, Keyring
from compartments.counsel.cases.opened import ChangedMeanwhile, Kind, NoCase, OpenCase, in_one_piece
from keys.errors import CannotOpen
from keys.randomness import new_id

NOW = utc_now()


def answered(case, text):
    with in_one_piece():
        answers.answer(case, text, entry_id=new_id(), now=NOW)


def test_a_chosen_counsellor_reads_what_somebody_wrote(office, seeker):
    seeker.write_in("conny", "ravi", files=[File("Foto.png", "image/png", b"pixels")])
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(seeker.visit.case, now=NOW)
        (received,) = case.entries(Kind.RECEIVED)
        assert received.data["text"].startswith("Seit dem Treffen")
        assert received.files[0].content == b"pixels"
        assert set(case.head.readers.values()) == {"Conny Vertrauen", "ravi"}
        assert RefusedEnvelope.select().count() == Alarm.select().count() == 0


def test_somebody_who_was_not_chosen_finds_no_case(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("tove"):
        desk = office.desk("tove")
        assert desk.ring.cases == []
        with pytest.raises(NoCase):
            desk.open(seeker.visit.case, now=NOW)
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
    with office.vault("tove"):
        assert office.desk("tove").ring.cases == []


def test_slots_tell_neither_how_many_read_a_case_nor_who(office, seeker):
    seeker.write_in("ravi")
    with office.vault("tove"):
        office.take_in()
        assert CaseSlot.select().count() == 8
        assert len({len(bytes(slot.sealed)) for slot in CaseSlot.select()}) == 1


def test_an_answer_is_read_with_the_receipt_and_a_letter_goes_back(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        answered(office.desk("conny").open(seeker.visit.case, now=NOW), "Schön, dass Sie schreiben.")
        office.take_in()
    visit = seeker.look()
    assert [one["text"] for one in visit.answers] == ["Schön, dass Sie schreiben."]
    assert visit.sent[0]["said"]["text"].startswith("Seit dem Treffen")
    assert visit.standing["counsellors"] == ["Conny Vertrauen"]
    letter = new_id()
    assert seeker.write(letter, {"kind": "message", "text": "Danke. Was kann ich tun?"})
    assert not seeker.write(letter, {"kind": "message", "text": "Danke. Was kann ich tun?"})
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        texts = [one.data["text"] for one in case.entries(Kind.RECEIVED)]
        assert texts[1:] == ["Danke. Was kann ich tun?"]
        assert CaseLetter.select().count() == 0


def test_who_steps_out_reads_nothing_any_more_not_even_with_the_old_key(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("ravi"):
        desk = office.desk("ravi")
        case = desk.open(seeker.visit.case, now=NOW)
        old = case.key
        readers.step_out(case, desk.ring, desk.others, reason="Ich kenne ihn.", now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    with office.vault("ravi"):
        with pytest.raises(NoCase):
            office.desk("ravi").open(seeker.visit.case, now=NOW)
        for row in CaseEntry.select():
            with pytest.raises(CannotOpen):
                OpenCase(Case.get(), old, office.desk("ravi").author).entry(row.id)
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert [one.data["text"] for one in case.entries(Kind.RECEIVED)][1] == "Noch etwas"
        with pytest.raises(readers.LeftOut):
            readers.admit(
                case,
                office.desk("conny").ring,
                office["ravi"].account_id,
                office.desk("conny").others,
                now=NOW,
            )


def test_the_last_reader_cannot_step_out(office, seeker):
    seeker.write_in("ravi")
    with office.vault("ravi"):
        desk = office.desk("ravi")
        with pytest.raises(readers.LastReader):
            readers.step_out(
                desk.open(seeker.visit.case, now=NOW), desk.ring, desk.others, reason="", now=NOW
            )


def test_a_colleague_who_is_admitted_reads_from_then_on(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        readers.admit(case, desk.ring, office["tove"].account_id, desk.others, now=NOW)
        assert case.entries(Kind.RECEIVED)
        office.take_in()
    for name in ("tove", "conny"):
        with office.vault(name):
            assert office.desk(name).open(seeker.visit.case, now=NOW).entries(Kind.RECEIVED)


def test_two_counsellors_at_one_entry_lose_nothing(office, seeker):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        with in_one_piece():
            note = case.add(Kind.NOTE, {"text": "erste"}, now=NOW, by=case.reader)
        with in_one_piece():
            case.change(note.id, {"text": "zweite"}, version=1, now=NOW, by=case.reader)
        with pytest.raises(ChangedMeanwhile) as changed, in_one_piece():
            case.change(note.id, {"text": "dritte"}, version=1, now=NOW, by=case.reader)
        assert changed.value.present.data["text"] == "zweite"


def test_a_stranger_with_the_whole_vault_finds_no_word_of_it(office, seeker):
    seeker.write_in("conny", text="Kanarienvogel")
    with office.vault("tove"):
        office.take_in()
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
    with office.vault("tove"):
        for model in (Case, CaseSlot, CaseEntry, CaseLetter, Keyring):
            for row in model.select().dicts():
                assert "Kanarienvogel" not in json.dumps(row, default=str)
                assert not any(
                    b"Kanarienvogel" in bytes(value)
                    for value in row.values()
                    if isinstance(value, bytes | memoryview)
                )
