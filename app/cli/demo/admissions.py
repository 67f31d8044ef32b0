"""The demo's applications for membership: sent by the public page's service, worked through by the membership office as its pages do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.cli.demo.letters import attach
from app.cli.demo.protocol import author, visit
from app.cli.demo.world import World, read_toml
from app.envelopes.mailbox_letters import Kind
from app.public import correspondence, membership_sending
from app.public.basket import Basket
from app.public.correspondence import PARTNERS
from compartments.membership.admissions import admitting, corresponding
from keys.codes import new_code
from keys.mailbox import MailboxKeys
from keys.randomness import new_id

CONSENT = (
    "Ich bin einverstanden, dass die Mitgliederverwaltung meine Angaben verarbeitet, um über diesen Antrag zu entscheiden und meine Mitgliedschaft "
    "zu führen. Dass ich ihn stelle, zeigt eine politische Überzeugung (Artikel 9 DSGVO)."
)
TEXTS = (
    "last_name", "first_name", "street", "postcode", "city", "citizenship", "language", "division_wish", "dues_reason", "other_party",
    "earlier_refusal", "guardian_name", "remarks",
)  # fmt: skip
OFFICER = "jonas"


def bring_all(world: World) -> None:
    """Send them, and let the office do with each what it has done so far."""
    for one in read_toml("admissions.toml")["application"]:
        code = new_code()
        keys = MailboxKeys.from_receipt(code)
        _send(world, one, keys)
        visit(world, OFFICER)
        _work(world, one, keys)
        if "receipt" in one:
            name = f"{one['first_name']} {one['last_name']}"
            world.receipts.append({"code": code, "name": name, "about": one["receipt"]})


def _send(world: World, one: Mapping[str, Any], keys: MailboxKeys) -> None:
    day = world.ago(one["days_ago"])
    said = {
        **{name: one.get(name, "") for name in TEXTS},
        "country": "DE",
        "email": f"{one['last_name']}@example.org".lower().replace("ä", "ae"),
        "phone": "",
        "birth_date": one["birth_date"].isoformat(),
        "dues_monthly": one["dues_monthly"],
        "dues_reduction": "dues_reason" in one,
        "statutes_accepted": True,
        "guardian_consent": "guardian_name" in one,
        "consent": {"text": CONSENT, "day": day.isoformat()},
    }
    membership_sending.send(
        said,
        keys,
        office=world.pinned("membership"),
        retention=world.settings.application_retention,
        day=day,
        now=world.moment(one["days_ago"], 19),
    )


def _work(world: World, one: Mapping[str, Any], keys: MailboxKeys) -> None:
    with world.inside(OFFICER):
        by, found = author(world, OFFICER), admitting.find(keys.envelope_id)
        if "asked" in one:
            now, day = _when(world, one["days_ago"])
            corresponding.write(found, one["asked"], seen=0, entry_id=new_id(), by=by, now=now, day=day)
        if "confirmed" in one:
            admitting.confirm(found.id, by=by, now=world.moment(one["confirmed"]))
        if "accepted" in one:
            now, day = _when(world, one["accepted"])
            admitting.accept(found.id, division=None, decided_by=one["decided_by"], by=by, now=now, day=day)
        if "refused" in one:
            now, day = _when(world, one["refused"])
            admitting.refuse(
                found.id,
                decided_by=one["decided_by"],
                reason=one["reason"],
                retention=world.settings.application_retention,
                by=by,
                now=now,
                day=day,
            )
    visit(world, OFFICER)
    if "answered" in one:
        _answer(world, one, keys)
        visit(world, OFFICER)


def _when(world: World, days: int) -> tuple[datetime, date]:
    return world.moment(days, 21), world.ago(days)


def _answer(world: World, one: Mapping[str, Any], keys: MailboxKeys) -> None:
    basket, days = Basket(None), one["days_ago"] - 1
    attach(world, {"name": f"{one['first_name']} {one['last_name']}", "file": one["file"]}, basket)
    correspondence.write(
        keys,
        one["answered"],
        basket,
        partner=PARTNERS[Kind.SENT_MEMBERSHIP],
        to=world.pinned("membership"),
        day=world.ago(days),
        now=world.moment(days, 8),
    )
