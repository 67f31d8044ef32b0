"""The list of cases: 50 out of 5,000, each under a key of its own, as one request of a counsellor makes it; the 95th percentile."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.clock import utc_now
from app.instance import Instance
from app.office.authors import Author
from app.shared import sessions
from app.vault.opening import open_vault
from bench.ground import QUICK, Ground
from bench.load import WrongAnswer
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.incoming import write_slots
from compartments.counsel.cases.models import Case
from compartments.counsel.cases.opened import Kind, OpenCase, in_one_piece
from compartments.counsel.models import SCHEMA
from keys import cases
from keys.identity import KeyPairs
from keys.randomness import new_id

COMPARTMENT = "counsel"
CASES, REQUESTS = 5_000, 200
NOTE = "Was besprochen wurde, in einigen Sätzen. " * 20


def take(ground: Ground) -> tuple[float, str]:
    """Milliseconds at the 95th percentile: the vault opened, the keyring read, a page of 50 heads opened, in turn through all pages."""
    folder, requests = ground.copy("cases"), REQUESTS if ground.pace != QUICK else 20
    many = CASES if ground.pace != QUICK else 500
    with ground.officer(folder, COMPARTMENT) as (account, keys):
        session = sessions.OfficerSession("", account, sessions.FULL, True, keys)

        @contextmanager
        def request() -> Iterator[Desk]:
            vault_keys = session.vault_keys(COMPARTMENT)
            with open_vault(Instance(folder), COMPARTMENT, vault_keys, SCHEMA, officer=account.id):
                yield Desk.of(session)

        with request() as desk:
            _fill(many, keys, Author(account.id, account.display_name))
        began = time.perf_counter()
        with request() as desk:
            known = len(desk.ring.cases)
        first = time.perf_counter() - began
        if known < many:
            raise WrongAnswer(f"{known} cases are read instead of {many}")
        times = []
        for number in range(requests):
            began = time.perf_counter()
            with request() as desk:
                page = desks.page(desk, 1 + number % (many // desks.PER_PAGE), now=utc_now())
            times.append((time.perf_counter() - began) * 1000)
            if len(page.items) != desks.PER_PAGE:
                raise WrongAnswer(f"{len(page.items)} cases on a page")
    slow = statistics.quantiles(times, n=20)[-1]
    return slow, (
        f"median {statistics.median(times):.0f} ms, {many:,} cases of which 50 are opened; the first look at all of them, "
        f"which tries every slot, took {first:.1f} s"
    )


def _fill(many: int, keys: KeyPairs, me: Author) -> None:
    """Cases as the program writes them: slots among blind ones, a first sheet and two notes, each sealed."""
    now = utc_now()
    with in_one_piece():
        for number in range(many):
            case_id, key, at = new_id(), cases.new_case_key(), now - timedelta(hours=number)
            Case.create(id=case_id, opened_on=at.date(), changed_on=at.date())
            write_slots(
                case_id, [cases.seal_slot(key, case=case_id, epoch=1, to=keys.sealing.public)], epoch=1
            )
            case = OpenCase(Case.get_by_id(case_id), key, me)
            head = Head(title=f"Fall {number}", readers={me.id: me.name}, received_on=at.date().isoformat())
            case.set_head(head, now=at)
            for _note in range(2):
                case.add(Kind.NOTE, {"text": NOTE}, now=at, by=me)
