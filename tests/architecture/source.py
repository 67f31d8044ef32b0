"""Finds and parses the program's own source, for the rules that are checked on it. No rule stands here."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "compartments", "keys")
COMPARTMENTS = ("board", "desk", "membership", "administration", "clearing", "counsel")

# Parts that aren't written yet. A rule about one of them holds until it exists, and from then on it is checked:
# tests/architecture/test_shape.py fails as soon as one is there and still stands here.
PENDING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Module:
    """One source file, known by its dotted name."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def inside(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


def made_up(text: str, name: str = "app.made_up") -> Module:
    """A module that exists only in a test of a rule."""
    return Module(name, ROOT / f"{name.replace('.', '/')}.py", text)


def modules() -> Iterator[Module]:
    """Every module of the program, wsgi.py included."""
    yield from (module_at(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    if (ROOT / "wsgi.py").exists():
        yield module_at(ROOT / "wsgi.py")


def module_at(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return Module(
        ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path, path.read_text(encoding="utf-8")
    )


def module_names(package: str) -> list[str]:
    return [module.name for module in modules() if module.inside(package)]


def is_pending(name: str) -> bool:
    return name in PENDING


def exists(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def tracked_files() -> list[Path]:
    """What git has or would take: tracked, and new but not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return sorted({path for path in paths if path.is_file()})
