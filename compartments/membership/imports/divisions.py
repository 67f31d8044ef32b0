"""Finds a division by the names that a list gives, from the top of the tree down. Reads the divisions once."""

from __future__ import annotations

from collections.abc import Sequence

from compartments.membership import divisions
from compartments.membership.folding import words_of

# What lists put before a division's own name.
_KINDS = frozenset(
    {
        "lv",
        "bv",
        "kv",
        "ov",
        "landesverband",
        "bezirksverband",
        "kreisverband",
        "ortsverband",
        "bezirk",
        "kreis",
    }
)


def _bare(name: str) -> str:
    words = words_of(name)
    return " ".join([word for word in words if word not in _KINDS] or words)


class Tree:
    """The divisions by name, and where each lies."""

    def __init__(self) -> None:
        known = divisions.every()
        parents = {one.id: one.__data__["parent"] for one in known}
        self._known: dict[tuple[tuple[str, str], ...], int | None] = {}
        self._kinds = {one.id: one.kind for one in known}
        self._named: dict[str, list[int]] = {}
        self._above: dict[int, list[int]] = {}
        for one in known:
            self._named.setdefault(_bare(one.name), []).append(one.id)
            above = self._above.setdefault(one.id, [one.id])
            while (parent := parents.get(above[-1])) is not None:
                above.append(parent)

    def holds(self, division: int | None) -> bool:
        """Whether a division is still there; None is no division, which is always there."""
        return division is None or division in self._above

    def find(self, names: Sequence[tuple[str, str]]) -> int | None:
        """Return the lowest division that the names lead to, or None where one is unknown or several fit.

        Each name comes with the field it was found in: "division_state" wants a state, "division" takes any.
        """
        key = tuple(names)
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def _find(self, names: Sequence[tuple[str, str]]) -> int | None:
        found: set[int] | None = None
        for column, name in names:
            kind = column.partition("_")[2]
            here = self._named.get(_bare(name), [])
            fitting = [one for one in here if not kind or self._kinds[one] == kind] or here
            found = {one for one in fitting if found is None or found & set(self._above[one])}
        return found.pop() if found and len(found) == 1 else None
