"""``schotten verify``: whether a signed count of members is as it was signed. Needs no instance."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from compartments.membership import count_papers, member_counts


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Check a signed count of members: the document, the PDF of it, or a text file with what the QR codes on the paper say.

    What counts is what is printed here. Compare the fingerprint with the membership office by telephone.
    Exit status 1: it was changed, or never signed.
    """
    try:
        document = count_papers.document_in(file.read_bytes())
        statement, fingerprint = member_counts.verified(document)
    except member_counts.NotGenuine:
        click.secho("This document was changed, or never signed.", fg="red", err=True)
        sys.exit(1)
    lines = [f"{statement['organisation']}: {statement['members']} members on {statement['day']}"]
    for one in statement["divisions"]:
        named = one["name"] or "without a division"
        lines.append(
            f"{'  ' * min(one['depth'] + 1, 9)}{named}: {one['total']}, of these {one['own']} directly"
        )
    lines.append(f"signed on {statement['signed_on']} by {' and '.join(statement['officers'])}")
    lines.append(f"with the keys {fingerprint}")
    for line in lines:
        click.echo(_plain(line))


def _plain(line: str) -> str:
    """A line that moves no cursor and turns no writing: anybody can sign such a document with keys of their own."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
