"""A letter that can't be opened is kept, shown to whoever reads the case with what to do, and tried again."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.envelopes.package import File
from app.vault.models import Alarm
from compartments.counsel.cases import unreadable
from compartments.counsel.cases.models import Case, CaseLetter, CaseLetterPiece
from compartments.counsel.cases.opened import Kind
from compartments.counsel.retention.models import ErasureReceipt
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY, Seeker
from tests.compartments.counsel.test_case_pages import post
from tests.pages import words

NOW = utc_now()
ENGLISH = {"Accept-Language": "en"}
PAGE = "/counsel/cases/unreadable"


def damaged(office, seeker):
    """What waits for a case is damaged; return what it was."""
    with office.vault("tove"):
        office.take_in()
        letter = CaseLetter.get(CaseLetter.case == seeker.visit.case)
        CaseLetter.update(sealed=b"garbage" * 100).where(CaseLetter.id == letter.id).execute()
        return letter


@pytest.fixture
def conny(office):
    client = office["conny"].client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_first_words_that_cannot_be_opened_are_shown_kept_and_thrown_away_with_a_receipt(
    office, seeker, conny
):
    seeker.write_in("conny")
    letter = damaged(office, seeker)
    conny.get("/counsel/")
    assert "1 letter couldn't be opened" in words(conny.get("/counsel/", headers=ENGLISH))
    assert "1 letter couldn't be opened" in words(conny.get("/counsel/cases", headers=ENGLISH))
    assert "First words of a new person" in words(conny.get(PAGE, headers=ENGLISH))
    assert "couldn't be opened" not in words(office["ravi"].client().get("/counsel/", headers=ENGLISH))
    for _time in range(2):
        assert "still can't be opened" in words(post(conny, PAGE, "/again"))
    with office.vault("conny"):
        assert [one.kind for one in Alarm.select()] == ["refused-letter"]
    post(conny, PAGE, f"{letter.id}/delete")
    with office.vault("conny"):
        assert Case.select().count() == CaseLetter.select().count() == 0
        assert ErasureReceipt.select().count() == 1


def test_it_opens_when_it_is_tried_again_with_what_it_was(office, seeker, conny):
    seeker.write_in("conny")
    whole = damaged(office, seeker)
    conny.get("/counsel/")
    with office.vault("conny"):
        CaseLetter.update(sealed=whole.sealed).where(CaseLetter.id == whole.id).execute()
    post(conny, PAGE, "/again")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert [one.data["what"] for one in case.entries(Kind.RECEIVED)] == ["intake"]


def test_a_later_letter_is_shown_at_its_case_with_what_to_do(office, seeker, conny):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    letter = damaged(office, seeker)
    case = f"/counsel/cases/{seeker.visit.case}"
    assert "1 letter of this case can't be opened" in words(conny.get(case, headers=ENGLISH))
    assert "ask them to send it once more" in words(conny.get(PAGE, headers=ENGLISH))
    assert office["tove"].client().post(f"{PAGE}/{letter.id}/delete").status_code in {302, 303}
    with office.vault("tove"), pytest.raises(LookupError):
        unreadable.throw_away(office.desk("tove"), letter.id, backups_kept=timedelta(days=1), now=NOW)
    post(conny, PAGE, f"{letter.id}/delete")
    assert "can't be opened" not in words(conny.get(case, headers=ENGLISH))
    assert conny.get(case).status_code == 200


def test_a_letter_that_opens_and_says_nothing_sensible_is_kept_as_it_came(office, seeker):
    seeker.write_in("conny")
    unknown = {"kind": "consent", "consent": "f" * 32, "decision": "withdrawn"}
    seeker.write("ab" * 16, unknown, files=[File("Foto.jpg", "image/jpeg", bytes(100_000))])
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert [one.data["what"] for one in case.entries(Kind.RECEIVED)] == ["intake"]
        (kept,) = unreadable.of(office.desk("conny"))
        assert (kept.id, kept.opens, kept.reason) == ("ab" * 16, False, "NoCase")
        assert CaseLetterPiece.select().where(CaseLetterPiece.owner == kept.id).count() > 1
        assert 100_000 < kept.size < 200_000
        assert not unreadable.try_again(office.desk("conny"), kept.id, now=NOW)
        assert unreadable.of(office.desk("conny")) == [kept]
        assert Alarm.select().count() == 1
        unreadable.throw_away(office.desk("conny"), kept.id, backups_kept=timedelta(days=1), now=NOW)
        assert CaseLetter.select().count() == CaseLetterPiece.select().count() == 0


def test_what_nobody_fetches_is_told_to_all_by_its_day_alone(office, seeker):
    Seeker(office).write_in("ravi")
    with office.vault("conny"):
        desk = office.desk("conny")
        assert unreadable.unopened(desk, DAY) == []
        assert unreadable.unopened(desk, DAY + unreadable.NOBODY_LOOKED_FOR) == [DAY]
    with office.vault("ravi"):
        assert unreadable.unopened(office.desk("ravi"), DAY + unreadable.NOBODY_LOOKED_FOR) == []
