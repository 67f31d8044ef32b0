"""Invented persons of whom it is known who is who: some are in the list twice, with the errors that registers have.

The same seed gives the same people. Names follow their frequency in Germany (Faker's weights), so that there are many namesakes; there are
families in one flat, twins, and fathers whose sons have their name: who takes these for duplicates loses precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from faker import Faker

from compartments.membership.details import Details

SEED = 20261121
TWICE = 0.04
"""The share of persons who are in the list a second time."""
ENTERED = date(2015, 6, 1)
KEYBOARD = ("qwertzuiopü", "asdfghjklöä", "yxcvbnm")
UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"))
SOUNDS = (
    ("ei", "ai"),
    ("th", "t"),
    ("ph", "f"),
    ("tz", "z"),
    ("dt", "tt"),
    ("ck", "k"),
    ("mann", "man"),
    ("ie", "i"),
)


@dataclass(frozen=True)
class Labelled:
    """The list, in no order, and which two numbers are one person (the smaller first)."""

    people: list[Details]
    same: frozenset[tuple[int, int]]
    errors: dict[tuple[int, int], tuple[str, ...]]


def labelled(count: int, *, seed: int = SEED, twice: float = TWICE) -> Labelled:
    """Return ``count`` records, of whom the share ``twice`` are second records of somebody."""
    return _Registry(count, seed, twice).made()


class _Registry:
    def __init__(self, count: int, seed: int, twice: float) -> None:
        self.chance = Random(seed)
        self.faker = Faker("de_DE", use_weighting=True)
        self.faker.seed_instance(seed)
        self.count, self.copies = count, int(count * twice)
        self.cities = [(f"{self.chance.randint(1067, 99998):05}", self.faker.city_name()) for _ in range(900)]
        self.streets = [self.faker.street_name() for _ in range(max(400, count // 20))]

    def made(self) -> Labelled:
        originals: list[Details] = []
        while len(originals) < self.count - self.copies:
            originals += self._household()
        del originals[self.count - self.copies :]
        chosen = self.chance.sample(range(len(originals)), self.copies)
        people, same, errors = list(originals), set(), {}
        for number in chosen:
            copy, done = self._again(originals[number])
            people.append(copy)
            pair = (number, len(people) - 1)
            same.add(pair)
            errors[pair] = done
        return self._shuffled(people, same, errors)

    def _shuffled(self, people, same, errors) -> Labelled:
        numbers = list(range(1, len(people) + 1))
        self.chance.shuffle(numbers)

        def renamed(pair: tuple[int, int]) -> tuple[int, int]:
            first, second = sorted(numbers[place] for place in pair)
            return first, second

        numbered = [
            replace(person, member_number=number) for person, number in zip(people, numbers, strict=True)
        ]
        return Labelled(
            sorted(numbered, key=lambda person: person.member_number),
            frozenset(map(renamed, same)),
            {renamed(pair): done for pair, done in errors.items()},
        )

    # --- people ---------------------------------------------------------------------------------------------------

    def _household(self) -> list[Details]:
        head = self._person()
        kind = self.chance.random()
        if kind > 0.06:
            return [head]
        if kind > 0.02:  # a couple, or siblings
            return [head, replace(self._person(), **self._home(head))]
        if kind > 0.008 or not head.birth_date:  # a son with his father's name
            son = replace(head, birth_date=self._born(), email=self._email(head.first_name, head.last_name))
            return [head, son]
        twin = self.faker.first_name()
        return [
            head,
            replace(
                head,
                first_name=twin,
                email=self.chance.choice([self._email(twin, head.last_name), head.email]),
            ),
        ]

    def _home(self, of: Details) -> dict[str, str]:
        return {"last_name": of.last_name, "street": of.street, "postcode": of.postcode, "city": of.city}

    def _person(self) -> Details:
        first, last = self.faker.first_name(), self.faker.last_name()
        if self.chance.random() < 0.08:
            first = f"{first}{self.chance.choice(' -')}{self.faker.first_name()}"
        if self.chance.random() < 0.04:
            last = f"{last}-{self.faker.last_name()}"
        return Details(
            member_number=1,
            last_name=last,
            first_name=first,
            entered_on=ENTERED,
            birth_date=self._born() if self.chance.random() > 0.05 else None,
            email=self._email(first, last) if self.chance.random() > 0.1 else "",
            **self._address(),
        )

    def _born(self) -> date:
        return date(1935, 1, 1) + timedelta(days=self.chance.randint(0, 75 * 365))

    def _address(self) -> dict[str, str]:
        postcode, city = self.chance.choice(self.cities)
        street = f"{self.chance.choice(self.streets)} {self.chance.randint(1, 120)}"
        return {"street": street, "postcode": postcode, "city": city}

    def _email(self, first: str, last: str) -> str:
        plain = f"{first.split(maxsplit=1)[0]}{self.chance.choice(['.', '', '_'])}{last}".lower()
        for umlaut, spelt in UMLAUTS:
            plain = plain.replace(umlaut, spelt)
        plain = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign in "._"))
        return f"{plain}{self.chance.choice(['', self.chance.randint(1, 99)])}@{self.chance.choice('abcdef')}.example"

    # --- their second records --------------------------------------------------------------------------------------

    def _again(self, original: Details) -> tuple[Details, tuple[str, ...]]:
        """The same person once more, with one to three errors (few of them with none at all)."""
        kinds: dict[str, tuple[float, Callable[[Details], Details]]] = {
            "typo in the last name": (3, lambda one: replace(one, last_name=self._typo(one.last_name))),
            "typo in the first name": (3, lambda one: replace(one, first_name=self._typo(one.first_name))),
            "spelt as it sounds": (2, lambda one: replace(one, last_name=self._by_ear(one.last_name))),
            "umlauts spelt out": (2, self._umlauts),
            "names swapped": (
                1.5,
                lambda one: replace(one, last_name=one.first_name, first_name=one.last_name),
            ),
            "married": (1.5, self._married),
            "one given name of two": (
                1.5,
                lambda one: replace(one, first_name=one.first_name.replace("-", " ").split()[0]),
            ),
            "moved": (5, lambda one: replace(one, **self._address())),
            "another address for mail": (
                4,
                lambda one: replace(one, email=self._email(one.first_name, one.last_name)),
            ),
            "typo in the address for mail": (1, lambda one: replace(one, email=self._typo(one.email))),
            "day and month swapped": (1, self._swapped),
            "typo in the birth date": (1.5, self._other_day),
            "no birth date": (1.5, lambda one: replace(one, birth_date=None)),
            "no address for mail": (2, lambda one: replace(one, email="")),
            "no postal address": (1, lambda one: replace(one, street="", postcode="", city="")),
            "street written otherwise": (
                2,
                lambda one: replace(
                    one, street=one.street.replace("straße", "str.").replace("Straße", "Str.")
                ),
            ),
        }
        names, weights = list(kinds), [weight for weight, _ in kinds.values()]
        done: list[str] = []
        for _ in range(self.chance.choices([0, 1, 2, 3], [1, 5, 5, 3])[0]):
            (name,) = self.chance.choices(names, weights)
            original = kinds[name][1](original) if name not in done else original
            done.append(name)
        return original, tuple(dict.fromkeys(done))

    def _typo(self, text: str) -> str:
        """A neighbour on the keyboard, a letter too many or too few, or two in the wrong order."""
        if len(text) < 4:
            return text
        place = self.chance.randrange(1, len(text) - 1)
        before, sign, after = text[:place], text[place], text[place + 1 :]
        return self.chance.choice(
            [
                before + self._neighbour(sign) + after,
                before + after,
                before + sign + sign + after,
                before + after[:1] + sign + after[1:],
            ]
        )

    def _neighbour(self, sign: str) -> str:
        for row in KEYBOARD:
            if (place := row.find(sign.lower())) >= 0:
                return self.chance.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
        return sign

    def _by_ear(self, name: str) -> str:
        fitting = [(old, new) for pair in SOUNDS for old, new in (pair, pair[::-1]) if old in name]
        return name.replace(*self.chance.choice(fitting), 1) if fitting else self._typo(name)

    def _umlauts(self, one: Details) -> Details:
        changed = one.as_dict()
        for field in ("last_name", "first_name", "street", "city"):
            for umlaut, spelt in UMLAUTS:
                changed[field] = str(changed[field]).replace(umlaut, spelt)
        return Details.of(changed)

    def _married(self, one: Details) -> Details:
        new = self.faker.last_name()
        return replace(
            one, last_name=self.chance.choice([new, f"{one.last_name}-{new}", f"{new}-{one.last_name}"])
        )

    def _swapped(self, one: Details) -> Details:
        born = one.birth_date
        return (
            replace(one, birth_date=born.replace(day=born.month, month=born.day))
            if born and born.day <= 12
            else one
        )

    def _other_day(self, one: Details) -> Details:
        if one.birth_date is None:
            return one
        field, step = self.chance.choice([("year", 1), ("year", 10), ("day", 1), ("day", 10), ("month", 1)])
        try:
            return replace(
                one,
                birth_date=one.birth_date.replace(
                    **{field: getattr(one.birth_date, field) + self.chance.choice([-step, step])}
                ),
            )
        except ValueError:
            return replace(one, birth_date=one.birth_date + timedelta(days=1))
