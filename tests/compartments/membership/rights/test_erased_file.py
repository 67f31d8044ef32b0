"""After an erasure the decrypted file holds the words nowhere: not in a table, not in an index, not in the pages that came free."""

import pytest

from compartments.membership.rights import due
from compartments.membership.tables import Person, SearchWord
from tests.compartments.membership.rights.conftest import KEPT, WORDS, erase, fill
from tests.compartments.membership.rights.rawpages import plaintext


@pytest.fixture
def file(cast):
    """Reads the vault's file once it is closed, decrypted."""
    path = cast.organisation.instance.vault_file("membership")

    def file() -> bytes:
        with cast.shared():
            (key, *_) = cast["membership"].session().vault_keys("membership")
        assert not path.with_name(f"{path.name}-wal").exists()
        return plaintext(path, key).lower()

    return file


def test_the_words_are_in_the_file_before_and_in_none_of_its_pages_afterwards(cast, file):
    with cast.vault("membership"):
        one = fill()
    before = file()
    assert [word for word in WORDS if word.lower().encode() not in before] == []
    with cast.vault("membership"):
        erase(Person.get_by_id(one.id))
    after = file()
    gone = [word for word in WORDS if word not in KEPT]
    assert [word for word in gone if word.lower().encode() in after] == []
    with cast.vault("membership"):
        due.erase(one.left_on.replace(year=2040))
    last = file()
    assert [word for word in WORDS if word.lower().encode() in last] == []


def test_the_keys_and_sounds_that_find_the_person_are_gone_from_the_pages_too(cast, file):
    with cast.vault("membership"):
        one = fill()
        sounds = [word.encode() for word in _words(one.id) if word.startswith("~") and len(word) > 5]
        assert sounds
    assert all(sound in file() for sound in sounds)
    with cast.vault("membership"):
        erase(Person.get_by_id(one.id))
    after = file()
    assert [sound for sound in sounds if sound in after] == []


def _words(person_id):
    return [row.word for row in SearchWord.select().where(SearchWord.person == person_id)]
