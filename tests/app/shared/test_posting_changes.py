"""Changing postings: under the revision seen, in the right state, with an act in the log, and the deadline never silently."""

from datetime import timedelta

import pytest

from app.clock import today
from app.shared import posting_changes as changes
from app.shared.models import Act
from app.shared.posting_changes import PostingDraft

BOARD = "b" * 32
TEXTS = {"de": {"title": "Kommunikation", "summary": "Schreiben."}}
SOON, LATER = today() + timedelta(days=10), today() + timedelta(days=20)


@pytest.fixture(autouse=True)
def shared(cast):
    with cast.shared():
        yield


def draft(**more) -> PostingDraft:
    return PostingDraft(**{"compartment": "desk", "texts": TEXTS, "deadline": SOON, **more})


def published(slug="kommunikation"):
    posting = changes.create(slug, draft())
    return changes.publish(slug, revision=posting.revision, day=today(), actor=BOARD)


def acts() -> list[str]:
    return [act.act for act in Act.select().where(Act.subject == "kommunikation").order_by(Act.number)]


def test_a_new_posting_is_a_draft():
    assert changes.create("kommunikation", draft()).state == "draft"
    with pytest.raises(changes.SlugTaken):
        changes.create("kommunikation", draft())


@pytest.mark.parametrize("slug", ["", "Groß", "a--b", "-a", "a" * 81, "../x"])
def test_an_address_has_plain_signs_only(slug):
    with pytest.raises(ValueError, match="slug"):
        changes.create(slug, draft())


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Unterstützung für Nutzer:innen", "unterstuetzung-fuer-nutzerinnen"),
        ("  Ärger & Spaß!  ", "aerger-spass"),
        ("Café", "cafe"),
        ("日本", ""),
    ],
)
def test_a_title_makes_an_address(title, slug):
    assert changes.slug_for(title) == slug


@pytest.mark.parametrize(
    "wrong",
    [
        {"compartment": "treasury"},
        {"role": "junior"},
        {"min_seats": -1},
        {"min_seats": 3, "max_seats": 2},
        {"seats_wording": "roughly"},
        {"filled_before": -1},
    ],
    ids=str,
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"compartment|seats"):
        draft(**wrong)


def test_a_stale_edit_is_refused_and_changes_nothing():
    posting = changes.create("kommunikation", draft())
    changes.save("kommunikation", draft(min_seats=4), revision=posting.revision)
    with pytest.raises(changes.StalePosting) as stale:
        changes.save("kommunikation", draft(min_seats=9), revision=posting.revision)
    assert (stale.value.current.min_seats, stale.value.current.revision) == (4, posting.revision + 1)


def test_a_published_posting_keeps_its_place_and_its_deadline():
    posting = published()
    with pytest.raises(changes.PlaceIsFixed):
        changes.save("kommunikation", draft(compartment="membership"), revision=posting.revision)
    saved = changes.save("kommunikation", draft(deadline=LATER, min_seats=5), revision=posting.revision)
    assert (saved.deadline, saved.min_seats) == (SOON, 5)


def test_without_a_german_title_nothing_is_published():
    posting = changes.create("kommunikation", draft(texts={"en": {"title": "News"}}))
    with pytest.raises(changes.IncompletePosting) as refused:
        changes.publish("kommunikation", revision=posting.revision, day=today(), actor=BOARD)
    assert refused.value.missing == ("title", "summary")
    assert acts() == []


def test_a_deadline_that_has_passed_is_not_published():
    posting = changes.create("kommunikation", draft(deadline=today() - timedelta(days=1)))
    with pytest.raises(changes.DeadlineTooEarly):
        changes.publish("kommunikation", revision=posting.revision, day=today(), actor=BOARD)


def test_an_extension_shows_beside_the_first_deadline():
    posting = published()
    with pytest.raises(changes.DeadlineTooEarly):
        changes.extend("kommunikation", SOON, revision=posting.revision, day=today(), actor=BOARD)
    extended = changes.extend("kommunikation", LATER, revision=posting.revision, day=today(), actor=BOARD)
    assert (extended.first_deadline, extended.deadline) == (SOON, LATER)


def test_closing_and_opening_again_stand_in_the_log():
    posting = published()
    closed = changes.close("kommunikation", revision=posting.revision, actor=BOARD)
    with pytest.raises(changes.WrongState):
        changes.extend("kommunikation", LATER, revision=closed.revision, day=today(), actor=BOARD)
    again = changes.reopen("kommunikation", LATER, revision=closed.revision, day=today(), actor=BOARD)
    assert (again.state, again.deadline) == ("published", LATER)
    assert acts() == ["posting published", "posting closed", "posting published"]


def test_an_unknown_posting_is_said_to_be_unknown():
    with pytest.raises(changes.UnknownPosting):
        changes.close("nothing", revision=1, actor=BOARD)
