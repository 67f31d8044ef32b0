"""The audit of numbers: three offices report, and the board sees whether they agree."""

import pytest

from app.envelopes import outbox
from app.vault.models import Alarm
from compartments.board.figures import service
from tests.app.envelopes.post import DAY, deliver_from, take_in
from tests.pages import words

AGREEING = {
    "membership": {"keys": 500, "assigned": 390, "free": 100, "deactivated": 10, "urgent": 2},
    "clearing": {"issued": 500, "claimed": 300, "open": 190, "deactivated": 10, "deactivated_claimed": 4},
    "administration": {"codes": 500, "accounts": 290, "locked": 12, "deactivated": 10},
}


@pytest.fixture
def release(cast):
    """An office releases its numbers, and the board takes them in."""

    def release(office, *, period="2026-11", names=("Mika", "Mona"), **changes):
        figures = {**AGREEING[office], **changes}
        body = {"period": period, "figures": figures, "released_by": list(names)}
        with cast.vault(office) as vault, vault.database.atomic("IMMEDIATE"):
            outbox.send("audit-figures", "board", body, day=DAY)
        deliver_from(cast, office)
        take_in(cast, "board")

    return release


@pytest.fixture
def periods(cast):
    def periods():
        with cast.vault("board"):
            return service.periods()

    return periods


@pytest.fixture
def page(cast):
    def page():
        client = cast["board"].client()
        client.set_cookie("lang", "en")
        return words(client.get("/board/figures/"))

    return page


def test_numbers_that_agree_are_said_to_agree(release, periods, page):
    for office in AGREEING:
        release(office)
    assert [period.agrees for period in periods()] == [True]
    assert "November 2026 The numbers agree" in page()
    assert "Released by Mika, Mona" in page()


@pytest.mark.parametrize(
    ("office", "figure", "number", "broken"),
    [
        ("clearing", "open", 191, {"issued-parts"}),
        ("membership", "keys", 501, {"keys-issued", "keys-parts"}),
        ("administration", "codes", 499, {"codes-issued"}),
        ("administration", "accounts", 305, {"accounts-claimed"}),
        ("administration", "deactivated", 11, {"codes-deactivated"}),
        ("membership", "free", 99, {"keys-parts"}),
    ],
)
def test_any_number_that_does_not_fit_shows(release, periods, page, office, figure, number, broken):
    for one in AGREEING:
        release(one, **({figure: number} if one == office else {}))
    (period,) = periods()
    assert {check.rule.name for check in period.checks if not check.holds} == broken
    assert "The numbers differ" in page()
    assert "differs by 1" in page()


def test_fewer_accounts_than_claims_are_no_difference(release, periods):
    for office in AGREEING:
        release(office, **({"accounts": 1} if office == "administration" else {}))
    assert periods()[0].agrees


def test_while_an_office_is_missing_nothing_is_said_of_its_numbers(release, periods, page):
    release("clearing")
    (period,) = periods()
    assert period.missing == ("membership", "administration")
    assert not period.agrees
    assert not period.differs
    assert "Not everybody has reported" in page()


def test_periods_stand_one_below_the_other_newest_first(release, periods):
    for period in ("2026-10", "2026-12", "2026-11"):
        release("clearing", period=period)
    assert [period.name for period in periods()] == ["2026-12", "2026-11", "2026-10"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2026-13"},
        {"period": "2026"},
        {"names": ("Mika",)},
        {"names": ("Mika", "Mika")},
        {"issued": -1},
        {"issued": 1.5},
        {"issued": True},
        {"issued": "500"},
        {"name of a member": 1},
    ],
)
def test_what_is_no_release_is_refused(cast, release, periods, wrong):
    release("clearing", **wrong)
    assert periods() == []
    with cast.vault("board"):
        assert Alarm.select().count() == 1


def test_a_period_is_released_once(release, periods):
    release("clearing")
    release("clearing", issued=1)
    assert periods()[0].reported["clearing"]["issued"] == 500


def test_nothing_is_there_at_first(page):
    assert "No figures have been released yet" in page()
