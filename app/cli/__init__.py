"""The command line: the operator's part. Opens no vault after the founding, and needs no officer's key.

Each command is a module with a ``command``, loaded only when it is asked for: help and completion stay fast.
"""

from __future__ import annotations

import os
from importlib import import_module

import click

PRIVATE = 0o077

COMMANDS = {
    "init": ("app.cli.init", "Found an instance; print the first codes and the recovery shares once."),
    "demo": ("app.cli.demo.command", "Make a demo organisation of invented people."),
    "demo-code": ("app.cli.demo.code", "Print the current one-time code of a demo account."),
    "serve": ("app.cli.serve", "Serve the pages (gunicorn)."),
    "tick": ("app.cli.tick", "Do what time demands: deadlines, terms, expiries. Needs no key."),
    "bounce": ("app.cli.bounce", "Take an undelivered mail from standard input, for the mail server's pipe."),
    "doctor": ("app.cli.doctor", "Look for what is wrong; exit status 1 says that something is."),
    "verify": ("app.cli.verify", "Check a signed count of members; needs no instance."),
    "backup": ("app.cli.backup", "Copy the instance, consistently and still encrypted, while it serves."),
    "recover": ("app.cli.recover", "Let a new first officer into a compartment, with its recovery shares."),
    "restore": ("app.cli.restore", "Bring a backup back into an empty instance folder."),
}


class Commands(click.Group):
    """Loads a command's module only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which one needs them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command called ``cmd_name``, or return None where there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, explanation) for name, (_, explanation) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Watertight compartments for the offices that volunteers run.

    SCHOTTEN_INSTANCE names the instance folder, for example /var/lib/schotten. deploy/README.md lists the other settings.
    """
    os.umask(PRIVATE)
