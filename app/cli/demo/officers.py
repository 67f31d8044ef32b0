"""The demo's officers: appointed, enrolled with a signed commitment and admitted, as everybody is; only faster."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.accounts import enrolment, second_factor
from app.accounts.enrolment import Choices
from app.cli.demo.world import DemoOfficer, World, read_toml
from app.offices import OFFICER, OFFICES
from app.shared import admission, assignments, commitments
from app.shared.models import Account
from compartments.board.appointments.service import name_person
from keys.codes import new_code
from keys.enrolment import code_id
from keys.randomness import new_id
from keys.totp import code_at, new_secret

EARLIER = 600  # seconds: the code of this moment must still be unused


def enrol_all(world: World, codes: Mapping[str, str]) -> None:
    """Enrol every officer of the demo: the first of each compartment with its founding ``codes``, the others appointed and admitted."""
    first: dict[str, str] = {}
    for one in read_toml("officers.toml")["officer"]:
        compartment = one["compartment"]
        code = codes[compartment] if compartment not in first else _appoint(world, one)
        officer = enrol(world, code, one)
        if compartment in first:
            with world.inside(first[compartment]) as colleague:
                admission.admit(officer.account, by=colleague.session(), day=world.day)
            officer.admitted = True
        first.setdefault(compartment, officer.username)


def enrol(world: World, code: str, one: Mapping[str, Any]) -> DemoOfficer:
    """Enrol one person with a code, and set up a second factor where the compartment demands one."""
    language = one.get("language", "de")
    choices = Choices(
        version=commitments.in_force(language, world.day).version,
        language=language,
        signed_name=one["name"],
        username=one["username"],
        display_name=one["name"],
        passphrase=one["passphrase"],
    )
    enrolled = enrolment.enrol(code, choices, world.settings, world.day)
    account = enrolled.account
    officer = DemoOfficer(
        username=account.username,
        name=one["name"],
        compartment=account.compartment,
        role=account.role,
        passphrase=one["passphrase"],
        account=account.id,
        keys=enrolled.keys,
        admitted=enrolled.admitted,
    )
    if OFFICES[account.compartment].second_factor:
        _set_second_factor(officer)
    world.officers[officer.username] = officer
    return officer


def name_all(world: World) -> None:
    """Give the officers' persons their names in the board's vault, where the board looks for them."""
    with world.inside("vera"):
        for officer in world.officers.values():
            person = Account.get_by_id(officer.account).assignment.person_id
            name_person(person, officer.name, f"{officer.username}@example.org")


def _appoint(world: World, one: Mapping[str, Any]) -> str:
    code = new_code()
    since = world.ago(one["in_office_for"])
    ends_on: date | None = world.day + timedelta(days=one["term_ends_in"]) if "term_ends_in" in one else None
    payload = {
        "assignment": new_id(),
        "person": new_id(),
        "compartment": one["compartment"],
        "role": one.get("role", OFFICER),
        "posting": None,
        "appointed_on": since.isoformat(),
        "starts_on": since.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
        "code_id": code_id(code),
        "expires_on": (world.day + timedelta(days=14)).isoformat(),
    }
    assignments.appoint(new_id(), payload)
    return code


def _set_second_factor(officer: DemoOfficer) -> None:
    at = time.time() - EARLIER
    officer.second_factor = new_secret()
    code = code_at(officer.second_factor, at)
    second_factor.set_up(Account.get_by_id(officer.account), officer.keys, officer.second_factor, code, at)
