"""The demo's confidential counsel: portraits, cases, a directory of services, prevention, the report of the year before last, released and
with the board, and that of last year, which is written and waits for two counsellors.

The figures of a year of some two hundred cases are counted without the cases: nothing leads from a count to a case anyway, and two hundred
sealed ones would take longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from flask import Flask

from app.cli.demo import applications
from app.cli.demo.counsel_cases import Course, take_in
from app.cli.demo.world import FOLDER, World, read_toml
from app.disclosure.registry import ANNUAL_REPORT
from app.envelopes.directory import follow
from app.office.authors import Author
from app.shared import counsellors
from app.vault import proposals
from app.vault.context import any_vault
from app.web.i18n import init_i18n
from compartments.counsel.annual import releasing
from compartments.counsel.annual import service as annual
from compartments.counsel.cases.opened import in_one_piece
from compartments.counsel.counsellors import service as cards
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.counting import half_of
from compartments.counsel.incidents.models import Consultation, Outward
from compartments.counsel.prevention import service as prevention
from compartments.counsel.services import importing as directory
from keys.randomness import new_id

FIRST, SECOND = "miriam", "leyla"
INCIDENTS, TALKS, STEPS = 200, 560, 70
"""Of a whole year. What of the present one is over has its share of them."""
LIKELY: Mapping[str, tuple[int, ...]] = {
    "kind": (55, 9, 24, 12),
    "manner": (52, 14, 6, 24, 4),
    "setting": (38, 29, 17, 7, 6, 3),
    "level": (34, 30, 22, 9, 5),
    "relation": (44, 24, 9, 12, 7, 4),
    "reported_before": (70, 22, 8),
    "outcome": (8, 34, 22, 16, 9, 3, 8),
}
CHANNELS = {"in-person": 12, "phone": 26, "video": 9, "mail": 11, "online": 42}
LATEST_CHECK, OLD_CHECK = 40, 500
RELEASED = 455
"""So many days ago the report of the year before last was released."""


def fill(world: World) -> None:
    """Everything. The cases need the portraits, for people seal to the keys in them."""
    content = read_toml("counsel.toml")
    _present(world, content["card"])
    _bring(world, content["case"])
    with world.inside(FIRST):
        _list_services(world)
        _hold_events(world, content["event"])
        with in_one_piece():
            for year in (world.day.year - 2, world.day.year - 1):
                _count(world, year, 1.0)
            _count(world, world.day.year, world.day.timetuple().tm_yday / 366)
    _log(world, content["log"])
    _release(world, content["report"])


def _present(world: World, texts: Mapping[str, Mapping[str, Any]]) -> None:
    for username, card in texts.items():
        with world.inside(username) as officer:
            cards.present(officer.account, dict(card), officer.keys.public)
            take_in()


def _bring(world: World, cases: list[Mapping[str, Any]]) -> None:
    everybody = counsellors.published(follow(world.pinned("counsel"))[0].keys.signing)
    for one in cases:
        course = Course(world, one, everybody)
        course.run()
        if "receipt" in one:
            world.counsel_receipts.append({"code": course.code, "about": one["receipt"]})


def _list_services(world: World) -> None:
    text = (FOLDER / "services.csv").read_text(encoding="utf-8")
    for word, days in (("RECENT", LATEST_CHECK), ("OLD", OLD_CHECK)):
        text = text.replace(word, world.ago(days).isoformat())
    directory.take_in(text)


def _hold_events(world: World, events: list[Mapping[str, Any]]) -> None:
    for year in range(world.day.year - 2, world.day.year + 1):
        for one in events:
            day = date.fromisoformat(f"{year}-{one['day']}")
            if day <= world.day:
                known = {name: one[name] for name in ("title", "kind", "audience", "number")}
                prevention.keep_event(new_id(), {**known, "day": day})


def _count(world: World, year: int, share: float) -> None:
    """Count a year's incidents, talks and steps outside: a few kinds make up most, as everywhere."""
    halves = [half for half in (f"{year}-1", f"{year}-2") if half <= half_of(world.day)]
    chance = world.chance
    for _each in range(round(INCIDENTS * share)):
        codes = {field: chance.choices(known, LIKELY[field])[0] for field, known in FIELDS.items()}
        incidents.add(codes, half=chance.choice(halves))
    Consultation.insert_many(_talks(chance, halves, round(TALKS * share))).execute()
    steps = [
        {
            "id": new_id(),
            "half": chance.choice(halves),
            "step": chance.choices(("referral", "passing-on"), (4, 1))[0],
            "new_by_step": True,
            "new_in_year": True,
        }
        for _each in range(round(STEPS * share))
    ]
    Outward.insert_many(steps).execute()


def _talks(chance: Random, halves: list[str], number: int) -> list[dict[str, Any]]:
    """Talks of people who come two or three times: a third of the talks are somebody's first."""
    talks, ways = list[dict[str, Any]](), list(CHANNELS)
    while len(talks) < number:
        seen = set[Any]()
        for place in range(chance.choice((1, 2, 3, 5))):
            channel, turn = chance.choices(ways, list(CHANNELS.values()))[0], "later" if place else "first"
            known = {(turn, channel): "new_here", turn: "new_by_turn", channel: "new_by_channel"}
            talks.append(
                {
                    "id": new_id(),
                    "half": chance.choice(halves),
                    "first": place == 0,
                    "channel": channel,
                    "new_in_year": place == 0,
                    **{name: margin not in seen for margin, name in known.items()},
                }
            )
            seen |= set(known)
    return talks


def _log(world: World, entries: list[Mapping[str, Any]]) -> None:
    for one in entries:
        with world.inside(one["by"]) as officer:
            prevention.write_log(
                officer.account,
                officer.keys,
                entry_id=new_id(),
                day=world.ago(one["days_ago"]),
                kind=one["kind"],
                hours=one["hours"],
                text=one["text"],
            )


def _release(world: World, texts: Mapping[str, str]) -> None:
    """One counsellor proposes the report of the year before last, another one releases it, and the board takes it in. Last year's is written."""
    year = world.day.year - 2
    released_on = max(world.ago(RELEASED), date(year + 1, 1, 1))
    with world.inside(FIRST) as first, _translated():
        for written in (year, year + 1):
            annual.write(written, texts, version=0, by_name=first.name)
        made = proposals.propose(
            ANNUAL_REPORT,
            releasing.subject(year),
            f"Jahresbericht {year}",
            about=str(year),
            by=Author(first.account, first.name),
            now=world.moment((world.day - released_on + timedelta(days=1)).days),
        )
    with world.inside(SECOND) as second, _translated(), any_vault.atomic("IMMEDIATE"):
        by = Author(second.account, second.name)
        now = world.moment((world.day - released_on).days)
        confirmed = proposals.confirm(made.id, by=by, now=now)
        releasing.carry_out(
            proposals.subject_of(confirmed),
            released_by=(confirmed.proposed_by_name, by.name),
            organisation=world.settings.organisation,
            day=released_on,
        )
    for username in (SECOND, "vera"):
        with world.inside(username):
            (applications.take_in if username == "vera" else take_in)()


def _translated() -> Any:
    """A place in which words can be looked up in both languages: an application without pages, and a request that nobody made."""
    app = Flask("demo")
    init_i18n(app)
    return app.test_request_context()
