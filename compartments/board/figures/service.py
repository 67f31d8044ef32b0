"""The audit of numbers: each of the three offices reports its side, and the board sees whether they agree. Knows no Flask.

No office can make up a key, a code or an account that the two others haven't counted. That is what these few sums show, and why
they are the whole of what crosses: an office can't be asked for more from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, islice

from app.clock import utc_now
from app.disclosure.periods import is_month
from app.disclosure.registry import AUDIT, protocol_figures
from app.envelopes.letter import Letter
from compartments.board.models import ReleasedFigures

FIGURES: Mapping[str, tuple[str, ...]] = protocol_figures(AUDIT)
"""What each office reports, in the order in which it is shown."""

PARTS = ("claimed", "open", "deactivated")
MOST = 10**9
LONGEST_NAME = 200
OFFICERS = 2

Reported = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Rule:
    """One rule that the numbers must keep: both sides as (office, figure) pairs that are added up; ``at_most`` lets the left be smaller."""

    name: str
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    at_most: bool = False


@dataclass(frozen=True)
class Checked:
    """A rule with its two sums; None where an office hasn't reported yet."""

    rule: Rule
    left: int | None
    right: int | None

    @property
    def holds(self) -> bool | None:
        """Whether the numbers keep the rule; None while one is missing."""
        if self.left is None or self.right is None:
            return None
        return self.left <= self.right if self.rule.at_most else self.left == self.right

    @property
    def difference(self) -> int:
        """By how much the left side is larger; 0 while one is missing."""
        return 0 if self.left is None or self.right is None else self.left - self.right


@dataclass(frozen=True)
class Period:
    """One period: who has released what, and what the rules say of it."""

    name: str
    releases: Mapping[str, ReleasedFigures]
    checks: tuple[Checked, ...]

    @property
    def reported(self) -> Reported:
        """The numbers by office."""
        return {office: row.figures for office, row in self.releases.items()}

    @property
    def missing(self) -> tuple[str, ...]:
        """The offices that haven't reported yet."""
        return tuple(office for office in FIGURES if office not in self.releases)

    @property
    def differs(self) -> bool:
        """Whether some rule is broken."""
        return any(check.holds is False for check in self.checks)

    @property
    def agrees(self) -> bool:
        """Whether everything is there and every rule holds."""
        return all(check.holds for check in self.checks)

    @property
    def parts(self) -> Mapping[str, int]:
        """What became of the keys, for the chart."""
        clearing = self.reported.get("clearing", {})
        return {part: clearing.get(part, 0) for part in PARTS}


def _of(office: str) -> Callable[..., tuple[tuple[str, str], ...]]:
    return lambda *names: tuple((office, name) for name in names)


_membership, _clearing, _administration = _of("membership"), _of("clearing"), _of("administration")
RULES = (
    Rule("issued-parts", _clearing("issued"), _clearing(*PARTS)),
    Rule("keys-issued", _membership("keys"), _clearing("issued")),
    Rule("keys-parts", _membership("keys"), _membership("assigned", "free", "deactivated")),
    Rule("codes-issued", _administration("codes"), _clearing("issued")),
    Rule(
        "accounts-claimed",
        _administration("accounts"),
        _clearing("claimed", "deactivated_claimed"),
        at_most=True,
    ),
    Rule("keys-deactivated", _membership("deactivated"), _clearing("deactivated")),
    # At most: clearing tells of deactivated codes only when there are enough of them to hide each single one.
    Rule("codes-deactivated", _administration("deactivated"), _clearing("deactivated"), at_most=True),
)


def take_figures(letter: Letter) -> None:
    """Store what an office has released. Raises ``ValueError`` or ``TypeError`` where it isn't that, or is released already."""
    office, body = str(letter.crossing.sender), letter.body
    figures, names = body["figures"], body["released_by"]
    if not isinstance(body["period"], str) or not is_month(body["period"]):
        raise ValueError("a period is a month")
    if not isinstance(figures, dict) or not set(figures) <= set(FIGURES[office]):
        raise ValueError("these are not the figures of this office")
    if any(type(number) is not int or not 0 <= number <= MOST for number in figures.values()):
        raise ValueError("figures are whole numbers")
    if not isinstance(names, list) or len({str(name) for name in names}) < OFFICERS:
        raise ValueError("figures are released by two officers")
    if find(office, body["period"]) is not None:
        # Two versions could be subtracted from one another; the first one stands.
        raise ValueError("the figures of this period have been released already")
    ReleasedFigures.create(
        id=letter.envelope_id,
        office=office,
        period=body["period"],
        figures=figures,
        released_by=[str(name)[:LONGEST_NAME] for name in names[:OFFICERS]],
        received_on=utc_now().date(),
    )


def find(office: str, period: str) -> ReleasedFigures | None:
    """Return what an office has released for a period, if it has."""
    found: ReleasedFigures | None = ReleasedFigures.get_or_none(
        ReleasedFigures.office == office, ReleasedFigures.period == period
    )
    return found


def periods(most: int = 24) -> list[Period]:
    """Return the periods for which something was released, newest first."""
    rows = ReleasedFigures.select().order_by(ReleasedFigures.period.desc(), ReleasedFigures.office)
    by_period = groupby(rows, key=lambda row: str(row.period))
    return [_period(name, of_period) for name, of_period in islice(by_period, most)]


def _period(name: str, rows: Iterable[ReleasedFigures]) -> Period:
    releases = {str(row.office): row for row in rows}
    reported = {office: row.figures for office, row in releases.items()}
    return Period(name, releases, check(reported))


def check(reported: Reported) -> tuple[Checked, ...]:
    """Return every rule with its two sums."""
    return tuple(Checked(rule, _sum(rule.left, reported), _sum(rule.right, reported)) for rule in RULES)


def _sum(terms: tuple[tuple[str, str], ...], reported: Reported) -> int | None:
    """An office that has reported without a figure has counted none of it."""
    if any(office not in reported for office, _ in terms):
        return None
    return sum(reported[office].get(figure, 0) for office, figure in terms)
