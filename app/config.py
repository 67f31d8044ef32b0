"""Settings of a running Schotten, read once from the environment and passed on; never read anywhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.clock import BERLIN
from app.offices import OFFICES
from keys.passphrase import RECOMMENDED, Argon2Policy, require_strong

PUBLIC = "public"
UNNAMED = "Schotten"
ALL_FACES = (PUBLIC, *OFFICES)


class SettingsError(ValueError):
    """A setting is missing or makes no sense; the text names the setting and what it may be."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations.

    Times are :class:`~datetime.timedelta`; sizes are bytes. ``shared_url`` is empty for the default,
    the SQLCipher file ``shared/shared.db`` in the instance folder.
    """

    instance: Path
    shared_url: str = ""
    faces: tuple[str, ...] = ALL_FACES
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    https: bool = True
    origins: tuple[str, ...] = ()
    organisation: str = UNNAMED
    timezone: ZoneInfo = BERLIN
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=10)
    step_up_for: timedelta = timedelta(minutes=10)
    form_valid_for: timedelta = timedelta(hours=4)
    draft_valid_for: timedelta = timedelta(hours=4)
    cooling_off: timedelta = timedelta(days=183)
    application_retention: timedelta = timedelta(days=183)
    backups_kept: timedelta = timedelta(days=14)
    minimum_age: int = 14
    upload_limit: int = 10 * 1024 * 1024
    rate_limits: bool = True
    argon2: Argon2Policy = RECOMMENDED
    neutral_page: str = "https://www.dwd.de/"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "starttls"
    smtp_from: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.faces) - set(ALL_FACES)
        if unknown:
            raise SettingsError(
                f"SCHOTTEN_FACES names {', '.join(sorted(unknown))}; faces are {', '.join(ALL_FACES)}"
            )
        if not self.faces:
            raise SettingsError("SCHOTTEN_FACES names no face")

    @property
    def passkey_origins(self) -> tuple[str, ...]:
        """Where passkeys may be used: browsers bind each to the host name of the page it was made on."""
        return self.origins if self.origins or self.https else (f"http://localhost:{self.port}",)

    def for_production(self) -> Settings:
        """Return the settings unchanged; raises :class:`keys.errors.WeakParameters` where they are only fit for tests."""
        require_strong(self.argon2)
        return self

    def but(self, **changes: object) -> Settings:
        """Return a copy with some settings changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the ``SCHOTTEN_*`` variables; raises :class:`SettingsError` naming the one that is wrong."""
        known: dict[str, object] = {}
        if not environment.get("SCHOTTEN_INSTANCE"):
            raise SettingsError(
                "SCHOTTEN_INSTANCE is not set: it names the instance folder, for example /var/lib/schotten"
            )
        for variable, (name, convert) in _VARIABLES.items():
            if text := environment.get(variable, "").strip():
                try:
                    known[name] = convert(text)
                except (ValueError, KeyError) as error:
                    raise SettingsError(f"{variable} can't be {text!r}") from error
        return cls(**known)  # type: ignore[arg-type]


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(" ", ",").split(",") if part.strip())


def _origins(text: str) -> tuple[str, ...]:
    """Scheme, host and port as browsers write them. A passkey needs a host name, and HTTPS except on localhost."""
    found = []
    for origin in _names(text):
        parts = urlsplit(origin.lower())
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")
        if not secure or not parts.hostname or parts.path.strip("/") or parts.query or "@" in parts.netloc:
            raise ValueError(origin)
        if re.fullmatch(r"[\d.]+|.*:.*", parts.hostname):
            raise ValueError(origin)
        port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) != ("https", 443) else ""
        found.append(f"{parts.scheme}://{parts.hostname}{port}")
    return tuple(found)


def _switch(text: str) -> bool:
    return {
        "1": True,
        "yes": True,
        "true": True,
        "on": True,
        "0": False,
        "no": False,
        "false": False,
        "off": False,
    }[text.lower()]


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=_positive(text))


def _https_page(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(text)
    return text


def _positive(text: str) -> int:
    if (number := int(text)) <= 0:
        raise ValueError(text)
    return number


def _encryption(text: str) -> str:
    return {"starttls": "starttls", "tls": "tls", "none": "none"}[text.lower()]


def _address(text: str) -> str:
    local, _, domain = text.rpartition("@")
    if not local or not domain or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


_VARIABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "SCHOTTEN_INSTANCE": ("instance", lambda text: Path(text).expanduser().absolute()),
    "SCHOTTEN_SHARED_URL": ("shared_url", str),
    "SCHOTTEN_FACES": ("faces", _names),
    "SCHOTTEN_HOST": ("host", str),
    "SCHOTTEN_PORT": ("port", _positive),
    "SCHOTTEN_WORKERS": ("workers", _positive),
    "SCHOTTEN_THREADS": ("threads", _positive),
    "SCHOTTEN_HTTPS": ("https", _switch),
    "SCHOTTEN_ORIGINS": ("origins", _origins),
    "SCHOTTEN_ORGANISATION": ("organisation", str),
    "SCHOTTEN_TIMEZONE": ("timezone", ZoneInfo),
    "SCHOTTEN_SESSION_IDLE_MINUTES": ("session_idle", _minutes),
    "SCHOTTEN_SESSION_ABSOLUTE_MINUTES": ("session_absolute", _minutes),
    "SCHOTTEN_STEP_UP_MINUTES": ("step_up_for", _minutes),
    "SCHOTTEN_FORM_MINUTES": ("form_valid_for", _minutes),
    "SCHOTTEN_BACKUP_DAYS": ("backups_kept", lambda text: timedelta(days=_positive(text))),
    "SCHOTTEN_MINIMUM_AGE": ("minimum_age", _positive),
    "SCHOTTEN_UPLOAD_LIMIT": ("upload_limit", _positive),
    "SCHOTTEN_RATE_LIMITS": ("rate_limits", _switch),
    "SCHOTTEN_NEUTRAL_PAGE": ("neutral_page", _https_page),
    "SCHOTTEN_SMTP_HOST": ("smtp_host", str),
    "SCHOTTEN_SMTP_PORT": ("smtp_port", _positive),
    "SCHOTTEN_SMTP_USER": ("smtp_user", str),
    "SCHOTTEN_SMTP_PASSWORD": ("smtp_password", str),
    "SCHOTTEN_SMTP_TLS": ("smtp_tls", _encryption),
    "SCHOTTEN_SMTP_FROM": ("smtp_from", _address),
}
