"""Releases: only what is listed, once per period, and of persons only tables under disclosure control, after the year's end."""

from datetime import date

import pytest
from peewee import IntegrityError

from app.disclosure import COUNSEL_THRESHOLD, Dimension, Protected, Table, protect
from app.disclosure.periods import NotOver, small_steps
from app.disclosure.registry import NotListed
from app.office import releases
from app.office.releases import AlreadyReleased, NotControlled, release, release_report
from app.vault.models import Outgoing, Release

DAY = date(2026, 11, 21)
TWO = ("Cosima", "Caspar")
KINDS = Dimension("kind", ("verbal", "digital"))


def table(k=COUNSEL_THRESHOLD, **counts):
    return protect(Table("kinds", (KINDS,), {(kind,): number for kind, number in counts.items()}), k)


def test_a_report_of_a_year_that_is_over_leaves_once(cast):
    with cast.vault("counsel"):
        release_report("2025", {"text": "…"}, [table(verbal=20, digital=30)], released_by=TWO, day=DAY)
        (row,) = releases.releases(type_="annual-report")
        assert Protected.from_json(row.figures["tables"][0])["verbal",] == 20
        with pytest.raises(AlreadyReleased):
            release_report("2025", {}, [table(verbal=21, digital=30)], released_by=TWO, day=DAY)
        assert Outgoing.select().count() == 1


@pytest.mark.parametrize("year", ["2026", "2027"])
def test_a_year_that_is_not_over_is_not_released(cast, year):
    with cast.vault("counsel"), pytest.raises(NotOver):
        release_report(year, {}, [table(verbal=20, digital=30)], released_by=TWO, day=DAY)


@pytest.mark.parametrize("period", ["2025-11", "2025-H1", "25", ""])
def test_counsel_has_no_view_by_the_month(cast, period):
    with cast.vault("counsel"), pytest.raises(ValueError, match="by the year"):
        release_report(period, {}, [], released_by=TWO, day=DAY)


def test_counts_as_they_are_do_not_leave(cast):
    counts = Table("kinds", (KINDS,), {("verbal",): 2})
    with cast.vault("counsel"):
        with pytest.raises(NotControlled):
            release_report("2025", {}, [counts], released_by=TWO, day=DAY)
        with pytest.raises(NotControlled):
            release_report("2025", {}, [table(k=5, verbal=20, digital=30)], released_by=TWO, day=DAY)
        assert Release.select().count() == Outgoing.select().count() == 0


@pytest.mark.parametrize(
    ("period", "figures"),
    [
        ("2026-11", {"keys": 5, "persons": 3}),
        ("2026-11", {"keys": -1}),
        ("2026-11", {"keys": True}),
        ("2026", {"keys": 5}),
    ],
)
def test_only_the_listed_sums_of_the_protocol_leave(cast, period, figures):
    with cast.vault("membership"):
        with pytest.raises(NotControlled):
            release(period, figures, released_by=TWO, day=DAY)
        assert Outgoing.select().count() == 0


def test_an_office_with_nothing_on_the_list_releases_nothing(cast):
    with cast.vault("desk"), pytest.raises(NotListed):
        release("2026-11", {}, released_by=TWO, day=DAY)
    with cast.vault("membership"), pytest.raises(NotListed):
        release_report("2025", {}, [], released_by=TWO, day=DAY)


def test_steps_that_tell_of_few_are_found():
    before = {"keys": 100, "deactivated": 3, "free": 20}
    now = {"keys": 100, "deactivated": 4, "free": 10, "new": 1}
    assert small_steps(before, now, 5) == ["deactivated"]


@pytest.mark.parametrize("change", [Release.update(figures="{}"), Release.delete()])
def test_what_was_released_can_neither_be_changed_nor_removed(cast, change):
    with cast.vault("membership"):
        release("2026-11", {"keys": 5}, released_by=TWO, day=DAY)
        with pytest.raises(IntegrityError):
            change.execute()
