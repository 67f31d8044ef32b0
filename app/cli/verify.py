"""``schotten verify``: whether a signed count of members is as it was signed. Needs no instance."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from compartments.membership import member_counts


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Check a signed count of members. Compare the fingerprint with the membership office by telephone.

    Exit status 1: the document was changed, or never signed.
    """
    try:
        statement, fingerprint = member_counts.verified(file.read_text(encoding="utf-8"))
    except (member_counts.NotGenuine, UnicodeDecodeError):
        click.secho("This document was changed, or never signed.", fg="red", err=True)
        sys.exit(1)
    click.echo(f"{statement['organisation']}: {statement['members']} members on {statement['day']}")
    click.echo(f"signed on {statement['signed_on']} by {' and '.join(statement['officers'])}")
    click.echo(f"with the keys {fingerprint}")
