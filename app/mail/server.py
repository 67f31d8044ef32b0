"""Hands mails to an SMTP server (RFC 5321) and tells exactly what became of each. Keeps no text of the server: it may quote content.

A mail goes in two steps, so that the caller can write down in between that from now on its fate may become unknown:
:meth:`Postman.offer` names sender and recipient, :meth:`Postman.hand_over` sends the text. Before the text has begun, nothing can have
been delivered; once it has begun, a connection that dies leaves that open.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from app.config import Settings
from app.mail.message import domain_of

ACCEPTED, LATER, REFUSED, UNKNOWN = "accepted", "later", "refused", "unknown"
OK, START_INPUT, PERMANENT = 250, 354, 5
_OKAY = (250, 251, 252)
_STATUS = re.compile(rb"\b([245]\.\d{1,3}\.\d{1,3})\b")
_LINE = re.compile(rb"\r\n|\r|\n")


class NoMailServer(Exception):
    """No mail server is set, or it doesn't let us send at all: nothing that trying the next address would help."""


@dataclass(frozen=True)
class MailServer:
    """Where mails go out. ``tls`` is "starttls", "tls" (from the first byte on) or "none"; times are seconds."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    timeout: float = 60.0

    @classmethod
    def of(cls, settings: Settings | None) -> MailServer:
        """The server that the settings name; raises :class:`NoMailServer` where they name none."""
        if settings is None or not settings.smtp_host or not settings.smtp_from:
            raise NoMailServer("SCHOTTEN_SMTP_HOST and SCHOTTEN_SMTP_FROM are not set")
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_from,
            settings.organisation,
            settings.smtp_user,
            settings.smtp_password,
            settings.smtp_tls,
        )


@dataclass(frozen=True)
class Answer:
    """What became of a mail. ``code`` is the server's number (RFC 5321, with the status of RFC 3463 where it gave one), or empty."""

    outcome: str
    code: str = ""


class Postman:
    """One connection to the mail server, made when it is needed and made anew when it broke."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None

    def offer(self, sender: str, recipient: str) -> Answer:
        """Ask the server to take a mail: "accepted" means that the text may follow. Raises :class:`NoMailServer`."""
        try:
            connection = self._connected()
            code, said = connection.mail(sender)
            if _is_permanent(code):
                self._drop()
                raise NoMailServer(f"the mail server refuses our sender: {_written(code, said)}")
            if code == OK:
                code, said = connection.rcpt(recipient)
        except (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
            self._drop()
            return Answer(LATER)
        if code in _OKAY:
            return Answer(ACCEPTED, str(code))
        self._reset()
        return _answer(code, said)

    def hand_over(self, text: bytes) -> Answer:
        """Send the text of the mail that was offered; "unknown" where the connection died after it had begun."""
        connection = self._connection
        if connection is None:
            return Answer(LATER)
        try:
            code, said = connection.docmd("DATA")
        except (OSError, smtplib.SMTPServerDisconnected):
            self._drop()
            return Answer(LATER)
        if code != START_INPUT:
            self._reset()
            return _answer(code, said)
        try:
            connection.send(_dotted(text))
            code, said = connection.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Answer(UNKNOWN)
        if code == OK:
            return Answer(ACCEPTED, _written(code, said))
        self._reset()
        return _answer(code, said)

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        # What we call ourselves is our domain: smtplib would tell this machine's name.
        name = domain_of(server.sender)
        connection: smtplib.SMTP
        if server.tls == "tls":
            connection = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)
        try:
            if server.tls == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            connection.close()
            raise NoMailServer(
                f"the mail server doesn't let us in as the settings say: {type(error).__name__}"
            ) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _reset(self) -> None:
        if self._connection is not None:
            try:
                self._connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _dotted(text: bytes) -> bytes:
    """The text with its dots doubled and its end marked, lines ended as SMTP wants them (RFC 5321, 4.5.2)."""
    lines = _LINE.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


def _answer(code: int, said: bytes) -> Answer:
    # -1 is smtplib's word for an answer that made no sense.
    return Answer(REFUSED if _is_permanent(code) else LATER, _written(code, said) if code > 0 else "")


def _is_permanent(code: int) -> bool:
    return code // 100 == PERMANENT


def _written(code: int, said: bytes) -> str:
    status = _STATUS.search(said)
    return f"{code} {status.group(1).decode()}" if status else str(code)
