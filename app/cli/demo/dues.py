"""What the demo's members have paid: most are in order, some are late, a few have never paid. Invented, like they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.cli.demo.world import World
from app.office.authors import Author
from compartments.membership.dues import payments
from compartments.membership.dues.payments import Carried
from compartments.membership.models import Person
from keys.randomness import new_id

LATE = (0,) * 16 + (1, 2, 2, 4, 5, 9)  # months behind the present one
NEVER = 30  # one in so many has never paid
BOOKED = 40


def fill(world: World) -> None:
    """Take over what the cashier's system says, and book the money of the last weeks."""
    with world.inside("jonas") as jonas:
        by = Author(jonas.account, jonas.name)
        payments.carry_over(_carried(world), by=by, now=world.moment(60), reference="Übernahme aus der Kasse")
        some: Any = (
            Person.select(Person.id)
            .where(Person.left_on.is_null(), Person.dues_cents > 0)
            .order_by(Person.id)
        )
        for (person_id,) in world.chance.sample(list(some.tuples()), BOOKED):
            days = world.chance.randint(1, 40)
            payments.record(
                person_id,
                cents=world.chance.choice((300, 600, 1200, 3600)),
                received_on=world.ago(days),
                entry_id=new_id(),
                by=by,
                now=world.moment(days, 17),
                reference=f"Kontoauszug {world.ago(days):%m}/{world.chance.randint(1, 30)}",
            )


def _carried(world: World) -> Iterator[Carried]:
    everybody: Any = Person.select(Person.id, Person.entered_on).where(Person.left_on.is_null())
    for person, entered in list(everybody.order_by(Person.id).tuples()):
        if world.chance.randrange(NEVER) == 0:
            continue
        until = world.ago(31 * world.chance.choice(LATE))
        if until > entered:
            yield Carried(person, until, entered + timedelta(days=min(20, (world.day - entered).days)))
