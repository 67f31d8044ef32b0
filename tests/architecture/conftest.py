"""An instance as `schotten init` makes it, for rules about what lies on the disk and what a process loads."""

from importlib import import_module
from pathlib import Path

import pytest

from app.cli.founding import found
from app.config import Settings
from tests.architecture.source import COMPARTMENTS


@pytest.fixture(scope="session")
def instance_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("instance") / "var"
    found(
        Settings(instance=folder),
        [import_module(f"compartments.{name}.models").SCHEMA for name in COMPARTMENTS],
    )
    return folder
