"""What is kept in memory is found by what it was made from, and by nothing else."""

from app.shared.kept import Kept
from app.shared.page_models import Page
from app.shared.prepared import Prepared


def test_the_same_facts_are_worked_out_once():
    kept, made = Kept(4), []
    for _ in range(3):
        assert kept.get(("row", 1), lambda: made.append(1) or "value") == "value"
    assert made == [1]


def test_other_facts_are_worked_out_anew():
    kept = Kept(4)
    assert [kept.get(("row", number), lambda number=number: number) for number in (1, 2, 1)] == [1, 2, 1]


def test_what_was_not_asked_for_longest_is_forgotten_first():
    kept, made = Kept(2), []
    for number in (1, 2, 1, 3, 1, 2):
        kept.get(number, lambda number=number: made.append(number))
    assert made == [1, 2, 3, 2]


def test_a_failure_is_not_kept():
    kept = Kept(2)
    try:
        kept.get("facts", lambda: 1 / 0)
    except ZeroDivisionError:
        assert kept.get("facts", lambda: "value") == "value"


def test_a_prepared_query_takes_hostile_texts_as_values(cast):
    query = Prepared(lambda slug: Page.select(Page.title).where(Page.slug == slug))
    hostile = "x' or '1'='1"
    with cast.shared():
        Page.create(slug=hostile, language="de", title="found", body="")
        assert query.all(hostile) == [("found",)]
        assert query.first("x") is None


def test_the_places_of_a_prepared_query_are_told_apart(cast):
    query = Prepared(
        lambda slug, language: Page.select(Page.title).where(Page.language == language, Page.slug == slug),
        places=2,
    )
    with cast.shared():
        Page.create(slug="de", language="en", title="right", body="")
        Page.create(slug="en", language="de", title="wrong", body="")
        assert query.first("de", "en") == ("right",)
