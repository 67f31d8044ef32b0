"""Files of forms that aren't sent yet: they open for their own form, for some hours, and tell nothing meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.shared import drafts
from app.shared.draft_models import DraftFile, DraftPiece
from keys.randomness import token_bytes

HOURS = timedelta(hours=4)
WHAT = {"name": "a.pdf", "media_type": "application/pdf", "purpose": "general"}


@pytest.fixture
def shared(cast):
    with cast.shared():
        yield


@pytest.fixture
def key():
    return token_bytes(32)


@pytest.fixture
def draft(shared, key):
    return drafts.add([b"con", memoryview(b"tent")], key=key, now=utc_now(), valid_for=HOURS, **WHAT)


def test_a_file_comes_back_as_it_was(draft, key):
    drafts.check(draft, key, utc_now())
    assert b"".join(drafts.read(draft, key)) == b"content"


def test_another_form_cant_open_it(draft):
    with pytest.raises(drafts.DraftIsGone):
        drafts.check(draft, token_bytes(32), utc_now())
    with pytest.raises(drafts.DraftIsGone):
        list(drafts.read(draft, token_bytes(32)))


@pytest.mark.parametrize(
    "changed", [{"name": "b.pdf"}, {"media_type": "text/html"}, {"purpose": ""}, {"size": 8}]
)
def test_it_opens_as_nothing_else(draft, key, changed):
    with pytest.raises(drafts.DraftIsGone):
        drafts.check(replace(draft, **changed), key, utc_now())
    with pytest.raises(drafts.DraftIsGone):
        list(drafts.read(replace(draft, **changed), key))


def test_after_its_time_it_is_gone_before_anybody_deletes_it(draft, key):
    with pytest.raises(drafts.DraftIsGone):
        drafts.check(draft, key, utc_now() + HOURS)


def test_upkeep_removes_what_has_expired_and_nothing_else(draft, key):
    assert drafts.remove_expired(utc_now()) == 0
    assert drafts.remove_expired(utc_now() + HOURS) == 1
    assert not DraftFile.select().exists()
    assert not DraftPiece.select().exists()


def test_a_row_tells_neither_name_nor_exact_size(draft):
    assert "a.pdf" not in str(vars(DraftFile.get()))
    row = DraftPiece.get()
    assert b"a.pdf" not in bytes(row.ciphertext)
    assert b"content" not in bytes(row.ciphertext)
    assert len(row.ciphertext) > 1000


def test_the_disk_cant_be_filled(shared, key, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_BYTES", 3000)
    drafts.add([b"x"], key=key, now=utc_now(), valid_for=HOURS, **WHAT)
    with pytest.raises(drafts.TooManyDrafts):
        drafts.add([b"x" * 2000], key=key, now=utc_now(), valid_for=HOURS, **WHAT)


def test_a_large_file_lies_in_pieces_and_comes_back(shared, key):
    content = bytes(range(256)) * 1000
    draft = drafts.add([content[:70_000], content[70_000:]], key=key, now=utc_now(), valid_for=HOURS, **WHAT)
    assert (draft.size, DraftPiece.select().count()) == (len(content), 4)
    assert b"".join(drafts.read(draft, key)) == content
    drafts.remove(draft)
    assert not DraftPiece.select().exists()


@pytest.mark.parametrize(
    "change",
    [
        DraftPiece.delete().where(DraftPiece.number == 0),
        DraftPiece.delete().where(DraftPiece.number == 1),
        DraftPiece.delete().where(DraftPiece.number == 3),
        DraftPiece.update(number=9).where(DraftPiece.number == 1),
        DraftPiece.delete(),
    ],
)
def test_a_file_with_a_piece_missing_or_moved_is_gone(shared, key, change):
    draft = drafts.add([bytes(250_000)], key=key, now=utc_now(), valid_for=HOURS, **WHAT)
    assert change.execute()
    with pytest.raises(drafts.DraftIsGone):
        list(drafts.read(draft, key))


class NoBytes:
    def __len__(self):
        return 5


def test_of_a_file_that_fails_halfway_nothing_is_kept(shared, key):
    with pytest.raises(TypeError):
        drafts.add([bytes(200_000), NoBytes()], key=key, now=utc_now(), valid_for=HOURS, **WHAT)
    assert (DraftFile.select().count(), DraftPiece.select().count()) == (0, 0)
