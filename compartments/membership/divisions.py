"""The tree of divisions. Rules only; the pages to change it come with the register's next stage."""

from __future__ import annotations

from compartments.membership.models import Division


def every() -> list[Division]:
    """Return all divisions."""
    return list(Division.select())


def names() -> dict[int, str]:
    """Return id -> name."""
    return {division.id: division.name for division in every()}


def path(division_id: int | None) -> list[str]:
    """Return the names from the top of the tree down to a division; empty for none."""
    by_id = {division.id: division for division in every()}
    found: list[str] = []
    while division_id is not None and division_id in by_id:
        division = by_id.pop(division_id)
        found.insert(0, division.name)
        division_id = division.__data__["parent"]
    return found


def add(name: str, kind: str, parent: Division | None = None) -> Division:
    """Add a division below ``parent``."""
    division: Division = Division.create(name=name, kind=kind, parent=parent)
    return division
