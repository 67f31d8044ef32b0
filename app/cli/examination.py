"""What the doctor looks at, and what it makes of it. Reads headers, modes and public facts; opens no vault."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Literal

from peewee import DatabaseError

from app.cli.file_examination import leftovers, owners, permissions, plaintext_files
from app.cli.ground import shared_layer
from app.cli.unfinished import MARKER
from app.clock import today, utc_now
from app.config import PUBLIC, Settings
from app.instance import Instance
from app.offices import OFFICES
from app.shared import acts, assignments
from app.shared.dialect import OtherSchema, check_schema
from app.shared.models import Account, Act, Enrolment
from keys.claims import ClaimKeyPair
from keys.errors import KeysError, WeakParameters
from keys.passphrase import is_outdated, require_strong
from keys.service import ServiceKey

Level = Literal["ok", "note", "PROBLEM"]
LEAST_FREE = 512 * 1024 * 1024
EARLIEST = datetime(2026, 1, 1)  # noqa: DTZ001  (naive UTC, as everywhere)
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield every finding; raises nothing for what is wrong with the installation."""
    instance = Instance(settings.instance)
    if not instance.exists:
        unfinished = (
            "a half-made one; run schotten init again"
            if (instance.path / MARKER).exists()
            else "run schotten init"
        )
        yield Finding("PROBLEM", f"{instance.path} holds no instance ({unfinished})")
        return
    yield Finding(
        "ok",
        f"{instance.path}: {'a DEMO' if instance.is_demo else 'an instance'} founded {instance.facts['founded']} (UTC)",
    )
    for look in EXAMINATIONS:
        yield from look(settings, instance)


def _checkout(_: Settings, instance: Instance) -> Iterator[Finding]:
    if checkout := instance.inside_checkout():
        level: Level = "note" if instance.is_demo else "PROBLEM"
        yield Finding(level, f"the instance folder lies in the git checkout {checkout}")
    else:
        yield Finding("ok", "the instance folder lies outside of any git checkout")


def _files(_: Settings, instance: Instance) -> Iterator[Finding]:
    yield from _none_of(chain(permissions(instance), owners(instance)), "files and folders are private")
    yield from _none_of(plaintext_files(instance), "no file is a readable SQLite database")
    found = list(leftovers(instance))
    yield from (Finding("note", text) for text in found)
    if not found:
        yield Finding("ok", "nothing unfinished lies about")


def _service_key(_: Settings, instance: Instance) -> Iterator[Finding]:
    try:
        ServiceKey.load(instance.service_key)
    except KeysError as error:
        yield Finding("PROBLEM", f"{instance.service_key}: {error}")
    else:
        yield Finding("ok", "the service key is there")


def _claim_key(settings: Settings, instance: Instance) -> Iterator[Finding]:
    """Only the public face reads it: elsewhere it had better not be."""
    if PUBLIC not in settings.faces:
        return
    try:
        keys = ClaimKeyPair.load(instance.claim_key)
    except KeysError as error:
        yield Finding("PROBLEM", f"{instance.claim_key}: {error}")
        return
    if keys.public.to_bytes() == instance.claim_sealing_key:
        yield Finding("ok", "the claim key is there")
    else:
        yield Finding("PROBLEM", f"{instance.claim_key} is not the one that this instance was founded with")


def _shared_layer(settings: Settings, instance: Instance) -> Iterator[Finding]:
    if not settings.shared_url and not instance.shared_file.is_file():
        yield Finding("PROBLEM", f"{instance.shared_file} is missing")
        return
    try:
        layer = shared_layer(settings, instance)
        with layer.bound() as database:
            yield Finding("ok", f"the shared layer opens; its schema is version {check_schema(database)}")
            yield from _inside_shared_layer(settings)
        layer.close()
    except KeysError:
        return  # told by _service_key
    except (OtherSchema, DatabaseError) as error:
        text = (
            str(error)
            if isinstance(error, OtherSchema)
            else "it doesn't open with this service key, or is damaged"
        )
        yield Finding("PROBLEM", f"the shared layer: {text}")


def _inside_shared_layer(settings: Settings) -> Iterator[Finding]:
    yield from _none_of(
        (f"the log of acts was changed at number {n}" for n in acts.broken_links()),
        "the log of acts is unbroken",
    )
    broken = (f"person {found.person} breaks the rule {found.rule}" for found in assignments.violations())
    yield from _none_of(broken, "nobody holds offices that exclude one another")
    weak = sum(is_outdated(bytes(account.wrapped_keys), settings.argon2) for account in Account.select())
    if weak:
        yield Finding(
            "note",
            f"{weak} accounts have weaker Argon2 parameters than the policy; their next log-in raises them",
        )
    last = Act.select().order_by(Act.number.desc()).first()
    if last is not None and last.at > utc_now() + AHEAD:
        yield Finding("PROBLEM", f"this machine's clock is behind: the last act was at {last.at} (UTC)")
    for name in OFFICES:
        if not Account.select().where(Account.compartment == name, Account.state == "active").exists():
            yield _nobody_in(name, settings)


def _nobody_in(compartment: str, settings: Settings) -> Finding:
    codes = [
        row
        for row in Enrolment.select().where(Enrolment.first_grant.is_null(False))
        if row.assignment.compartment == compartment
    ]
    if any(row.expires_on >= today(settings.timezone) for row in codes):
        return Finding(
            "note", f"{compartment} has no officer yet; its first code is valid until {codes[0].expires_on}"
        )
    return Finding(
        "PROBLEM",
        f"{compartment} has no officer, and no valid first code: only its recovery shares open it (schotten recover {compartment})",
    )


def _vaults(_: Settings, instance: Instance) -> Iterator[Finding]:
    here = [name for name in instance.roots if instance.vault_file(name).is_file()]
    yield Finding(
        "ok",
        f"vaults on this machine: {', '.join(here) or 'none'} (their schema versions can't be read without their keys)",
    )
    if missing := sorted(set(instance.roots) - set(here)):
        # A readable folder without a file is a loss; a vault may also live on another host.
        yield Finding(
            "PROBLEM" if not here or len(here) > 1 else "note",
            f"no vault file here for: {', '.join(missing)}",
        )
    for name in here:
        size = instance.vault_file(name).stat().st_size
        if size == 0 or size % 4096:
            yield Finding(
                "PROBLEM", f"the vault of {name} is cut off ({size} bytes); restore it from a backup"
            )


def _settings(settings: Settings, instance: Instance) -> Iterator[Finding]:
    try:
        require_strong(settings.argon2)
        yield Finding(
            "ok",
            f"Argon2id: {settings.argon2.time_cost} passes over {settings.argon2.memory_kib // 1024} MiB",
        )
    except WeakParameters as error:
        yield Finding("PROBLEM", f"Argon2id: {error}")
    if not instance.is_demo and not settings.https:
        yield Finding("PROBLEM", "SCHOTTEN_HTTPS is off: cookies would travel in clear")
    if not instance.is_demo and not settings.rate_limits:
        yield Finding("PROBLEM", "SCHOTTEN_RATE_LIMITS is off")
    if "SCHOTTEN_FAULT_POINT" in os.environ:
        yield Finding("PROBLEM", "SCHOTTEN_FAULT_POINT is set: it is for tests and ends the process")


def _machine(_: Settings, instance: Instance) -> Iterator[Finding]:
    yield Finding("ok" if resource.getrlimit(resource.RLIMIT_CORE)[0] == 0 else "note", _core_dumps())
    if _swaps():
        yield Finding("note", "this machine swaps: keys may reach the disk unless the swap is encrypted")
    free = shutil.disk_usage(instance.path).free
    yield Finding("ok" if free >= LEAST_FREE else "PROBLEM", f"free on the disk: {free // (1024 * 1024)} MiB")
    if utc_now() < max(EARLIEST, datetime.fromisoformat(instance.facts["founded"]) - AHEAD):
        yield Finding(
            "PROBLEM",
            f"this machine's clock says {utc_now():%Y-%m-%d %H:%M} (UTC), before the instance was founded",
        )
    else:
        yield Finding("ok", f"the clock says {utc_now():%Y-%m-%d %H:%M} (UTC)")


def _swaps() -> bool:
    listed = Path("/proc/swaps")
    return listed.exists() and len(listed.read_text(encoding="utf-8").splitlines()) > 1


def _core_dumps() -> str:
    pattern = Path("/proc/sys/kernel/core_pattern")
    piped = pattern.exists() and pattern.read_text(encoding="utf-8").startswith("|")
    where = (
        "a program of this machine collects them: see that it keeps none of Schotten's"
        if piped
        else "off while serving"
    )
    return f"core dumps: schotten serve switches them off for itself ({where})"


def _none_of(problems: Iterator[str], otherwise: str) -> Iterator[Finding]:
    found = [Finding("PROBLEM", text) for text in problems]
    yield from found or [Finding("ok", otherwise)]


EXAMINATIONS: tuple[Callable[[Settings, Instance], Iterator[Finding]], ...] = (
    _checkout, _files, _service_key, _claim_key, _shared_layer, _vaults, _settings, _machine,
)  # fmt: skip
