"""Nothing in git is a key, and nothing is a database that opens without one."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.architecture.plaintext import plaintext_databases, starts_like_plain_sqlite
from tests.architecture.source import COMPARTMENTS, ROOT, tracked_files

NAMES_OF_KEYS = {".db", ".der", ".jks", ".key", ".keystore", ".p12", ".pem", ".pfx", ".sqlite", ".sqlite3"}
PEM = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|AGE-SECRET-KEY-1[0-9A-Z]{20}")
# NAME = "64 hex or 43 base64 signs", in whatever the language calls an assignment.
ASSIGNED = re.compile(
    r"""(?ix) \b [\w.-]* (?:key|secret|seed|token|passphrase|password) [\w.-]* ["']? \s* (?:[:=]|=>) \s*
    (?:\w[\w.]*\()? b?["']? (?:x')? (?: (?:[0-9a-f]{64})+ | [\w+/-]{43}=? ) (?![\w+/=-])"""
)
# Published test vectors: the keys in them are known to the world.
VECTORS = ("tests/keys/vectors/",)


def key_material(text: str) -> list[str]:
    return [
        f"line {text[: found.start()].count(chr(10)) + 1}"
        for rule in (PEM, ASSIGNED)
        for found in rule.finditer(text)
    ]


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_in_git_has_the_name_of_a_key():
    assert [_place(path) for path in tracked_files() if path.suffix.lower() in NAMES_OF_KEYS] == []


def test_no_file_in_git_holds_a_key():
    found = {
        _place(path): lines
        for path in tracked_files()
        if not _place(path).startswith(VECTORS)
        and (lines := key_material(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_no_file_in_git_is_a_plaintext_database():
    assert [_place(path) for path in tracked_files() if starts_like_plain_sqlite(path)] == []


def test_a_new_instance_holds_no_plaintext_database(instance_folder):
    assert len(list(instance_folder.rglob("*.db"))) > len(COMPARTMENTS)
    assert plaintext_databases(instance_folder) == []


def test_nothing_of_an_instance_is_in_git():
    assert [_place(path) for path in tracked_files() if _place(path).startswith("var/")] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        'SECRET_KEY = "' + "ab" * 32 + '"',
        "vault_key: " + "0f" * 32,
        '"seed": bytes.fromhex(\'' + "0f" * 32 + "')",
        "PRAGMA key = \"x'" + "0f" * 32 + "'\"",
        "SCHOTTEN_TOKEN=" + "aB3-" * 10 + "xyz",
    ],
)
def test_the_rule_finds_key_material(text):
    assert key_material(text) != []


@pytest.mark.parametrize(
    "text", ["key = derive(secret)", "--hash=sha256:" + "0f" * 32, "digest = '" + "0f" * 32 + "'"]
)
def test_the_rule_leaves_the_rest_alone(text):
    assert key_material(text) == []


def test_the_rule_finds_a_plaintext_database_whatever_its_name(tmp_path):
    connection = sqlite3.connect(tmp_path / "innocent.bin")
    connection.execute("create table t (c)")
    connection.close()
    assert plaintext_databases(tmp_path) == [tmp_path / "innocent.bin"]
