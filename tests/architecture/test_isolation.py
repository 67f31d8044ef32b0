"""Imports in fresh interpreters: what really gets loaded, whatever the source looks like."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import COMPARTMENTS, ROOT, module_names

WEB = {"flask", "flask_babel", "flask_login", "flask_wtf", "werkzeug", "wtforms"}
REPORT = "import json, sys; json.dump(sorted(sys.modules), sys.stdout)"


def loaded_by(code: str) -> set[str]:
    """Run code in an interpreter of its own and return the names of all modules it ended up with."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\n{REPORT}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


def importing(names: list[str]) -> str:
    return "\n".join(f"import {name}" for name in names)


def below(package: str, loaded: set[str]) -> set[str]:
    return {name for name in loaded if name == package or name.startswith(f"{package}.")}


@pytest.mark.parametrize("compartment", COMPARTMENTS)
def test_a_compartment_loads_no_other(compartment):
    loaded = loaded_by(importing(module_names(f"compartments.{compartment}")))
    foreign = below("compartments", loaded) - {"compartments"} - below(f"compartments.{compartment}", loaded)
    assert foreign == set()


def test_keys_load_nothing_of_the_program_and_no_web():
    loaded = loaded_by(importing(module_names("keys")))
    assert below("app", loaded) | below("compartments", loaded) | (WEB & loaded) == set()


@pytest.mark.parametrize(
    "part",
    ["app.public", "app.accounts", "app.office", "app.web", "app.envelopes", "app.shared", "app.vault"],
)
def test_what_compartments_have_in_common_loads_none_of_them(part):
    assert below("compartments", loaded_by(importing(module_names(part)))) == set()


@pytest.mark.parametrize(
    "part", ["app.shared", "app.vault", "app.envelopes", "app.config", "app.instance", "app.crossings"]
)
def test_the_ground_knows_no_web(part):
    assert loaded_by(importing(module_names(part))) & WEB == set()


@pytest.mark.parametrize("compartment", COMPARTMENTS)
@pytest.mark.parametrize("file", ["models", "service", "reports"])
def test_rules_and_tables_of_a_compartment_know_no_web(compartment, file):
    names = [name for name in module_names(f"compartments.{compartment}") if name.endswith(f".{file}")]
    assert loaded_by(importing(names)) & WEB == set()


def test_the_factory_alone_loads_no_compartment():
    assert below("compartments", loaded_by("import app.factory")) <= {"compartments"}


@pytest.mark.parametrize("face", ["public", *COMPARTMENTS])
def test_an_app_of_one_face_loads_no_other_compartment(face, instance_folder):
    loaded = loaded_by(
        f"""
from pathlib import Path
from app.config import Settings
from app.factory import create_app
create_app(Settings(instance=Path({str(instance_folder)!r})), faces=({face!r},))
"""
    )
    own = f"compartments.{face}"
    assert below("compartments", loaded) - {"compartments"} - below(own, loaded) == set()
    assert face == "public" or f"{own}.views" in loaded


def test_the_check_sees_a_compartment_that_is_loaded():
    assert "compartments.desk" in below("compartments", loaded_by("__import__('compartments.desk')"))
