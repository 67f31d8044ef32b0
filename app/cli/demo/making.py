"""Makes the demo organisation: founded like any other, then filled through the services that the pages use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from app.cli import founding, unfinished
from app.cli.demo import (
    admissions,
    applications,
    counsel,
    daily,
    dues,
    logins,
    officers,
    operations,
    postings,
    protocol,
    register,
    rights,
)
from app.cli.demo.world import World
from app.cli.ground import shared_layer
from app.cli.schemas import SCHEMAS
from app.clock import today
from app.config import UNNAMED, Settings
from app.faultpoints import reached
from app.instance import Instance, InstanceError

INVENTED_NAME = "Offener Hafen"


def is_whole(instance: Instance) -> bool:
    """Whether a demo is there and was finished; raises :class:`~app.instance.InstanceError` for an instance that is none."""
    if not instance.exists:
        return False
    if not instance.is_demo:
        raise InstanceError(f"{instance.path} holds a real instance, which schotten demo never touches")
    return logins.path(instance).is_file()


def make(settings: Settings, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Make the demo and return its logins. What an interrupted attempt has left is cleared first; so is a whole demo."""
    instance = Instance(settings.instance)
    if instance.exists:
        is_whole(instance)
        clear(instance)
    say("founding the organisation and its six compartments")
    if settings.organisation == UNNAMED:
        settings = settings.but(organisation=INVENTED_NAME)
    founded = founding.found(settings, SCHEMAS, demo=True)
    layer = shared_layer(settings, instance)
    world = World(settings, Instance(settings.instance), today(settings.timezone))
    with layer.bound():
        for what, step in _steps(world, founded.codes):
            say(what)
            step()
            reached("demo.after-step")
    layer.close()
    content = _content(world)
    logins.write(instance, content)
    return content


def clear(instance: Instance) -> None:
    """Delete a demo: first mark it as unfinished, so that a crash here leaves nothing that looks like an instance."""
    (instance.path / unfinished.MARKER).touch(mode=0o600)
    logins.path(instance).unlink(missing_ok=True)
    instance.description.unlink()
    shutil.rmtree(instance.vaults)


def _steps(world: World, codes: Any) -> list[tuple[str, Callable[[], None]]]:
    return [
        ("enrolling and admitting the officers", lambda: officers.enrol_all(world, codes)),
        ("publishing eight postings", lambda: postings.publish_all(world, world.officers["vera"].account)),
        (f"registering {register.MEMBERS:,} invented members", lambda: register.fill(world)),
        ("booking what they have paid", lambda: dues.fill(world)),
        ("issuing keys, inviting 500 members, reconciling the accounts", lambda: protocol.fill(world)),
        ("sending applications, and letting the board work through them", lambda: _board_work(world)),
        ("applying for membership", lambda: admissions.bring_all(world)),
        ("noting data requests, erasing somebody, exporting lists", lambda: rights.fill(world)),
        ("listening to people in confidence, and releasing a year's figures", lambda: counsel.fill(world)),
        ("noting updates, incidents and maintenance windows", lambda: operations.fill(world)),
        ("writing notes, notices and questions to the desk", lambda: daily.fill(world)),
    ]


def _board_work(world: World) -> None:
    officers.name_all(world)
    applications.bring_all(world)


def _content(world: World) -> dict[str, Any]:
    return {
        "demo": True,
        "accounts": [
            {
                "compartment": officer.compartment,
                "username": officer.username,
                "passphrase": officer.passphrase,
                "second_factor": officer.second_factor,
                "role": officer.role,
                "name": officer.name,
                "admitted": officer.admitted,
            }
            for officer in world.officers.values()
        ],
        "receipts": world.receipts,
        "counsel_receipts": world.counsel_receipts,
    }
