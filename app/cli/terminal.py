"""How the command line lays out what it says. Prints what it is given and keeps nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import click

WIDTH = 100


def title(text: str) -> None:
    """Print a heading with room above it."""
    click.echo()
    click.secho(text, bold=True)


def paragraph(text: str, indent: int = 0) -> None:
    """Print a text, wrapped."""
    margin = " " * indent
    click.echo(textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=margin, subsequent_indent=margin))


def steps(texts: Iterable[str]) -> None:
    """Print numbered steps."""
    for number, text in enumerate(texts, start=1):
        click.echo(
            textwrap.fill(
                " ".join(text.split()), WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ",
                break_long_words=False, break_on_hyphens=False,
            )
        )  # fmt: skip


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header, each column as wide as its widest cell."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    click.secho(f"  {_line(header, widths)}", dim=True)
    for row in rows:
        click.echo(f"  {_line(row, widths)}")


def warning(text: str) -> None:
    """Print something that nobody may overlook."""
    lines = textwrap.wrap(" ".join(text.split()), WIDTH - 4)
    click.echo()
    for line in ("", *lines, ""):
        click.secho(f"  {line.ljust(WIDTH - 4)}  ", bold=True, fg="black", bg="yellow")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
