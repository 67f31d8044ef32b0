"""Takes applicants' letters into the vault. Whoever sends them is anybody at all: what doesn't fit is refused with ``ValueError``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from app.clock import utc_now
from app.envelopes.letter import Letter
from app.office.mailbox_messages import check_owner
from compartments.membership.admissions import corresponding
from compartments.membership.admissions.models import Admission
from keys.sealing import SealingKey
from keys.signing import VerifyKey

ID = re.compile(r"[0-9a-f]{32}")
MOST_CENTS = 1_000_000
LONGEST_RETENTION = timedelta(days=10 * 366)
LINES = {
    "last_name": 120, "first_name": 120, "street": 200, "postcode": 12, "city": 120, "country": 2, "email": 254, "phone": 40,
    "citizenship": 2, "division_wish": 200, "dues_reason": 2_000, "other_party": 2_000, "earlier_refusal": 2_000,
    "guardian_name": 200, "remarks": 2_000,
}  # fmt: skip


def take_application(letter: Letter) -> None:
    """Store an application. A mailbox that is known already is refused: nobody's application is overwritten."""
    body, today = letter.body, utc_now().date()
    mailbox = body["mailbox"]
    if not isinstance(mailbox, str) or not ID.fullmatch(mailbox):
        raise ValueError("that is no mailbox")
    if Admission.select().where(Admission.mailbox == mailbox).exists():
        raise ValueError("an application with this mailbox is here already")
    if body["statutes_accepted"] is not True:
        raise ValueError("the statutes are not accepted")
    dues = body["dues_monthly"]
    if isinstance(dues, bool) or not isinstance(dues, int) or not 0 <= dues <= MOST_CENTS:
        raise ValueError("these are no dues")
    Admission.create(
        id=letter.envelope_id,
        mailbox=mailbox,
        sealing_key=SealingKey.from_bytes(bytes.fromhex(body["sealing_key"])).to_bytes(),
        signing_key=VerifyKey.from_bytes(bytes.fromhex(body["signing_key"])).to_bytes(),
        language="en" if body["language"] == "en" else "de",
        received_on=min(date.fromisoformat(body["day"]), today),
        retain_until=min(date.fromisoformat(body["erase_on"]), today + LONGEST_RETENTION),
        birth_date=date.fromisoformat(body["birth_date"]),
        dues_monthly=dues,
        dues_reduction=body["dues_reduction"] is True,
        guardian_consent=body["guardian_consent"] is True,
        consent=_text(body["consent"]["text"], 10_000),
        consent_on=min(date.fromisoformat(body["consent"]["day"]), today),
        **{name: _text(body[name], most) for name, most in LINES.items()},
    )


def take_withdrawal(letter: Letter) -> None:
    """Erase an application because its owner says so; the signature is checked first. A member stays in the register."""
    admission = corresponding.of_mailbox(letter)
    check_owner(letter, bytes(admission.signing_key))
    admission.delete_instance()


def take_message(letter: Letter) -> None:
    """Store what an applicant has written."""
    corresponding.take_message(letter, now=utc_now())


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ValueError("a text is missing or too long")
    return value
