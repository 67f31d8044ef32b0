"""The tree tells the story: six compartments of one shape, packages that are packages, names that say something."""

import pytest

from tests.architecture.source import COMPARTMENTS, PACKAGES, PENDING, ROOT, exists, is_pending, modules

FILES = ("models", "service", "reports", "forms", "views")
EMPTY_NAMES = {"common", "core", "data", "helper", "helpers", "manager", "misc", "util", "utils"}
TOP_LEVEL_README = ("app", "compartments", "keys", "templates", "tests", "bench", "deploy")


@pytest.mark.parametrize("compartment", COMPARTMENTS)
@pytest.mark.parametrize("file", FILES)
def test_a_compartment_has_the_same_files_as_every_other(compartment, file):
    name = f"compartments.{compartment}.{file}"
    assert is_pending(name) or exists(name)


def test_there_are_no_other_compartments():
    folders = {path.parent.name for path in (ROOT / "compartments").glob("*/*.py")}
    assert folders == set(COMPARTMENTS)


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert [
        folder.relative_to(ROOT).as_posix()
        for folder in sorted(folders)
        if not (folder / "__init__.py").exists()
    ] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [module.place for module in modules() if module.name.rpartition(".")[2] in EMPTY_NAMES] == []


@pytest.mark.parametrize("folder", TOP_LEVEL_README)
def test_a_top_level_folder_says_what_is_in_it_and_what_must_never_be(folder):
    assert not (ROOT / folder).is_dir() or (ROOT / folder / "README.md").exists()


def test_nothing_that_exists_is_still_called_pending():
    assert sorted(name for name in PENDING if exists(name)) == []
