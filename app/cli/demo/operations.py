"""The demo's records of running the systems: updates, incidents, maintenance windows, runbooks and credentials of systems that don't exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.cli.demo.world import World, read_toml
from app.envelopes import outbox
from app.office.authors import Author
from compartments.administration.operations import announcing, records
from compartments.administration.operations.records import (
    CHANGES,
    CREDENTIALS,
    INCIDENTS,
    MAINTENANCE,
    RUNBOOKS,
)
from keys.randomness import new_id


def fill(world: World) -> None:
    """Write the records, announce the windows that everybody is to know of, and look at one credential."""
    content = read_toml("operations.toml")
    writers = {
        "change": (CHANGES, _change),
        "incident": (INCIDENTS, _incident),
        "maintenance": (MAINTENANCE, _window),
        "runbook": (RUNBOOKS, _plain),
        "credential": (CREDENTIALS, _plain),
    }
    for username in ("ruth", "mehdi", "noor"):
        with world.inside(username) as officer:
            by = Author(officer.account, officer.name)
            for name, (kind, values) in writers.items():
                for one in (one for one in content[name] if one["by"] == username):
                    _write(world, kind, one, values, by)
            outbox.deliver(announcing.ACTIONS)


def _write(
    world: World, kind: str, one: dict[str, Any], values: Callable[[World, dict[str, Any]], Any], by: Author
) -> None:
    found = {"title": one["title"], "text": one["text"].strip(), **values(world, one)}
    now = world.moment(one.get("deployed", one.get("noticed", 1)), 19)
    made = records.add(kind, found, entry_id=new_id(), by=by, now=now)
    if one.get("announced"):
        announcing.announce(made.id, revision=made.revision, by=by, now=now)
    if kind == CREDENTIALS:
        records.reveal(made.id, by=by, now=world.moment(0, 9))


def _change(world: World, one: dict[str, Any]) -> dict[str, Any]:
    days = {f"{name}_on": world.ago(one[name]) if name in one else None for name in ("published", "deployed")}
    return {"system": one["system"], "security": one["security"], **days}


def _incident(world: World, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "noticed_at": world.moment(one["noticed"], 20),
        "personal_data": one["personal_data"],
        "reported_at": world.moment(one["reported"], 10) if "reported" in one else None,
        "closed_on": world.ago(one["closed"]),
    }


def _window(world: World, one: dict[str, Any]) -> dict[str, Any]:
    starts = world.moment(0, 0).replace(hour=18, minute=0) - timedelta(days=one["starts"])
    notice = {name: one.get(name, "") for name in ("notice_de", "notice_en")}
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=one["hours"]), **notice}


def _plain(_world: World, one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("system", "username", "secret") if name in one}
