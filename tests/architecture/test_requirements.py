"""Requirements: pinned with hashes, from no place named, and none that nothing uses."""

import re
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.source import ROOT, modules
from tests.architecture.test_imports import imported_names

COMPILED = sorted((ROOT / "requirements").glob("*.txt"))
PLACE = re.compile(
    r"https?://|file:/|--(?:extra-)?index|--find-links|--trusted-host|^\s*-[if]\s", re.MULTILINE
)
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+( \\\n\s+--hash=sha256:[0-9a-f]{64})+$", re.MULTILINE)
# Used without an import of ours.
NOT_IMPORTED = {
    "email-validator": "WTForms' Email validator looks for it",
    "sqlcipher3": "playhouse's SQLCipher driver imports it",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
# Required by parts that aren't written yet; a name goes from here as soon as something imports it.
NOT_YET: set[str] = set()


def names_in(file: str) -> set[str]:
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    wanted = (line for line in lines if line and not line.startswith(("#", "-")))
    return {re.split(r"[<>=\[ ]", line)[0].lower() for line in wanted}


@pytest.mark.parametrize("file", COMPILED, ids=lambda path: path.name)
def test_a_requirement_file_names_no_index_and_no_host(file):
    assert PLACE.search(file.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("file", COMPILED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(file):
    text = file.read_text(encoding="utf-8")
    named = re.findall(r"^([a-z0-9][a-z0-9._-]*)", text, re.MULTILINE)
    assert named
    assert named == [match[0] for match in PIN.findall(text)]


def test_nothing_is_required_that_nothing_imports():
    providers = packages_distributions()
    imported = {name.partition(".")[0] for module in modules() for name in imported_names(module)}
    used = {provider.lower() for name in imported for provider in providers.get(name, [])}
    assert (names_in("runtime.in") | names_in("demo.in")) - used - set(NOT_IMPORTED) == NOT_YET


def test_what_runs_requires_no_tool_of_the_tests():
    pinned = set(
        re.findall(
            r"^([a-z0-9._-]+)==",
            (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert pinned & {"pytest", "hypothesis", "playwright", "mypy", "ruff", "faker"} == set()
