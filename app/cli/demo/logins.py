"""The demo's published logins: ``demo.json`` in the instance folder, and how it is shown. Only ever of a demo."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from app.cli import terminal
from app.config import Settings
from app.instance import Instance, InstanceError, write_private

NAME = "demo.json"


def path(instance: Instance) -> Path:
    """Where the logins stand. The file is written last: where it is, the demo is whole."""
    return instance.path / NAME


def write(instance: Instance, content: dict[str, Any]) -> None:
    """Write the logins down."""
    write_private(path(instance), json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")


def read(settings: Settings) -> dict[str, Any]:
    """Read the logins; raises :class:`~app.instance.InstanceError` where there is no whole demo."""
    instance = Instance(settings.instance)
    if not instance.exists or not instance.is_demo or not path(instance).is_file():
        raise InstanceError(f"{instance.path} holds no demo; run: schotten demo")
    content: dict[str, Any] = json.loads(path(instance).read_text(encoding="utf-8"))
    return content


def show(content: dict[str, Any], settings: Settings) -> None:
    """Print the logins and what to try."""
    address = f"http://{settings.host}:{settings.port}"
    terminal.warning(
        "This is a DEMO. Every person in it is invented, every passphrase is published. Never put anything real into it, and never "
        "let it be reached from elsewhere."
    )
    terminal.title(f"Logins for {address}/login")
    rows = [
        (one["compartment"], one["username"], one["name"], one["passphrase"], _second_factor(one))
        for one in content["accounts"]
    ]
    terminal.table(("compartment", "user name", "who", "passphrase", "one-time code"), rows)
    terminal.title(f"Receipts of applicants for {address}/mailbox")
    for one in content["receipts"]:
        click.echo(f"  {one['code']}  {one['name']}")
        terminal.paragraph(one["about"], indent=4)
    terminal.title(f"Receipts of people in confidential counsel for {address}/counselling")
    for one in content.get("counsel_receipts", ()):
        click.echo(f"  {one['code']}")
        terminal.paragraph(one["about"], indent=4)
    click.echo(
        f"\nThe same in {settings.instance / NAME}. One-time codes change every 30 seconds and count once."
    )


def _second_factor(one: dict[str, Any]) -> str:
    waits = "" if one["admitted"] else " (waits for admission)"
    return f"{_command()} demo-code {one['username']}{waits}" if one["second_factor"] else f"-{waits}"


def _command() -> str:
    """How this command was called, so that what is printed can be typed: with `make run` that is .venv/bin/schotten."""
    return sys.argv[0] if Path(sys.argv[0]).name == "schotten" else "schotten"
