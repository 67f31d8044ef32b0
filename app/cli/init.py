"""``schotten init``: founds an instance and prints, once, what its first officers need. Keeps none of it."""

from __future__ import annotations

import sys

import click

from app.cli import terminal
from app.cli.founding import CODES_ARE_VALID_FOR, Founded, found
from app.cli.ground import told
from app.cli.schemas import SCHEMAS
from app.clock import today
from app.config import Settings

TITLES = {
    "board": "Vorstand",
    "desk": "Support, Kommunikation, Prozesse & Recht",
    "membership": "Mitgliederverwaltung",
    "administration": "Administration",
    "clearing": "Clearingstelle",
    "counsel": "Vertrauenspersonen",
}
WORDS_PER_LINE = 11

NEXT = (
    (
        "Hand each code, on paper or in person, to the person who shall begin in that compartment. It is good for one account. "
        "No person may hold two of membership, administration, clearing and counsel, nor counsel and board."
    ),
    (
        "Give the three recovery shares of a compartment to three people who don't work in it, and note who has which. "
        "Any two of them together open the compartment, if all its officers have lost their passphrases (schotten recover)."
    ),
    "Serve: schotten serve   (deploy/README.md has the systemd units and the nginx site)",
    (
        "Let the first officers go to /enrol, and the board to its postings. Colleagues are appointed by the board and admitted "
        "by an officer of the compartment."
    ),
    "Keep a copy of keys/service.key apart from the backups, and let `schotten tick` and `schotten backup` run by timer.",
    "Clear this terminal: it shows what nobody may read twice.",
)


@click.command("init")
@told
def command() -> None:
    """Found an instance in the folder that SCHOTTEN_INSTANCE names.

    Prints the first enrolment code and the recovery shares of every compartment, once. A crash leaves a folder that the next
    `schotten init` clears and founds anew.
    """
    settings = Settings.from_environment().for_production()
    valid_until = today(settings.timezone) + CODES_ARE_VALID_FOR
    found(settings, SCHEMAS, announce=lambda founded: _print(founded, f"{valid_until:%Y-%m-%d}"))
    terminal.title(f"{settings.instance} is founded. What now")
    terminal.steps(NEXT)


def _print(founded: Founded, valid_until: str) -> None:
    terminal.warning(
        "What follows is shown once and kept nowhere. Write it down or print it now, and hand it out on paper. "
        "It is good only if this command ends with “is founded”."
    )
    terminal.title(f"First officers: one code per compartment, until {valid_until}")
    terminal.table(
        ("compartment", "", "code for /enrol"),
        [(name, TITLES[name], code) for name, code in founded.codes.items()],
    )
    for name, shares in founded.recovery_shares.items():
        terminal.title(f"Recovery shares of {name} ({TITLES[name]}): any two of three open it")
        for number, share in enumerate(shares, start=1):
            _print_share(number, share.split())
    sys.stdout.flush()


def _print_share(number: int, words: list[str]) -> None:
    for start in range(0, len(words), WORDS_PER_LINE):
        margin = f"  {number}  " if start == 0 else "     "
        click.echo(margin + " ".join(words[start : start + WORDS_PER_LINE]))
