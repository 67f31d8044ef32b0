"""``schotten demo-code``: stands in for the authenticator app that a newcomer hasn't set up. Knows demo accounts only."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from app.cli.demo import logins
from app.cli.ground import told
from app.config import Settings
from keys.totp import SECONDS, code_at

DEMO_OF_MAKE_RUN = Path(__file__).parents[3] / "var"


@click.command("demo-code")
@click.argument("username")
@told
def command(username: str) -> None:
    """Print the one-time code of this moment for the demo account USERNAME: of `make run`'s demo, where SCHOTTEN_INSTANCE names no other."""
    settings = Settings.from_environment({"SCHOTTEN_INSTANCE": str(DEMO_OF_MAKE_RUN), **os.environ})
    accounts = {one["username"]: one for one in logins.read(settings)["accounts"]}
    if username not in accounts:
        raise click.ClickException(f"the demo has no account {username}; there are: {', '.join(accounts)}")
    secret = accounts[username]["second_factor"]
    if secret is None:
        raise click.ClickException(f"{username} logs in without a one-time code")
    now = time.time()
    click.echo(code_at(secret, now))
    click.echo(f"(valid for {SECONDS - int(now) % SECONDS} more seconds, and once)", err=True)
