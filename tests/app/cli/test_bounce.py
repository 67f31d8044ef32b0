"""`schotten bounce`: what a mail server pipes in is sealed at once and read by membership's next request."""

import os
import subprocess

from app.shared.models import Envelope
from app.vault.models import Alarm, ImportedEnvelope, RefusedEnvelope
from tests.app.cli.conftest import COMMAND, ROOT, SECONDS, environment
from tests.app.envelopes.post import take_in

SECRET = b"Anna.Geheim@mail.example"


def pipe(organisation, content, office="membership"):
    settings = organisation.settings
    return subprocess.run(
        [*COMMAND, "bounce", office],
        cwd=ROOT,
        env=environment(settings.instance),
        input=content,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )


def test_a_mail_is_sealed_taken_in_once_and_nothing_of_it_is_kept(cast, organisation):
    done = pipe(organisation, b"To: x@y\r\n\r\n" + SECRET)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with cast.shared():
        (envelope,) = Envelope.select()
        assert envelope.recipient == "membership"
        assert SECRET not in bytes(envelope.ciphertext)
    assert take_in(cast, "membership") == 1
    with cast.vault("membership"):
        assert ImportedEnvelope.select().count() == 1
        assert (RefusedEnvelope.select().count(), Alarm.select().count()) == (0, 0)


def test_what_is_no_mail_at_all_is_taken_and_harms_nobody(cast, organisation):
    for content in (b"", b"\0\xff\xfe" * 100, os.urandom(300_000)):
        assert pipe(organisation, content).returncode == 0
    assert take_in(cast, "membership") == 3
    with cast.vault("membership"):
        assert RefusedEnvelope.select().count() == 0


def test_other_offices_take_no_bounces(organisation):
    done = pipe(organisation, b"", office="clearing")
    assert done.returncode == 2
    assert b"clearing" in done.stderr
