"""The German catalogue is complete, and its workflow keeps it that way."""

import json
import os
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.translations import catalogue
from app.translations.compiled import ensure_compiled


def source(*messages):
    found = Catalog(locale="de")
    for message in messages:
        found.add(message)
    return found


def test_nothing_is_untranslated_fuzzy_or_missing():
    problems = catalogue.check(kept=catalogue.read(), source=catalogue.extract())
    assert not problems, "\n".join(problems)


def test_the_catalogue_is_as_the_workflow_writes_it(tmp_path):
    catalogue.write(catalogue.read(), again := tmp_path / "messages.po")
    assert again.read_text(encoding="utf-8") == catalogue.PO.read_text(encoding="utf-8")


def test_merging_takes_the_new_keeps_the_old_and_drops_the_unused():
    kept, _ = catalogue.merge(
        [{"One": "Eins", "Gone": "Fort"}], kept=Catalog(locale="de"), source=source("One", "Gone")
    )
    merged, unused = catalogue.merge(
        [{"Two": "Zwei", "Nowhere": "Nirgends"}], kept=kept, source=source("One", "Two")
    )
    assert {message.id: message.string for message in merged if message.id} == {"One": "Eins", "Two": "Zwei"}
    assert unused == ["Nowhere"]


def test_merging_takes_plurals(tmp_path):
    seats = ("%(num)s seat", "%(num)s seats")
    given = {seats[0]: [seats[1], "%(num)s Platz", "%(num)s Plätze"]}
    merged, _ = catalogue.merge([given], kept=Catalog(locale="de"), source=source(seats))
    folder = tmp_path / "de" / "LC_MESSAGES"
    catalogue.write(merged, folder / "messages.po")
    ensure_compiled(tmp_path)
    with (folder / "messages.mo").open("rb") as stream:
        german = GNUTranslations(stream)
    assert [german.ngettext(*seats, n) % {"num": n} for n in (1, 2)] == ["1 Platz", "2 Plätze"]


@pytest.mark.parametrize(
    ("german", "complaint"),
    [
        ({}, "untranslated"),
        ({"%(n)s left": ""}, "untranslated"),
        ({"%(n)s left": "%(m)s übrig"}, "placeholders differ"),
        ({"%(n)s left": "übrig"}, "placeholders differ"),
    ],
)
def test_the_check_finds(german, complaint):
    merged, _ = catalogue.merge([german], kept=Catalog(locale="de"), source=source("%(n)s left"))
    assert catalogue.check(kept=merged, source=source("%(n)s left"))[0].startswith(complaint)


def test_the_check_finds_missing_fuzzy_and_unused():
    kept = Catalog(locale="de")
    kept.add("Fuzzy", "Ungenau", flags={"fuzzy"})
    kept.add("Old", "Alt")
    problems = catalogue.check(kept=kept, source=source("Fuzzy", "New"))
    assert [problem.partition(":")[0] for problem in problems] == ["fuzzy", "missing", "no longer used"]


def test_the_command_merges_files(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogue, "extract", lambda: source("One"))
    monkeypatch.setattr(catalogue.read, "__defaults__", (tmp_path / "x.po",))
    monkeypatch.setattr(catalogue.write, "__defaults__", (tmp_path / "x.po",))
    (tmp_path / "given.json").write_text(json.dumps({"One": "Eins"}), encoding="utf-8")
    assert catalogue.main(["merge", str(tmp_path / "given.json")]) == 0
    assert "complete" in capsys.readouterr().out


def test_a_catalogue_is_compiled_again_only_when_its_source_is_newer(tmp_path):
    po = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    catalogue.write(source("One"), po)
    ensure_compiled(tmp_path)
    mo = po.with_suffix(".mo")
    os.utime(po, ns=(1, 1))
    mo.write_bytes(b"kept")
    ensure_compiled(tmp_path)
    assert mo.read_bytes() == b"kept"
    os.utime(mo, ns=(0, 0))
    ensure_compiled(tmp_path)
    assert mo.read_bytes() != b"kept"
    assert not list(Path(tmp_path).rglob("*.part"))
