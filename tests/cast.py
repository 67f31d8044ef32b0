"""The cast: one officer per compartment, a junior, and an outsider; all of them real, with real keys in a real instance.

    def test_something(cast):
        with cast.vault("membership"):                      # service level: that vault is open, and the shared layer bound
            ...
        page = cast["membership"].client().get("/membership/")    # a Flask client that is logged in
        page = cast.outsider().get("/membership/")                # one that isn't

Don't ask a client inside `with cast.vault(...)`: one context opens one vault at a time.
"""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import psycopg
import pyotp
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import enrolment, second_factor
from app.accounts.enrolment import Choices
from app.cli.founding import found
from app.clock import today
from app.config import Settings
from app.factory import create_app
from app.instance import Instance
from app.offices import JUNIOR, OFFICER, OFFICES
from app.shared import admission, commitments, sessions
from app.shared.database import SharedLayer
from app.shared.models import Account, Assignment, Enrolment, Person
from app.shared.sessions import OfficerSession
from app.vault.context import OpenVault
from app.vault.opening import open_vault
from keys.codes import new_code
from keys.enrolment import code_id
from keys.identity import KeyPairs
from keys.passphrase import Argon2Policy
from keys.randomness import new_id
from keys.service import ServiceKey
from keys.totp import new_secret

CHEAP = Argon2Policy(time_cost=1, memory_kib=8, parallelism=1)
"""Argon2 for tests only: a test sees to it that production refuses it."""

NAMES = {
    "board": "Berta Vorstand",
    "desk": "Dana Anfrage",
    "membership": "Mika Register",
    "administration": "Ada Betrieb",
    "clearing": "Clara Schlüssel",
    "counsel": "Conny Vertrauen",
    "junior": "Juna Neuling",
}


def schemas():
    return [import_module(f"compartments.{name}.models").SCHEMA for name in OFFICES]


@dataclass(frozen=True)
class Organisation:
    """A founded instance. `codes` are the first officers' enrolment codes, used up where there is a cast."""

    settings: Settings
    codes: Mapping[str, str] = field(repr=False)
    recovery_shares: Mapping[str, list[str]] = field(repr=False)

    @property
    def instance(self) -> Instance:
        return Instance(self.settings.instance)

    def shared_layer(self) -> SharedLayer:
        """A shared layer of one's own; close it."""
        key = ServiceKey.load(self.instance.service_key).derive("shared-database")
        return SharedLayer.at(self.instance.shared_file, key, self.settings.shared_url)

    def copied_to(self, folder: Path) -> "Organisation":
        shutil.copytree(self.settings.instance, folder)
        return Organisation(self.settings.but(instance=folder), self.codes, self.recovery_shares)


@dataclass
class Member:
    """One officer of the cast."""

    name: str
    compartment: str
    role: str
    account_id: str
    username: str
    display_name: str
    passphrase: str = field(repr=False)
    keys: KeyPairs = field(repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    app: Flask | None = field(default=None, repr=False)

    @property
    def shared(self) -> SharedLayer:
        return self.app.extensions["schotten"].shared

    def client(self, *, stage: str = sessions.FULL) -> FlaskClient:
        """A client with a session of this officer, just begun (so it is stepped up, too)."""
        client = self.app.test_client()
        client.set_cookie(f"schotten-{self.compartment}", self.token(stage=stage))
        return client

    def token(self, *, stage: str = sessions.FULL) -> str:
        with self.shared.bound():
            return sessions.begin(Account.get_by_id(self.account_id), self.keys, stage=stage)

    def session(self) -> OfficerSession:
        """The session as services take it; call it where the shared layer is bound."""
        return OfficerSession("test", Account.get_by_id(self.account_id), sessions.FULL, True, self.keys)

    def code(self, at: float | None = None) -> str:
        """The second factor's code of this moment."""
        return pyotp.TOTP(self.totp_secret).at(time.time() if at is None else at)


class Cast(dict[str, Member]):
    """The officers by name: the six compartments', and `junior` of administration."""

    def __init__(
        self, members: Mapping[str, Member], organisation: Organisation, app: Flask | None = None
    ) -> None:
        super().__init__({name: Member(**{**vars(member), "app": app}) for name, member in members.items()})
        self.organisation = organisation
        self.app = app

    @contextmanager
    def shared(self) -> Iterator[None]:
        """The shared layer, bound for service-level tests."""
        with self.app.extensions["schotten"].shared.bound():
            yield

    @contextmanager
    def vault(self, name: str) -> Iterator[OpenVault]:
        """An officer's vault, open, with the shared layer bound."""
        member = self[name]
        schema = import_module(f"compartments.{member.compartment}.models").SCHEMA
        with self.shared():
            keys = member.session().vault_keys(member.compartment)
            with open_vault(
                self.organisation.instance, member.compartment, keys, schema, officer=member.account_id
            ) as vault:
                yield vault

    def outsider(self) -> FlaskClient:
        """A client without any session."""
        return self.app.test_client()


@contextmanager
def on_postgres(server: str, settings: Settings, database: str) -> Iterator[Cast]:
    """A cast whose shared layer is a database of its own on this PostgreSQL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {database}")
        user, host = connection.info.user, connection.info.host
    organisation = found_organisation(settings.but(shared_url=f"postgresql://{user}@/{database}?host={host}"))
    app = create_app(organisation.settings)
    yield Cast(enrol_cast(organisation), organisation, app)
    app.extensions["schotten"].shared.close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {database} with (force)")


def found_organisation(settings: Settings) -> Organisation:
    founded = found(settings, schemas(), demo=True)
    return Organisation(settings, founded.codes, founded.recovery_shares)


def appointment(
    compartment: str, *, role: str = OFFICER, person: str | None = None, day: date | None = None
) -> str:
    """Appoint somebody as the board would; return the enrolment code. Call it where the shared layer is bound."""
    day = day or today()
    code = new_code()
    person = person or Person.create(id=new_id()).id
    assignment = Assignment.create(
        id=new_id(), person=person, compartment=compartment, role=role, appointed_on=day, starts_on=day
    )
    Enrolment.create(id=code_id(code), assignment=assignment, expires_on=day + timedelta(days=30))
    return code


def enrol(code: str, name: str, settings: Settings, *, compartment: str, role: str = OFFICER) -> Member:
    """Enrol with a code, as the pages do. Call it where the shared layer is bound."""
    day = today(settings.timezone)
    display_name = NAMES.get(name, name)
    passphrase = f"kein Kahn kentert im Mai, {name}"
    choices = Choices(
        version=commitments.in_force("de", day).version,
        language="de",
        signed_name=display_name,
        username=name,
        display_name=display_name,
        passphrase=passphrase,
    )
    enrolled = enrolment.enrol(code, choices, settings, day)
    return Member(name, compartment, role, enrolled.account.id, name, display_name, passphrase, enrolled.keys)


def give_second_factor(member: Member) -> None:
    """Set one up, long enough ago that the code of this moment is still unused."""
    member.totp_secret = new_secret()
    account = Account.get_by_id(member.account_id)
    earlier = time.time() - 600
    second_factor.set_up(account, member.keys, member.totp_secret, member.code(earlier), earlier)


def enrol_cast(organisation: Organisation) -> dict[str, Member]:
    """Everybody enrolled, admitted and, where it is demanded, with a second factor."""
    layer = organisation.shared_layer()
    settings = organisation.settings
    members = {}
    with layer.bound():
        for name, office in OFFICES.items():
            members[name] = enrol(organisation.codes[name], name, settings, compartment=name)
            if office.second_factor:
                give_second_factor(members[name])
        junior = enrol(
            appointment("administration", role=JUNIOR),
            "junior",
            settings,
            compartment="administration",
            role=JUNIOR,
        )
        ada = members["administration"].session()
        schema = import_module("compartments.administration.models").SCHEMA
        keys = ada.vault_keys("administration")
        with open_vault(organisation.instance, "administration", keys, schema, officer=ada.account.id):
            admission.admit(junior.account_id, by=ada, day=today(settings.timezone))
        give_second_factor(junior)
        members["junior"] = junior
    layer.close()
    return members
