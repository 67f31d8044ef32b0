"""Figures of the board: counted right, and of nobody in particular."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta

from app.clock import today
from compartments.board import charts, reports
from compartments.board.applications import erasure


def figures(slug):
    return {row.posting.slug: row for row in reports.per_posting("de", today())}[slug]


def test_applications_are_counted_per_posting_and_stage(board):
    first = board.applicant("mitglieder", "clearing")
    board.applicant("mitglieder")
    board.move(first, "interview")
    assert figures("mitglieder").stages == {"interview": 1, "received": 1}
    assert (figures("mitglieder").open, figures("clearing").applications) == (2, 1)


def test_offers_fill_seats_and_what_is_missing_is_a_vacancy(board):
    missing = {
        row.posting.slug: row.posting.seats.missing
        for row in reports.vacancies(reports.per_posting("de", today()))
    }
    assert missing == {"mitglieder": 2, "clearing": 3, "projekt": 1}
    board.offer(board.applicant("mitglieder"))
    assert figures("mitglieder").posting.seats.missing == 1
    assert reports.offers_open() == 1


def test_what_is_coming_up_is_in_order(board):
    board.offer(board.applicant("mitglieder"))
    found = reports.deadlines(today(), timedelta(days=500))
    assert [one.kind for one in found] == ["offer", "erasure"]
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_erased_applications_still_count_in_their_week(board):
    applicant = board.applicant("mitglieder")
    erasure.erase(board.application(applicant).id, by="", day=today())
    assert reports.received_per_week(today())[-1][1] == 1


def test_no_figure_has_room_for_a_person():
    for one in vars(reports).values():
        if is_dataclass(one) and one.__module__ == reports.__name__:
            assert {field.name for field in fields(one)} & {"name", "email", "application", "id"} == set()


def test_the_highest_column_reaches_the_ceiling_and_none_leaves_the_picture():
    drawn = charts.columns([(date(2026, 11, 2), 0), (date(2026, 11, 9), 4), (date(2026, 11, 16), 2)])
    assert [one.height for one in drawn] == [0, 132, 66]
    assert all(one.x >= 0 and one.x + one.width <= charts.WIDTH and one.y >= charts.CEILING for one in drawn)
    assert charts.columns([]) == []


def test_pieces_of_a_bar_lie_side_by_side():
    pieces = charts.stacked({"received": 1, "offered": 3}, ("received", "decision", "offered"), 8)
    assert [(one.stage, one.x, one.width) for one in pieces] == [
        ("received", 0.0, 12.5),
        ("offered", 12.5, 37.5),
    ]
