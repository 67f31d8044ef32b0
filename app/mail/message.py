"""Composes a mail: plain text in UTF-8, marked as automatic (RFC 3834), with an id that names no machine of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254


class Undeliverable(ValueError):
    """The address is none that a mail server takes as it is."""


def deliverable(address: str) -> str:
    """Return the address as a server takes it, an international domain in its ASCII form. Raises :class:`Undeliverable`."""
    local, _, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        parsed = Address(addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, IndexError, MessageError) as error:
        raise Undeliverable("not an address") from error
    written = parsed.addr_spec
    if not local.isascii() or not local or not domain or len(written) > LONGEST_ADDRESS:
        raise Undeliverable("not an address that every server takes")
    if any(sign.isspace() or not sign.isprintable() for sign in written):
        raise Undeliverable("not an address")
    return written


def domain_of(address: str) -> str:
    """Return what stands behind the @ sign."""
    return address.rpartition("@")[2]


def bounce_address(sender: str, token: str) -> str:
    """Return the address that bounces of one mail come back to: ``invite+token@example.org``. The token tells nothing by itself.

    A sender whose local part leaves no room keeps their own address; the mail's id then has to do.
    """
    local, _, domain = sender.rpartition("@")
    tagged = f"{local}+{token}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL_PART else sender


def compose(
    *, sender: str, sender_name: str, to: str, subject: str, text: str, token: str, now: datetime
) -> bytes:
    """Return the mail as it goes over the wire. ``now`` is UTC; ``token`` becomes the mail's id.

    Raises ``ValueError`` where a line break hides in a header.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=deliverable(to))
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now.replace(tzinfo=UTC))
    mail["Message-ID"] = f"<{token}@{domain_of(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "list"
    mail.set_content(text, cte="quoted-printable")
    return mail.as_bytes()
