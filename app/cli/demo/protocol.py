"""The three offices' common work in the demo: keys and codes, a run of invitations, claims, accounts, leavers, and sums that agree.

Everything goes the way it goes in earnest: each office acts in its own vault, through its own rules, and envelopes carry the rest. Only the
mail server is left out, and the platform is a stand-in that exchanges files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from app.cli.demo.platform import StandIn
from app.cli.demo.world import World
from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.receiving import receive
from app.office import releases
from app.office.authors import Author
from app.public.claiming import Claims
from compartments.administration import reports as administration_reports
from compartments.administration import service as administration
from compartments.administration.codes import books
from compartments.administration.platform import exchange
from compartments.administration.platform import settings as platform_settings
from compartments.administration.reconciliation import batches as locking
from compartments.clearing import reports as clearing_reports
from compartments.clearing import service as clearing
from compartments.clearing.keysets import making
from compartments.clearing.keysets import service as keysets
from compartments.clearing.reconciliation import service as passing
from compartments.membership import persons
from compartments.membership import reports as membership_reports
from compartments.membership import service as membership
from compartments.membership.invitations import keys, runs, texts
from compartments.membership.invitations.models import SENT, Invitation, InvitationRun
from compartments.membership.models import database
from compartments.membership.reconciliation import batches
from compartments.membership.reconciliation.models import REGULAR
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.randomness import new_id
from keys.sealing import SealingKey
from keys.sessions import new_token

KEYS = 1200
CLAIM_ADDRESS, CONTACT = "http://127.0.0.1:8000/claim", "http://127.0.0.1:8000/contact"
CONTINGENT = 500
BOUNCED = 6
CLAIMED = 320
REGISTERED = 290
LEAVERS = 14
PER_MINUTE = 60

SERVICES: Mapping[str, ModuleType] = {
    "membership": membership,
    "clearing": clearing,
    "administration": administration,
}
REPORTS: tuple[tuple[str, str, Callable[[], Mapping[str, int]]], ...] = (
    ("anke", "jonas", membership_reports.audit_figures),
    ("holger", "sofia", clearing_reports.audit_figures),
    ("ruth", "mehdi", administration_reports.audit_figures),
)


def fill(world: World) -> None:
    """Everything, in the order in which it happens."""
    platform = StandIn()
    _issue_keys(world)
    _create_accounts(world, platform)
    claimed = _claim(world, _invite(world))
    platform.register(claimed[:REGISTERED])
    _come_and_go(world)
    _read_back(world, platform)
    _reconcile(world, platform)
    _prepare_next_run(world)
    _release(world)


def visit(world: World, username: str) -> None:
    """An officer opens a page: what is ordered is delivered, what waits is taken in, and so on until nothing is left."""
    with world.inside(username) as officer:
        service = SERVICES[officer.compartment]
        while receive(service.INCOMING) + outbox.deliver(service.ACTIONS):
            pass


def author(world: World, username: str) -> Author:
    """An officer as histories keep them."""
    officer = world.officers[username]
    return Author(officer.account, officer.name)


def _issue_keys(world: World) -> None:
    with world.inside("anke"):
        texts.save_settings({"claim_address": CLAIM_ADDRESS, "contact": CONTACT})
        keys.ask(KEYS, request_id=new_id(), by=author(world, "anke"), day=world.ago(20))
    for username in ("anke", "holger"):
        visit(world, username)
    with world.inside("holger"):
        (request,) = keysets.open_requests()
        making.make(
            new_id(),
            f"{world.ago(19):%Y-%m}",
            request.count,
            claim_key=SealingKey.from_bytes(world.instance.claim_sealing_key),
            by=author(world, "holger"),
            day=world.ago(19),
            request=request.id,
        )
    for username in ("holger", "anke", "ruth"):
        visit(world, username)


def _create_accounts(world: World, platform: StandIn) -> None:
    with world.inside("ruth"):
        batch = locking.begin_creation(day=world.ago(18))
    if batch is not None:
        _apply(world, platform, batch.id)


def _apply(world: World, platform: StandIn, batch_id: str) -> None:
    """One officer prepares, another one confirms; the plan goes to the platform's operator as a file, and the answer comes back as one."""
    with world.inside("ruth") as ruth:
        seen = exchange.read_answer(platform.answer())
        locking.prepare(
            batch_id,
            seen.applied.rows,
            version=seen.version.text,
            by_name=ruth.name,
            now=utc_now(),
            day=world.day,
        )
    with world.inside("mehdi"):
        locking.confirm(batch_id, by=author(world, "mehdi"))
        plan = exchange.write_plan(locking.plan_of(batch_id), name=batch_id, expires=None)
        answer = exchange.read_answer(platform.carry_out(plan))
        locking.finish(batch_id, answer.applied, version=answer.version.text, now=utc_now(), day=world.day)
    visit(world, "mehdi")


def _invite(world: World) -> list[str]:
    """Invite the first contingent; return the keys that have arrived."""
    day = world.ago(14)
    with world.inside("anke"), database.atomic("IMMEDIATE"):
        run = _run(world, "anke", days=14)
        while (mail := runs.claim(run.id, day=day, now=world.moment(14))) is not None:
            if runs.begin_text(mail.invitation):
                runs.note_sent(mail.invitation, "250", day=day)
        sent = list(Invitation.select().where(Invitation.run == run, Invitation.state == SENT))
        returned = world.chance.sample(sent, BOUNCED)
        keys.take_back_bounced([one.token for one in returned], "5.1.1", day=world.ago(13))
        arrived = Invitation.select().where(Invitation.run == run, Invitation.state == SENT)
        found: list[str] = sorted(str(one.key_id) for one in arrived)
    for username in ("anke", "holger", "ruth"):
        visit(world, username)
    return found


def _run(world: World, username: str, *, days: int) -> InvitationRun:
    return runs.prepare(
        new_id(),
        contingent=CONTINGENT,
        per_minute=PER_MINUTE,
        by=author(world, username),
        day=world.ago(days),
    )


def _claim(world: World, arrived: list[str]) -> list[str]:
    """Some members look at their invite code on the public page; return the codes."""
    claims = Claims(ClaimKeyPair.load(world.instance.claim_key))
    pinned, codes = world.pinned("clearing"), []
    for key in world.chance.sample(arrived, CLAIMED):
        reference = ClaimKeys.from_reference(key)
        days = world.chance.randint(1, 12)
        code = claims.claim(
            reference, new_token(), clearing=pinned, day=world.ago(days), now=world.moment(days)
        )
        codes += [code] if code else []
    visit(world, "sofia")
    return codes


def _come_and_go(world: World) -> None:
    """Some of the invited leave: their accounts are to be locked with the next reconciliation."""
    with world.inside("jonas"):
        invited: Any = Invitation.select(Invitation.person).where(Invitation.state == SENT).tuples()
        for (person_id,) in world.chance.sample(sorted(invited), LEAVERS):
            person = persons.find(person_id)
            days = world.chance.randint(2, 9)
            persons.edit(
                person_id,
                replace(persons.details_of(person), left_on=world.ago(days), exit_reason="resigned"),
                revision=person.revision,
                by=author(world, "jonas"),
                now=world.moment(days),
                ticket=f"A-{world.chance.randint(1000, 9999)}",
            )


def _read_back(world: World, platform: StandIn) -> None:
    with world.inside("ruth"):
        seen = exchange.read_answer(platform.answer())
        books.read_in(seen.applied.rows, version=seen.version.text, at=utc_now())
        settings = platform_settings.read()
        platform_settings.save({"units": "1"}, revision=settings.revision)


def _reconcile(world: World, platform: StandIn) -> None:
    """The whole chain: keys to clearing, codes to the administration, counts back."""
    with world.inside("anke"):
        seen = batches.preview(REGULAR, world.day)
        batches.send(
            REGULAR,
            batch_id=new_id(),
            seen=seen.seen,
            reason="",
            by=author(world, "anke"),
            day=world.day,
            confirmed_by=author(world, "jonas"),
        )
    for username in ("anke", "holger"):
        visit(world, username)
    with world.inside("holger"):
        for arrived in passing.waiting():
            passing.pass_on(arrived.id, by=author(world, "holger"), day=world.day, agreed=True)
    for username in ("holger", "ruth"):
        visit(world, username)
    # One may settle another: what the regular list has locked, nobody need lock as deactivated.
    while batch := _next_batch(world):
        _apply(world, platform, batch)
    for username in ("holger", "anke"):
        visit(world, username)


def _next_batch(world: World) -> str:
    with world.inside("ruth"):
        waiting = locking.unfinished()
    return str(waiting[0].id) if waiting else ""


def _prepare_next_run(world: World) -> None:
    """The next contingent has its keys; the mails wait for an officer who starts them."""
    with world.inside("anke"):
        _run(world, "anke", days=0)


def _release(world: World) -> None:
    """Each office tells the board its sums of this month."""
    period = releases.period_of(world.day)
    for username, colleague, report in REPORTS:
        with world.inside(username) as officer:
            names = (officer.name, world.officers[colleague].name)
            releases.release(period, report(), released_by=names, day=world.day)
        visit(world, username)
