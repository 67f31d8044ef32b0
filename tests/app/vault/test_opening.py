"""Opening a vault: only with its key, only what is a vault, and whole again when it is closed."""

import sqlite3

import pytest
from peewee import InterfaceError, OperationalError

from app.vault.errors import EmptyVaultKey, NoVault, PlaintextVault, WrongVaultKey
from app.vault.opening import PLAINTEXT_HEADER, SECONDS_TO_WAIT_FOR_A_WRITER, connect, create_vault
from compartments.clearing.models import SCHEMA as CLEARING
from keys.grants import new_vault_key


def test_a_vault_gives_back_what_was_put_in(place, cargo):
    with place.open() as vault:
        assert [row.name for row in cargo.select()] == ["Anker"]
        assert vault.kind == "desk"


def test_a_wrong_key_opens_nothing_and_breaks_nothing(place, cargo):
    before = place.file.read_bytes()
    with pytest.raises(WrongVaultKey), place.open(new_vault_key()):
        pass
    assert place.file.read_bytes() == before
    with place.open():
        assert cargo.select().count() == 1


def test_of_several_keys_the_one_that_fits_is_used(place, cargo):
    with place.open(new_vault_key(), place.key):
        assert cargo.select().count() == 1


@pytest.mark.parametrize("key", [b"", b"short", bytes(32), bytes(31), b"x" * 33])
def test_an_empty_or_short_key_is_refused_before_the_file_is_touched(place, key):
    before = place.file.read_bytes()
    with pytest.raises(EmptyVaultKey), place.open(key):
        pass
    assert place.file.read_bytes() == before


def test_no_key_at_all_is_refused(place):
    with pytest.raises(EmptyVaultKey):
        connect(place.file, [])


def test_a_vault_is_never_made_with_an_empty_key(place):
    with pytest.raises(EmptyVaultKey):
        create_vault(place.instance, "clearing", b"", CLEARING)
    assert not place.instance.vault_file("clearing").exists()


def test_a_plaintext_file_is_refused_by_name(place):
    place.file.unlink()
    with sqlite3.connect(place.file) as plain:
        plain.execute("create table cargo (id integer primary key, name text)")
    plain.close()
    with pytest.raises(PlaintextVault), place.open():
        pass


def test_an_empty_file_is_no_vault(place):
    place.file.write_bytes(b"")
    with pytest.raises(WrongVaultKey), place.open():
        pass


def test_a_damaged_file_is_not_opened(place):
    content = bytearray(place.file.read_bytes())
    content[100] ^= 1
    place.file.write_bytes(content)
    with pytest.raises(WrongVaultKey), place.open():
        pass


def test_there_is_no_vault_but_those_that_were_made(place):
    with pytest.raises(NoVault), open_clearing(place):
        pass


def open_clearing(place):
    from app.vault.opening import open_vault

    return open_vault(place.instance, "clearing", [place.key], CLEARING)


def test_a_vault_is_not_opened_with_the_tables_of_another_kind(place):
    with pytest.raises(NoVault), place.open(schema=CLEARING):
        pass


def test_a_vault_is_not_made_over_another(place):
    with pytest.raises(FileExistsError):
        create_vault(place.instance, "desk", new_vault_key(), place.schema)


def test_the_file_is_encrypted_and_only_its_owner_reads_it(place, cargo):
    with place.open():
        cargo.create(name="Kanarienvogel im Laderaum")
    content = place.file.read_bytes()
    assert not content.startswith(PLAINTEXT_HEADER)
    assert b"Kanarienvogel" not in content
    assert place.file.stat().st_mode & 0o077 == 0


def test_after_closing_the_file_is_whole_and_no_log_is_left(place, cargo):
    with place.open():
        cargo.create(name="Segel")
        # While it is open, what was written is in the log.
        assert place.file.with_name("desk.db-wal").exists()
    assert sorted(path.name for path in place.file.parent.iterdir()) == ["desk.db", "desk.gate", "desk.lock"]
    copy = place.file.with_name("copy.db")
    copy.write_bytes(place.file.read_bytes())
    database = connect(copy, [place.key])
    assert database.execute_sql("select count(*) from cargo").fetchone() == (2,)
    database.close()


def test_after_an_error_inside_the_vault_is_closed_and_nothing_half_done_is_in_it(place, cargo):
    def sink():
        cargo.create(name="Ballast")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), place.open() as vault, vault.database.atomic("IMMEDIATE"):
        sink()
    with place.open():
        assert [row.name for row in cargo.select()] == ["Anker"]
    assert not place.file.with_name("desk.db-wal").exists()


def test_a_database_that_outlives_its_opening_does_not_open_itself_again(place):
    with place.open() as vault:
        kept = vault.database
    with pytest.raises(InterfaceError):
        kept.execute_sql("select 1")


def test_after_a_crash_the_log_is_taken_up_whichever_key_is_tried_first(place, cargo):
    with place.open():
        cargo.create(name="Segel")
        crashed = [(file.name, file.read_bytes()) for file in place.file.parent.glob("desk.db*")]
    assert "desk.db-wal" in dict(crashed)
    for name, content in crashed:
        place.file.with_name(name).write_bytes(content)
    with pytest.raises(WrongVaultKey), place.open(new_vault_key()):
        pass
    with place.open(new_vault_key(), place.key):
        assert [row.name for row in cargo.select()] == ["Anker", "Segel"]


def test_a_lock_is_not_mistaken_for_a_wrong_key(place, monkeypatch):
    monkeypatch.setattr("app.vault.opening.SECONDS_TO_WAIT_FOR_A_WRITER", 0.05)
    holder = connect(place.file, [place.key])
    holder.execute_sql("pragma locking_mode = exclusive")
    holder.execute_sql("begin exclusive")
    with pytest.raises(OperationalError), place.open():
        pass
    holder.close()


def test_who_wants_to_write_waits_for_as_long_as_was_meant(place):
    with place.open() as vault:
        waits = vault.database.execute_sql("pragma busy_timeout").fetchone()[0]
    assert waits == 1000 * SECONDS_TO_WAIT_FOR_A_WRITER


def test_nothing_that_describes_an_open_vault_shows_its_key(place):
    with place.open() as vault:
        assert place.key.hex() not in repr(vault)
        assert place.key.hex() not in repr(vault.database)
