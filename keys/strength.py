"""How good a passphrase is: long enough, and not what somebody who knows its owner would try.

No rules on composition, after NIST SP 800-63B: they make passphrases worse. zxcvbn (Wheeler, USENIX Security
2016) estimates guesses instead. Its word lists cost 15 MB of memory and 20 ms at import.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from zxcvbn import matching, scoring, time_estimates

MIN_LENGTH = 12
MAX_LENGTH = 1024
MIN_SCORE = 3
# zxcvbn's time grows with the square of the length (20 ms here); what a beginning is worth, the whole is at least.
_JUDGED_LENGTH = 72
_MOST_WORDS = 100
_LEAST_OWN = 5
_SHORTEST_TAKEN_OUT = 3
# zxcvbn knows English, and years up to 2019; these are the first that somebody would try here.
_COMMON = (
    *("schotten", "vorstand", "mitglied", "mitglieder", "mitgliederverwaltung", "clearingstelle", "verein"),
    *("partei", "passwort", "kennwort", "passphrase", "geheim", "geheimnis", "willkommen", "hallo", "schatz"),
    *("frühling", "sommer", "herbst", "winter", "deutschland", "berlin", "hamburg", "münchen", "köln"),
    *(str(year) for year in range(2020, 2040)),
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether a passphrase may be taken; its score from 0 (worst) to 4; and what is wrong with it, if anything."""

    acceptable: bool
    score: int
    problem: Literal["short", "long", "guessable"] | None


def assess(passphrase: str, words: Sequence[str] = ()) -> Assessment:
    """Judge a new passphrase, knowing `words` its owner is known by: name, user name, organisation, office.

    "short" is below 12 characters (after NFKC), "long" above 1024, "guessable" below score 3 (about 10**8
    guesses) or fewer than 5 different signs beside known words.
    """
    if len(passphrase) > MAX_LENGTH:
        return Assessment(acceptable=False, score=0, problem="long")
    text = unicodedata.normalize("NFKC", passphrase)
    known = _known(words)
    score = _score(text, known)
    if _own_signs(text, known) < _LEAST_OWN:
        score = min(score, MIN_SCORE - 1)
    if len(text) < MIN_LENGTH:
        return Assessment(acceptable=False, score=score, problem="short")
    if score < MIN_SCORE:
        return Assessment(acceptable=False, score=score, problem="guessable")
    return Assessment(acceptable=True, score=score, problem=None)


def _own_signs(text: str, known: Sequence[str]) -> int:
    """How many different signs are left without the known words: zxcvbn is far too fond of several of them."""
    rest = text.lower()
    for word in sorted(known, key=len, reverse=True):
        if len(word) >= _SHORTEST_TAKEN_OUT:
            rest = rest.replace(word, " ")
    return len(set(rest) - set(" "))


def _score(text: str, known: Sequence[str]) -> int:
    if not text:
        return 0
    # zxcvbn.zxcvbn() would leave the words, a person's name among them, in a global for every thread to share.
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(known)}
    judged = text[:_JUDGED_LENGTH]
    estimate = scoring.most_guessable_match_sequence(judged, matching.omnimatch(judged, dictionaries))
    return int(time_estimates.estimate_attack_times(estimate["guesses"])["score"])


def _known(words: Sequence[str]) -> list[str]:
    """Words and the words in them, lower case, each once, in order, and not without end."""

    def each() -> Iterator[str]:
        for word in words[:_MOST_WORDS]:
            text = unicodedata.normalize("NFKC", word[:_JUDGED_LENGTH]).lower()
            yield text
            yield from text.replace("@", " ").replace(".", " ").replace("-", " ").split()
        yield from _COMMON

    return [word for word in dict.fromkeys(each()) if len(word) > 1]
