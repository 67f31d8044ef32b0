"""``schotten demo``: an organisation of invented people to try everything with."""

from __future__ import annotations

import time

import click

from app.cli.demo import logins, making
from app.cli.ground import told
from app.clock import today
from app.config import Settings
from app.instance import Instance


@click.command("demo")
@click.option("--again", is_flag=True, help="Throw the demo away and make a new one.")
@told
def command(*, again: bool) -> None:
    """Make a demo organisation: eight postings, officers in all six compartments, applications, 9,000 members,
    500 of them invited to the platform.

    Where a demo is there already it only lists the logins. An instance that is no demo is never touched. A demo that was interrupted
    half-way is made anew.
    """
    settings = Settings.from_environment().for_production()
    instance = Instance(settings.instance)
    if not again and making.is_whole(instance):
        logins.show(logins.read(settings), settings)
        return
    started = time.monotonic()
    click.echo(f"Making a demo organisation in {settings.instance}, as of {today(settings.timezone)} ...")
    content = making.make(settings, say=lambda what: click.echo(f"  {what}"))
    click.echo(f"Done in {time.monotonic() - started:.0f} seconds.")
    logins.show(content, settings)
