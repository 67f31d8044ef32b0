"""Hundreds write at once, or one person without end: nothing is lost, counsellors can work, and no request has to do all of it."""

import pytest

from app.clock import utc_now
from app.envelopes import receiving
from app.envelopes.package import File
from app.shared import cover, upkeep
from app.shared.counsel_models import Drop
from app.shared.models import Envelope
from app.vault.models import Alarm, RefusedEnvelope
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases import unfolding
from compartments.counsel.cases.models import Case, CaseLetter, CaseLetterPiece
from compartments.counsel.cases.opened import Kind
from compartments.counsel.cases.unfolding import STATISTICS
from compartments.counsel.consents import service as consents
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY, Seeker

NOW = utc_now()
MANY, A_FEW = 40, 16


def waiting():
    return sum(cover.is_real(row.id) for row in Envelope.select(Envelope.id))


def test_a_flood_is_taken_in_by_and_by_while_counsellors_work(office, monkeypatch):
    monkeypatch.setattr(receiving, "AT_ONCE", A_FEW)
    upkeep.keep_covered(DAY)
    seekers = [Seeker(office) for _ in range(MANY)]
    for seeker in seekers:
        assert seeker.write_in("conny", "ravi")
    conny, seen = office["conny"].client(), []
    while not seen or seen[-1]:
        assert conny.get("/counsel/").status_code == conny.get("/counsel/cases").status_code == 200
        seen.append(waiting())
    assert seen == [MANY - 2 * A_FEW, 0]
    with office.vault("ravi"):
        desk = office.desk("ravi")
        assert set(desk.ring.cases) == {seeker.visit.case for seeker in seekers}
        assert desks.page(desk, 1, now=NOW).total == MANY
        assert (Case.select().count(), RefusedEnvelope.select().count(), Alarm.select().count()) == (
            MANY,
            0,
            0,
        )
    assert all(len(seeker.look().sent) == 1 for seeker in seekers)


def test_of_large_files_one_request_takes_in_less(office, monkeypatch):
    monkeypatch.setattr(receiving, "AT_ONCE", A_FEW)
    photo = File("Foto.jpg", "image/jpeg", bytes(2_000_000))
    seekers = [Seeker(office) for _ in range(5)]
    for seeker in seekers:
        seeker.write_in("conny", files=[photo])
    conny, seen = office["conny"].client(), [waiting()]
    while seen[-1]:
        assert conny.get("/counsel/inbox").status_code == 200
        seen.append(waiting())
    # Each weighs like seven: itself, and its 31 pieces.
    assert seen == [5, 2, 0]
    with office.vault("conny"):
        assert Case.select().count() == len(seekers)


def test_of_a_flood_an_onlooker_sees_only_how_often_the_day_has_doubled(office, seeker):
    """Its rows have one length, and which of them are real doesn't show. That more came than on other days does."""
    upkeep.keep_covered(DAY)
    seen = set()
    seeker.write_in("conny")
    for number in range(MANY):
        seeker.write(new_id(), {"kind": "message", "text": "Noch etwas. " * number})
        seen.add((Envelope.select().where(Envelope.day == DAY).count(), Drop.select().count()))
    assert seen == {(rows, rows) for rows in (8, 16, 32, 64)}
    assert {len(bytes(row.ciphertext)) for row in Drop.select()} == {cover.DROP_BYTES}
    assert len({len(bytes(row.ciphertext)) for row in Envelope.select()}) == 1
    assert len(seeker.look().sent) == 1 + MANY
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        received = [one.data["text"] for one in case.entries(Kind.RECEIVED)]
        assert received[1:] == ["Noch etwas. " * number for number in range(MANY)]
    assert (waiting(), Envelope.select().where(Envelope.day == DAY).count()) == (0, 64)


@pytest.mark.parametrize("tried_again", [False, True])
def test_large_files_are_taken_into_a_case_few_at_a_time_and_all_before_it_is_shown(
    office, seeker, monkeypatch, tried_again
):
    """What one transaction writes is held in memory. A withdrawal that came last counts all the same."""
    monkeypatch.setattr(unfolding, "MOST_AT_ONCE", 250_000)
    seeker.write_in("conny")
    photo = File("Foto.jpg", "image/jpeg", bytes(100_000))
    for number in range(5):
        seeker.write(new_id(), {"kind": "message", "text": str(number)}, files=[photo])
    seeker.write(new_id(), {"kind": "consent", "consent": STATISTICS, "decision": "withdrawn"})
    left = []

    def counted(*given, **more):
        done = unfolding.unfold(*given, **more)
        left.append(CaseLetter.select().where(CaseLetter.refused == "").count())
        return done

    monkeypatch.setattr(desks, "unfold", counted)
    with office.vault("conny"):
        office.take_in()
        again = ""
        if tried_again:
            again = CaseLetterPiece.get().owner_id  # a photo's, and not the withdrawal, which is small
            CaseLetter.update(refused="CannotOpen").where(CaseLetter.id == again).execute()
        case = office.desk("conny").open(seeker.visit.case, now=NOW, again=again)
        received = case.entries(Kind.RECEIVED)
        assert sorted(one.data.get("text", "") for one in received)[1:6] == list("01234")
        assert sum(file.size for one in received for file in one.files) == 5 * photo.size
        assert not consents.may_count(case)
        assert CaseLetter.select().count() == 0
    assert left == [4, 2, 0]
