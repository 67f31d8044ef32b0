"""``schotten recover``: the holders of the paper shares let a new first officer into a compartment that nobody can open any more."""

from __future__ import annotations

import getpass
import sys
import warnings

import click

from app.cli import terminal
from app.cli.ground import founded, shared_layer, told
from app.cli.recovering import NotRecovered, Recovered, recover, require_vault, with_access
from app.cli.schemas import SCHEMAS
from app.cli.server import harden
from app.clock import today
from app.config import Settings
from app.offices import kind_of
from app.shared.models import Account
from keys.errors import RefusedShare
from keys.recovery import WORDS_PER_SHARE, TypedShares
from keys.sealing import SealingKeyPair

REFUSALS = {
    "checksum": "These are words of the list, but no share: one of them is wrong, or two have changed places.",
    "again": "This share has been given already; the next one, please.",
    "foreign": "This share belongs to other shares than the first one: to another compartment, or to an older set.",
}
NEXT = (
    "Hand the code, in person, to whoever shall begin in this compartment. It is good for one account, at /enrol.",
    (
        "When the first officer opens the compartment, its keys are renewed: what was seen here opens nothing any more. "
        "Let that happen today, and make a backup afterwards."
    ),
    "Let the board appoint colleagues, who are admitted by the first officer. Accounts from before don't come back.",
    "Give the shares back to their holders, and clear this terminal.",
)


@click.command("recover")
@click.argument("vault")
@click.argument("anything_else", nargs=-1, metavar="")
@told
def command(vault: str, anything_else: tuple[str, ...]) -> None:
    """Let a new first officer into VAULT with its recovery shares.

    For a compartment whose officers have all left or lost their passphrases. Whoever holds a share types it here, unseen; as many as
    were agreed at the founding are needed (two of three). Every access from before ends, and officers see that this has happened.
    """
    if anything_else:
        # Not click's own error: it would print what was given, a share perhaps.
        raise NotRecovered(
            "nothing is given but the vault's name; a share written there stands in the shell's history now"
        )
    settings = Settings.from_environment()
    instance = founded(settings)
    if not sys.stdin.isatty():
        raise NotRecovered(
            "shares are typed at a terminal: nothing that is piped in, or stands in a file, is taken"
        )
    harden()
    layer = shared_layer(settings, instance)
    with layer.bound():
        require_vault(vault)
        schema = next(schema for schema in SCHEMAS if schema.kind == kind_of(vault))
        _warn(vault, with_access(schema.kind))
        recovered = recover(instance, vault, _typed_key(), schema, today(settings.timezone), _print)
    layer.close()
    terminal.title(f"{vault} is recovered. What now")
    terminal.steps(NEXT)
    click.echo(f"\n  The code is good until {recovered.expires_on:%Y-%m-%d}.")


def _warn(vault: str, accounts: list[Account]) -> None:
    terminal.title(f"Recovering {vault}")
    if accounts:
        names = ", ".join(f"{account.display_name} ({account.username})" for account in accounts)
        terminal.paragraph(
            f"The access of these accounts ends, for good: {names}. If one of them can still log in, stop here: a colleague admits others, and "
            "no shares are needed.",
            indent=2,
        )
    else:
        terminal.paragraph("Nobody has access at present.", indent=2)
    click.confirm("  Go on?", abort=True)


def _typed_key() -> SealingKeyPair:
    terminal.title("The recovery shares")
    terminal.paragraph(
        f"{WORDS_PER_SHARE} words each, in one line. Nothing is shown while you type. The first four letters of a word are enough.",
        indent=2,
    )
    typed, number = TypedShares(), 1
    while typed.missing:
        try:
            typed.add(_ask(number))
        except RefusedShare as error:
            click.secho(f"     {_refusal(error)}", fg="red")
            continue
        missing = typed.missing
        click.echo(
            f"     Share {number} is right. {f'{missing} more needed.' if missing else 'That is enough.'}"
        )
        number += 1
    return typed.key_pair()


def _ask(number: int) -> str:
    with warnings.catch_warnings():
        # Where the echo can't be switched off, nothing is asked.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"  Share {number}: ")
        except getpass.GetPassWarning:
            raise NotRecovered("this terminal would show the shares while they are typed") from None


def _refusal(error: RefusedShare) -> str:
    if error.problem == "length":
        return f"A share has {WORDS_PER_SHARE} words; these were {error.counted}."
    if error.problem == "words":
        return f"Not a word of the list, at place {', '.join(map(str, error.places))} (counted from 1)."
    return REFUSALS[error.problem]


def _print(recovered: Recovered) -> None:
    terminal.warning(
        "The code for the new first officer is shown once and kept nowhere. It is good only if this command ends with “is recovered”."
    )
    click.echo(f"\n  {recovered.code}")
    sys.stdout.flush()
