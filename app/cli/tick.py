"""``schotten tick``: upkeep by timer. Has no key to any vault and needs none."""

from __future__ import annotations

import sys

import click

from app.cli.ground import founded, shared_layer, told
from app.clock import today, utc_now
from app.config import Settings
from app.shared import upkeep
from app.shared.sessions import Limits
from app.shared.upkeep import LONGEST_GAP, Done


@click.command("tick")
@click.option("--quiet", is_flag=True, help="Say nothing where nothing was due.")
@told
def command(*, quiet: bool) -> None:
    """Close postings after their deadline, end terms, remove what has expired, and check the log of acts.

    May run at any time, and twice at once. Exit status 1: something was found that should be impossible, or the clock has jumped ahead.
    """
    settings = Settings.from_environment()
    layer = shared_layer(settings, founded(settings))
    limits = Limits(settings.session_idle, settings.session_absolute, settings.step_up_for)
    with layer.bound():
        done = upkeep.run(today(settings.timezone), utc_now(), limits)
    layer.close()
    said = _lines(done) or ([] if quiet or done.jumped else ["Nothing was due."])
    click.echo("\n".join(said), nl=bool(said))
    for problem in _problems(done):
        click.secho(problem, fg="red", err=True)
    if not done.is_sound:
        sys.exit(1)


def _lines(done: Done) -> list[str]:
    counted = (
        ("offices ended", done.ended),
        ("sessions expired", done.sessions),
        ("mailboxes removed", done.mailboxes),
        ("files of forms never sent removed", done.drafts),
        ("second looks at claimed codes ended", done.graces),
        ("enrolment codes removed", done.enrolments),
        ("maintenance windows that are over removed", done.windows),
    )
    return [f"posting closed: {slug}" for slug in done.closed] + [
        f"{what}: {number}" for what, number in counted if number
    ]


def _problems(done: Done) -> list[str]:
    found = [f"person {violation.person} breaks the rule {violation.rule}" for violation in done.violations]
    if done.jumped:
        found.append(
            f"by the clock the last upkeep was more than {LONGEST_GAP.days} days ago. If that is right, what is due is done tomorrow. "
            "If the clock is wrong, set it: nothing was ended or deleted"
        )
    if done.broken_acts:
        found.append(f"the log of acts was changed at number {', '.join(map(str, done.broken_acts[:10]))}")
    return found
