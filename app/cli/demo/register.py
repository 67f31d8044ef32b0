"""9,000 invented members, the same at every run but for the dates, which follow today. Needs Faker (requirements/demo.txt)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from faker import Faker

from app.cli.demo.world import SEED, World, read_toml
from app.office.authors import Author
from compartments.membership import divisions, persons
from compartments.membership.details import Details
from compartments.membership.models import Division

MEMBERS = 9000
FIRST_NUMBER = 1001
DUES = (0, 1200, 3600, 3600, 3600, 4800, 4800, 7200, 12000)  # cents per year
REASONS = ("resigned",) * 7 + ("moved", "struck-off", "died")
ABROAD = (("AT", "Wien"), ("CH", "Zürich"), ("FR", "Straßburg"), ("NL", "Utrecht"), ("GB", "Edinburgh"))
STREETS = 1500
ENTITLED = 17  # one in so many is not entitled to vote (yet)
AGES = (16 * 366, 88 * 365)  # days
CITIZENSHIPS = ("AT", "PL", "TR", "IT", "NL", "SY")
NOTES = (
    "Bittet um Post nur per E-Mail.",
    "Hat die neue Adresse telefonisch durchgegeben, schriftliche Bestätigung liegt vor.",
    "Beitrag ermäßigt bis Jahresende.",
    "Nachname nach Heirat geändert.",
)


def fill(world: World) -> None:
    """Fill the register, and let two officers change some of it, so that it has a history."""
    with world.inside("anke") as anke:
        persons.add_many(
            _members(world, _divisions()),
            by=Author(anke.account, anke.name),
            now=world.moment(700),
            ticket="Import",
        )
        for username in ("anke", "jonas"):
            officer = world.officers[username]
            _change_some(world, Author(officer.account, officer.name))


def _divisions() -> list[tuple[Division, int]]:
    """Make the tree; return those that members belong to, with their weight."""
    federal = divisions.add("Bundesverband", "federal")
    found = []
    for state in read_toml("divisions.toml")["state"]:
        land = divisions.add(state["name"], "state", federal)
        found += [(divisions.add(name, "county", land), state["weight"]) for name in state["counties"]]
    found.append((divisions.add("Ausland", "abroad", federal), 2))
    return found


def _members(world: World, places: list[tuple[Division, int]]) -> Iterator[Details]:
    chance, faker = world.chance, Faker("de_DE", use_weighting=False)
    faker.seed_instance(SEED)
    streets = [faker.street_name() for _ in range(STREETS)]
    chosen = chance.choices([place for place, _ in places], [weight for _, weight in places], k=MEMBERS)
    for number, division in enumerate(chosen, start=FIRST_NUMBER):
        first, last = faker.first_name(), faker.last_name()
        country, city = _place(chance, division)
        entered, left = _times(world)
        yield Details(
            member_number=number,
            last_name=last,
            first_name=f"{first} {faker.first_name()}" if _once_in(chance, 7) else first,
            entered_on=entered,
            birth_date=world.ago(chance.randint(*AGES)),
            street=f"{chance.choice(streets)} {chance.randint(1, 180)}",
            postcode=f"{chance.randint(1067, 99998):05}",
            city=city,
            country=country,
            email="" if _once_in(chance, 14) else f"mitglied{number}@example.org",
            phone=f"0{chance.randint(30, 9999)} 555{chance.randint(1000, 9999)}"
            if _once_in(chance, 3)
            else "",
            citizenship=chance.choice(CITIZENSHIPS) if _once_in(chance, 16) else "DE",
            language=_language(number),
            division=division.id,
            dues_cents=chance.choice(DUES),
            left_on=left,
            exit_reason=chance.choice(REASONS) if left else None,
            **_entitlement(number, entered, division),
            notes=chance.choice(NOTES) if _once_in(chance, 50) else "",
        )


def _entitlement(number: int, entered: date, division: Division) -> dict[str, Any]:
    """Nearly everybody may vote; their division has said so some weeks after their entry."""
    if number % ENTITLED == 0:
        return {}
    return {"may_vote": True, "voting_by": division.name, "voting_on": entered + timedelta(days=9)}


def _language(number: int) -> str:
    """Some read English rather; of others nobody has asked."""
    if number % 40 == 0:
        return "en"
    return "de" if number % 3 else ""


def _once_in(chance: Random, times: int) -> bool:
    return chance.randrange(times) == 0


def _place(chance: Random, division: Division) -> tuple[str, str]:
    if division.kind == "abroad":
        return chance.choice(ABROAD)
    return "DE", division.name.removeprefix("Kreisverband ")


def _times(world: World) -> tuple[date, date | None]:
    """Entry, and for some an exit that has been."""
    entered = world.ago(world.chance.randint(10, 3200))
    left = entered + timedelta(days=world.chance.randint(5, 3000))
    return entered, left if left < world.day and _once_in(world.chance, 8) else None


def _change_some(world: World, by: Author) -> None:
    for days in sorted(world.chance.sample(range(1, 600), 20), reverse=True):
        person = persons.find(world.chance.randint(1, MEMBERS))
        details = persons.details_of(person)
        changed = Details.of(
            details.as_dict()
            | {
                "street": f"Neue Straße {days}",
                "phone": f"030 555{days:04}",
                "dues_cents": world.chance.choice(DUES),
            }
        )
        ticket = f"A-{world.chance.randint(1000, 9999)}"
        persons.edit(
            person.id, changed, revision=person.revision, by=by, now=world.moment(days, 19, 30), ticket=ticket
        )
