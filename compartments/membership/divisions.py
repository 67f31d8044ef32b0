"""The tree of divisions: reading it, and changing it so that it stays a tree. Knows no Flask."""

from __future__ import annotations

from peewee import IntegrityError

from compartments.membership.models import Division, Person, database


class NoDivision(LookupError):
    """There is no such division."""


class NameTaken(ValueError):
    """Another division at this place has the name."""


class Circle(ValueError):
    """A division can't belong to itself or to one below it."""


class StillUsed(ValueError):
    """Members or other divisions belong to it."""


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


def find(division_id: int) -> Division:
    """Return a division; raises :class:`NoDivision`."""
    found: Division | None = Division.get_or_none(Division.id == min(division_id, 2**63 - 1))
    if found is None:
        raise NoDivision(division_id)
    return found


def below(division_id: int) -> list[int]:
    """Return the ids of a division and of all that belong to it, directly or not."""
    children: dict[int | None, list[int]] = {}
    for division in every():
        children.setdefault(division.__data__["parent"], []).append(division.id)
    found = [division_id]
    for one in found:
        found += children.get(one, [])
    return found


def create(name: str, kind: str, parent_id: int | None) -> Division:
    """Add a division. Raises :class:`NameTaken` and :class:`NoDivision`."""
    with database.atomic("IMMEDIATE"):
        parent = None if parent_id is None else find(parent_id)
        _refuse_taken(name, parent_id, None)
        return add(name, kind, parent)


def change(division_id: int, name: str, kind: str, parent_id: int | None) -> None:
    """Rename or move a division. Raises :class:`NameTaken`, :class:`Circle` and :class:`NoDivision`."""
    with database.atomic("IMMEDIATE"):
        division = find(division_id)
        if parent_id is not None and find(parent_id).id in below(division_id):
            raise Circle(division_id)
        _refuse_taken(name, parent_id, division_id)
        division.name, division.kind = name, kind
        division.parent = parent_id
        division.save()


def remove(division_id: int) -> None:
    """Remove a division that nobody belongs to. Raises :class:`StillUsed` and :class:`NoDivision`."""
    division = find(division_id)
    if Person.select(Person.id).where(Person.division == division_id).exists():
        raise StillUsed(division_id)
    try:
        with database.atomic("IMMEDIATE"):
            division.delete_instance()
    except IntegrityError as error:
        raise StillUsed(division_id) from error


def _refuse_taken(name: str, parent_id: int | None, by_other_than: int | None) -> None:
    same = Division.select(Division.id).where(Division.name == name)
    place = Division.parent.is_null() if parent_id is None else Division.parent == parent_id
    holder = same.where(place).scalar()
    if holder is not None and holder != by_other_than:
        raise NameTaken(name)
