"""What tells from a file which download it was, besides the column that says so openly in every line.

Two marks, since each is lost in another way:

* The **order of the lines** is that of a keyed hash of the member numbers, with a key of the download's own. It is lost when
  the file is sorted, and only then: it survives that columns are taken out and that most of the lines are missing (twelve are enough). It
  changes no value; that sorting destroys it is the known limit of marks in the order of tuples (Halder, Pal, Cortesi: Watermarking Techniques
  for Relational Databases, J.UCS 16, 2010).
* An **invented person**, another one in each download, as sellers of address lists have always salted theirs. It survives sorting and copying
  into another file. It is lost when somebody with access to the register, or to two downloads, looks for whom the other doesn't have.

An invented person has no entitlement to vote, no e-mail address and no telephone, so that nobody real is written to in
their place; a list of those who are entitled gets none, since it may decide who votes. The asker is told that there is one, not who.
Both marks are evidence against carelessness, and no proof before a court: an officer can type a list off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from keys.randomness import shuffle

LAST_NAMES = (
    "Abendroth", "Achterberg", "Brinkhoff", "Dannenfels", "Ehlerding", "Falkenried", "Gerlinghaus",
    "Haferstroh", "Immenkamp", "Jessenhof", "Kaltenborn", "Kestenholz", "Lindhorster", "Mersebach",
    "Niederwahl", "Oberdiek", "Pfaffenrath", "Quellmalz", "Rabenhorst", "Rosenkötter", "Sandvoß",
    "Schellhase", "Tannhoff", "Uhlenbrok", "Vierheller", "Wasserfuhr", "Wiesenbrink", "Zeislmair",
    "Zumbruch", "Ziegenspeck",
)  # fmt: skip
FIRST_NAMES = (
    "Agnes", "Albrecht", "Beate", "Clemens", "Dörte", "Edgar", "Elfriede", "Frauke", "Gerhild", "Gisbert",
    "Hanno", "Hedda", "Ingolf", "Irmgard", "Joris", "Käthe", "Konrad", "Lothar", "Mechthild", "Merle",
    "Norwin", "Ottilie", "Reimar", "Rosalie", "Sibylle", "Tilman", "Ulrike", "Volkmar", "Wiebke",
    "Wilfried",
)  # fmt: skip
STREETS = (
    "Lindenweg",
    "Am Anger",
    "Mühlgasse",
    "Birkenallee",
    "Schulstraße",
    "Kirchplatz",
    "Feldrain",
    "Am Bahndamm",
)
NOT_COPIED = {"email": "", "phone": "", "may_vote": False, "exit_reason": None, "left_on": None}


def place(mark: str, number: int) -> bytes:
    """Return where a member number stands in the order of a download."""
    return blake2b(str(number).encode(), key=bytes.fromhex(mark), digest_size=16).digest()


def name(taken: set[tuple[str, str]]) -> tuple[str, str]:
    """Return (last name, first name) of somebody invented; not one of ``taken``, as long as there is another."""
    every = shuffle((last, first) for last in LAST_NAMES for first in FIRST_NAMES)
    return next((one for one in every if one not in taken), every[0])


def invent(named: tuple[str, str], number: int, like: dict[str, Any]) -> dict[str, Any]:
    """Return an invented person who looks like ``like``, a row of the register: where they live and since when, but who they are."""
    made = {**like, **NOT_COPIED, "member_number": number, "last_name": named[0], "first_name": named[1]}
    made["street"] = f"{shuffle(STREETS)[0]} {1 + number % 40}"
    if isinstance(like.get("birth_date"), date):
        made["birth_date"] = like["birth_date"] + timedelta(days=shuffle(range(-900, 900))[0])
    return made


def in_order(mark: str, numbers: Sequence[int]) -> float:
    """Return which share of neighbouring numbers stands in the order of a download: 1 in its own file, about a half in any other."""
    places = [place(mark, number) for number in numbers]
    pairs = list(pairwise(places))
    return sum(one < other for one, other in pairs) / len(pairs) if pairs else 0.0
