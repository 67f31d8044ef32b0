"""A real SMTP server for tests, which keeps what it gets and misbehaves on demand.

with smtp_peer() as peer:
    settings.but(**peer.settings)
    peer.answers["anna@example.org"] = "550 5.1.1 no such user"      # to RCPT; "451 ..." to be asked again
    peer.dies_in_data_for.add("anna@example.org")
"""

import asyncio
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Peer:
    """What the server was told, and how it shall behave. ``mails`` are (envelope sender, recipient, mail)."""

    def __init__(self):
        self.mails = []
        self.offered = []
        self.answers = {}
        self.data_answers = {}
        self.dies_in_data_for = set()
        self.dies_after_data_for = set()
        self.seconds_per_mail = 0.0
        self.waits_after = None  # a number of mails: the next one is held until this is None again
        self.port = 0

    @property
    def settings(self):
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_tls": "none",
            "smtp_from": "einladung@verein.example",
        }

    @property
    def recipients(self):
        return [recipient for _, recipient, _ in self.mails]

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 (aiosmtpd calls it)
        self.offered.append(address)
        answer = self.answers.get(address)
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if self.seconds_per_mail:
            await asyncio.sleep(self.seconds_per_mail)
        while self.waits_after is not None and len(self.mails) >= self.waits_after:  # noqa: ASYNC110  (another thread ends it)
            await asyncio.sleep(0.01)
        if recipient in self.dies_in_data_for:
            server.transport.abort()
            return "421 gone"
        if answer := self.data_answers.pop(recipient, None):
            return answer
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.mail_from, recipient, mail))
        if recipient in self.dies_after_data_for:
            server.transport.abort()
            return "421 gone"
        return "250 2.0.0 taken"


class _OnAnyPort(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="peer.example", enable_SMTPUTF8=False)


@contextmanager
def smtp_peer():
    peer = Peer()
    controller = _OnAnyPort(peer, hostname="127.0.0.1", port=_free_port())
    controller.start()
    peer.port = controller.port
    try:
        yield peer
    finally:
        controller.stop()


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
