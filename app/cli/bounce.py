"""``schotten bounce membership``: takes one mail from standard input, as a mail server's pipe hands it over, and seals it for the office.

Has no key to any vault and needs none: the mail is sealed at once, and read by the next officer's request.
"""

from __future__ import annotations

import sys

import click

from app.cli.ground import founded, shared_layer, told
from app.clock import today
from app.config import Settings
from app.envelopes.directory import PinnedKeys
from app.envelopes.posting import put, seal_from_public
from app.mail.bounces import LONGEST
from keys.identity import PublicKeys
from keys.randomness import new_id


@click.command("bounce")
@click.argument("office", type=click.Choice(["membership"]))
@told
def command(office: str) -> None:
    """Take an undelivered mail from standard input and seal it for OFFICE.

    In Postfix' aliases:  invite: "|schotten bounce membership". What is longer than a notification needs to be is cut off.
    """
    settings = Settings.from_environment()
    instance = founded(settings)
    layer = shared_layer(settings, instance)
    text = sys.stdin.buffer.read(LONGEST).decode("utf-8", "replace").replace("\0", "")
    to = PinnedKeys(office, 1, PublicKeys.from_bytes(instance.roots[office]))
    envelope_id = new_id()
    with layer.bound():
        sealed = seal_from_public("bounce", to, envelope_id, {"message": text})
        put(envelope_id, office, sealed, today(settings.timezone))
    layer.close()
