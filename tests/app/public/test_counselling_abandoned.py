"""A contact whose last reader has gone: the person is told, and doesn't write into the void."""

import pytest

from tests.app.public import counselled
from tests.app.public.test_counselling_visit import answer
from tests.compartments.counsel.test_secrecy import end_of


@pytest.mark.parametrize("answered", [True, False])
def test_once_nobody_can_read_it_any_more_one_is_told_and_keeps_what_was_said(office, person, answered):
    code = counselled.write_in(person, office, "conny", "ravi")
    if answered:
        answer(office, code, "Guten Tag.")
    for name in ("conny", "ravi"):
        counselled.come_back(person, code)
        assert "Nobody can read this any more" not in person.page
        assert 'name="text"' in person.page
        end_of(office, name)
    counselled.come_back(person, code)
    assert "Nobody can read this any more" in person.page
    assert 'name="text"' not in person.page
    assert counselled.TEXT in person.page
    assert ("Guten Tag." in person.page) == answered
