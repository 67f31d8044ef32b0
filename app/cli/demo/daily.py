"""The demo's daily work: notes among colleagues, notices from the board, questions that the public sent to the desk."""

from __future__ import annotations

from app.cli.demo import letters
from app.cli.demo.world import World, read_toml
from app.vault.models import Note
from compartments.board import service as board
from compartments.board.appointments import orders
from keys.randomness import new_id


def fill(world: World) -> None:
    """Write all of it. Notices and questions stay sealed in the shared layer until an officer of the compartment comes."""
    content = read_toml("daily.toml")
    for username in dict.fromkeys(one["by"] for one in content["note"]):
        with world.inside(username) as officer:
            for one in (one for one in content["note"] if one["by"] == username):
                Note.create(
                    entry_id=new_id(),
                    author=officer.account,
                    author_name=officer.name,
                    text=one["text"],
                    written_at=world.moment(one["days_ago"], 16, 20),
                )
    with world.inside("tarik") as tarik:
        for one in content["notice"]:
            for recipient in one["to"]:
                board.send_notice(
                    recipient,
                    one["subject"],
                    one["text"],
                    once=new_id(),
                    author=tarik.name,
                    now=world.moment(one["days_ago"], 11),
                    day=world.ago(one["days_ago"]),
                )
        orders.deliver()
    for one in content["contact"]:
        letters.ask_the_desk(world, one)
