"""``schotten doctor``: says what is wrong with an installation, without any officer's key; exit status 1 if something is."""

from __future__ import annotations

import sys

import click

from app.cli.examination import examine
from app.cli.ground import told
from app.config import Settings

COLOURS = {"ok": "green", "note": "yellow", "PROBLEM": "red"}


@click.command("doctor")
@click.option("--quiet", is_flag=True, help="Print problems only.")
@told
def command(*, quiet: bool) -> None:
    """Look at files, permissions, keys, the shared layer, this machine's clock and disk.

    Exit status: 0 where nothing is wrong, 1 where something is.
    """
    problems = 0
    for finding in examine(Settings.from_environment()):
        problems += finding.level == "PROBLEM"
        if not quiet or finding.level == "PROBLEM":
            click.echo(f"{click.style(finding.level.ljust(7), fg=COLOURS[finding.level])}  {finding.text}")
    if problems:
        click.echo(f"\n{problems} problem{'s' if problems > 1 else ''} found.")
        sys.exit(1)
    if not quiet:
        click.echo("\nNothing is wrong.")
