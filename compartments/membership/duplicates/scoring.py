"""How much speaks for two records being one person: points for what agrees, taken off for what doesn't. Touches no table.

After Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969): the points are about the binary logarithm of how many times as often
a field agrees (or doesn't) between two records of one person as between records of two. Nobody knows these frequencies beforehand;
they were set by hand, and ``tests/compartments/membership/duplicates`` says how well they do on labelled data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from compartments.membership.duplicates.profiles import Name, Profile

ENOUGH = 11.0
"""From here on two records are shown to an officer."""
MOST = 30.0
BEST_NAMES, FAR_BIRTHS = 9.0, -7.0
"""The most points that names can get, and those of days of birth that have nothing in common."""
LIKELY, VERY_LIKELY = 45, 60
CLOSE, ALIKE = 0.92, 0.84
SHORTEST_TYPO = 3
_DIGITS = str.maketrans("", "", "0123456789")

Evidence = tuple[float, str]


@dataclass(frozen=True)
class Score:
    """``points`` for two records being one; ``reasons`` are names of what was found, e.g. "birth-swapped"."""

    points: float
    reasons: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether an officer should look."""
        return self.points >= ENOUGH

    @property
    def percent(self) -> int:
        """The points as a share of the most there can be, 0 to 100."""
        return max(0, min(100, round(self.points * 100 / MOST)))


def compare(one: Profile, other: Profile) -> Score:
    """Weigh everything that is known of both."""
    found = [*_names(one, other), _birth(one.born, other.born), _address(one, other)]
    relatives = any(reason == "first-differs" for _, reason in found)
    found.append(_email(one.email, other.email, relatives=relatives))
    return Score(sum(points for points, _ in found), tuple(reason for _, reason in found if reason))


def is_hopeless(one: Profile, other: Profile) -> bool:
    """Whether the score can't be enough, however alike the names are: found out before they are compared letter by letter.

    Most pairs in a block of a common name are such: other days, months and years of birth, other mailboxes, other streets.
    """
    rest = _address(one, other)[0] + _email(one.email, other.email, relatives=False)[0]
    mine, theirs = one.born, other.born
    far = (
        mine and theirs and mine.year != theirs.year and (mine.day, mine.month) != (theirs.day, theirs.month)
    )
    return BEST_NAMES + rest + (FAR_BIRTHS if far else _birth(mine, theirs)[0]) < ENOUGH


def _names(one: Profile, other: Profile) -> list[Evidence]:
    straight = [_last(one.last, other.last), _first(one.first, other.first)]
    if not (one.first and other.first):
        return straight
    crossed = [_likeness(one.last, other.first), _likeness(one.first, other.last)]
    if max(crossed) == 1 and straight[1][1] == "first-differs" and min(crossed) < ALIKE:
        return [(-1.0, "names-crossed")]
    if min(crossed) < ALIKE or sum(points for points, _ in straight) >= 6:  # noqa: PLR2004 - they fit as they stand
        return straight
    return [(4.0 + 4.0 * min(crossed), "names-swapped")]


def _last(one: tuple[Name, ...], other: tuple[Name, ...]) -> Evidence:
    likeness = _likeness(one, other)
    if likeness == 1 and {name.word for name in one} == {name.word for name in other}:
        return 5.0, "last-same"
    if likeness == 1:
        return 4.5, "last-part"
    if likeness >= CLOSE:
        return 4.0, "last-sounds"
    return (2.5, "last-similar") if likeness >= ALIKE else (-2.0, "last-differs")


def _first(one: tuple[Name, ...], other: tuple[Name, ...]) -> Evidence:
    if not one or not other:
        return 0.0, ""
    likeness = _likeness(one, other)
    if likeness == 1:
        return 4.0, "first-same"
    if likeness >= CLOSE:
        return 3.5, "first-sounds"
    if likeness >= ALIKE:
        return 2.0, "first-similar"
    short, long = sorted((one[0].word, other[0].word), key=len)
    if long.startswith(short):
        return 1.5, "first-short"
    return -9.0, "first-differs"


def _likeness(one: tuple[Name, ...], other: tuple[Name, ...]) -> float:
    """How alike the two most alike words of two names are, 0 to 1; 0.95 where they sound alike, or one letter is wrong."""
    return max((_word_likeness(mine, theirs) for mine in one for theirs in other), default=0.0)


def _word_likeness(mine: Name, theirs: Name) -> float:
    if mine.word == theirs.word:
        return 1.0
    longest = max(len(mine.word), len(theirs.word))
    if longest > SHORTEST_TYPO and DamerauLevenshtein.distance(mine.word, theirs.word, score_cutoff=1) <= 1:
        return 0.95 if longest > SHORTEST_TYPO + 2 else 0.88
    similar = float(JaroWinkler.similarity(mine.word, theirs.word))
    if mine.sound and mine.sound == theirs.sound and len(mine.sound) > 1:
        return 0.95 if similar >= 0.7 else min(similar, 0.9)  # noqa: PLR2004 - "Maier" and "Moor" are both 67
    return similar if similar < 1 else CLOSE


def _birth(one: date | None, other: date | None) -> Evidence:
    if one is None or other is None:
        return 0.0, ""
    if one == other:
        return 9.0, "birth-same"
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 6.0, "birth-swapped"
    mine, theirs = f"{one:%d%m%Y}", f"{other:%d%m%Y}"
    if DamerauLevenshtein.distance(mine, theirs, score_cutoff=1) <= 1:
        return 4.5, "birth-typo"
    if (one.day, one.month) == (other.day, other.month) or abs((one - other).days) == 1:
        return 3.0, "birth-near"
    return FAR_BIRTHS, "birth-differs"


def _email(one: str, other: str, *, relatives: bool) -> Evidence:
    if not one or not other:
        return 0.0, ""
    if one == other:
        # Families share an address: where the given names differ, it says little more than the flat does.
        return (1.0 if relatives else 8.0), "email-same"
    if (
        # Another figure is another mailbox, rather than a slip: anna.meier81 and anna.meier82.
        _without_digits(one) != _without_digits(other)
        and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
    ):
        return 4.0, "email-similar"
    return -0.5, "email-differs"


def _without_digits(text: str) -> str:
    return text.translate(_DIGITS)


def _address(one: Profile, other: Profile) -> Evidence:
    if not (one.street and other.street):
        return 0.0, ""
    near = (one.postcode and one.postcode == other.postcode) or (one.city and one.city == other.city)
    if one.street == other.street:
        return (4.0, "address-same") if near else (1.5, "street-same")
    if near and DamerauLevenshtein.distance(one.street, other.street, score_cutoff=2) <= 2:  # noqa: PLR2004
        return 3.0, "address-similar"
    return -1.0, "address-differs"
