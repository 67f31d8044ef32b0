"""The six compartments by name, and the rules that keep offices apart. Names and rules only: no keys, no rows."""

from __future__ import annotations

from dataclasses import dataclass

OFFICER = "officer"
JUNIOR = "junior"


@dataclass(frozen=True)
class Office:
    """One kind of compartment.

    ``strict`` is NIST RBAC's static separation of duty: a person who holds a strict office may hold no other
    strict one. ``second_factor`` says whether its officers must use one.
    """

    name: str
    strict: bool
    roles: tuple[str, ...] = (OFFICER,)

    @property
    def second_factor(self) -> bool:
        """Strict compartments require a second factor at every login."""
        return self.strict


OFFICES: dict[str, Office] = {
    office.name: office
    for office in (
        Office("board", strict=False),
        Office("desk", strict=False),
        Office("membership", strict=True),
        Office("administration", strict=True, roles=(OFFICER, JUNIOR)),
        Office("clearing", strict=True),
        Office("counsel", strict=True),
    )
}


@dataclass(frozen=True)
class SeparationRule:
    """A person may hold at most ``at_most`` offices out of ``offices`` at the same time."""

    name: str
    offices: frozenset[str]
    at_most: int = 1
    cooling_off: bool = False


STRICT_OFFICES = SeparationRule(
    "strict-offices", frozenset(name for name, office in OFFICES.items() if office.strict), cooling_off=True
)
COUNSEL_AND_BOARD = SeparationRule("counsel-and-board", frozenset({"counsel", "board"}))
SEPARATION_RULES = (STRICT_OFFICES, COUNSEL_AND_BOARD)


def kind_of(vault: str) -> str:
    """Return the kind of a vault's name: ``membership-berlin`` is a vault of kind ``membership``."""
    kind = vault.partition("-")[0]
    if kind not in OFFICES:
        raise ValueError(f"no compartment is called {vault!r}")
    return kind
