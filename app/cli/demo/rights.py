"""The demo's data requests, an erasure that two officers carried out, and exports in each of their states. Invented, like the people."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.cli.demo.world import DemoOfficer, World
from app.envelopes import outbox
from app.office.authors import Author
from app.vault import proposals
from app.vault.context import any_vault
from compartments.membership import divisions, persons
from compartments.membership import service as membership
from compartments.membership.details import Details
from compartments.membership.dues import payments
from compartments.membership.exports import exporting
from compartments.membership.exports.columns import COLUMNS, Words
from compartments.membership.filters import Filter
from compartments.membership.models import Division, Person
from compartments.membership.rights import erasing, requests
from compartments.membership.rights.models import ACCESS, CORRECTION, ERASURE
from keys.randomness import new_id

LETTERS = ("last_name", "first_name", "street", "postcode", "city")
WORDS = Words({name: name for name in COLUMNS}, {}, {}, "ja", "nein", "Herkunft")


def fill(world: World) -> None:
    """Note requests, erase somebody, ask for three exports."""
    with world.inside("anke"):
        anke, jonas = (_author(world.officers[name]) for name in ("anke", "jonas"))
        _requests(world, anke)
        _erasure(world, anke, jonas)
        _exports(world, anke, jonas)
        outbox.deliver(membership.ACTIONS)


def _author(officer: DemoOfficer) -> Author:
    return Author(officer.account, officer.name)


def _requests(world: World, by: Author) -> None:
    member: Any = Person.select(Person.id).where(Person.left_on.is_null()).order_by(Person.id)
    former: Any = Person.select(Person.id).where(Person.left_on <= world.ago(60)).order_by(Person.id)
    (access,), (correction,) = member.offset(700).limit(2).tuples()
    ((erasure,),) = former.offset(3).limit(1).tuples()
    asked = ((access, ACCESS, 20), (correction, CORRECTION, 9), (erasure, ERASURE, 4))
    for person, kind, days in asked:
        requests.note(
            person, kind, received_on=world.ago(days), entry_id=new_id(), by=by, ticket=f"#{2000 + days}"
        )


def _erasure(world: World, first: Author, second: Author) -> None:
    """Somebody who was a member for two years, has paid, left, and asked to be forgotten."""
    somebody = Details(
        persons.next_number(), "Vergißmeinnicht", "Theo", world.ago(900), dues_cents=3600, city="Köln"
    )
    one = persons.add(somebody, entry_id=new_id(), by=first, now=world.moment(900))
    for days in (800, 430):
        payments.record(
            one.id,
            cents=3600,
            received_on=world.ago(days),
            entry_id=new_id(),
            by=second,
            now=world.moment(days),
            reference="Dauerauftrag",
        )
    persons.leave(one.id, day=world.ago(40), reason="resigned", by=first, now=world.moment(40))
    requests.note(one.id, ERASURE, received_on=world.ago(12), entry_id=new_id(), by=first, ticket="#1988")
    title = f"Person mit der Mitgliedsnummer {one.member_number} löschen"
    made = erasing.propose(
        one.id, [], title, by=first, now=world.moment(11), day=world.ago(11), ticket="#1988"
    )
    with any_vault.atomic("IMMEDIATE"):
        confirmed = proposals.confirm(made.id, by=second, now=world.moment(10))
        erasing.carry_out(confirmed, by=second, day=world.ago(10))


def _exports(world: World, anke: Author, jonas: Author) -> None:
    county = Division.select().where(Division.kind == "county").order_by(Division.id).get()
    here = Filter(division=county.id, status="current")
    done = _ask(world, jonas, 70, 14, "Einladung per Brief zur Kreisversammlung", "Druckerei am Markt", here)
    _confirm(world, done, anke, 69)
    _download(world, done, jonas, 68)
    exporting.note_deleted(done, by=jonas, day=world.ago(60))
    ready = _ask(
        world, anke, 5, 30, "Zählung der Haushalte für das neue Rundschreiben", "Schatzmeisterei", here
    )
    _confirm(world, ready, jonas, 4)
    _download(world, ready, anke, 3)
    left = Filter(status="left", left_from=date(world.day.year, 1, 1))
    _ask(world, jonas, 0, 14, "Umfrage unter Ausgetretenen nach ihren Gründen", "Vorstand", left)


def _ask(world: World, by: Author, ago: int, days: int, purpose: str, recipient: str, asked: Filter) -> str:
    entry = new_id()
    exporting.ask(
        exporting.Wanted(purpose, recipient, LETTERS, asked, days),
        entry_id=entry,
        summary=lambda one: f"Export {one.number}: {one.rows} Personen",
        by=by,
        now=world.moment(ago, 9),
        day=world.ago(ago),
    )
    return entry


def _confirm(world: World, export_id: str, by: Author, ago: int) -> None:
    with any_vault.atomic("IMMEDIATE"):
        proposals.confirm(exporting.proposal_of(export_id).id, by=by, now=world.moment(ago))
        exporting.confirm(export_id, by=by, day=world.ago(ago))


def _download(world: World, export_id: str, by: Author, ago: int) -> None:
    words = Words(WORDS.columns, divisions.names(), {}, WORDS.yes, WORDS.no, WORDS.origin)
    exporting.download(export_id, words, by=by, now=world.moment(ago), day=world.ago(ago))
