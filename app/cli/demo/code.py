"""``schotten demo-code``: stands in for the authenticator app that a newcomer hasn't set up. Knows demo accounts only."""

from __future__ import annotations

import time

import click

from app.cli.demo import logins
from app.cli.ground import told
from app.config import Settings
from keys.totp import SECONDS, code_at


@click.command("demo-code")
@click.argument("username")
@told
def command(username: str) -> None:
    """Print the one-time code of this moment for the demo account USERNAME."""
    accounts = {one["username"]: one for one in logins.read(Settings.from_environment())["accounts"]}
    if username not in accounts:
        raise click.ClickException(f"the demo has no account {username}; there are: {', '.join(accounts)}")
    secret = accounts[username]["second_factor"]
    if secret is None:
        raise click.ClickException(f"{username} logs in without a one-time code")
    now = time.time()
    click.echo(code_at(secret, now))
    click.echo(f"(valid for {SECONDS - int(now) % SECONDS} more seconds, and once)", err=True)
