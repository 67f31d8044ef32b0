"""The access report of one person (Art. 15 GDPR): everything the vault ties to them, from every table, as plain values.

Left out are who of the office did something (rights of others, Art. 15(4)), and reference keys: whoever reads one could claim it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from compartments.membership import persons
from compartments.membership.models import Person, SearchWord

DERIVED = frozenset({"search_word", "block_key", "blocked_person", "pair", "address_hold"})
"""Tables that hold nothing but what was worked out from the others."""
WITHHELD = frozenset(
    {"key", "token", "entry_id", "mailbox", "sealing_key", "signing_key", "person", "id", "name_key"}
)
OTHERS = ("officer", "_by", "by_name")
PURPOSES = (
    "Keeping the membership, its dues and the right to vote (Art. 6(1)(b), Art. 9(2)(d) GDPR)",
    "Accounting of a party (section 24 PartG)",
)
RECIPIENTS = ("The support desk: name, e-mail address, division, once, for the welcome",)
YOUR_RIGHTS = (
    "You can ask for correction (Art. 16), erasure (Art. 17), restriction (Art. 18) and a copy to take along (Art. 20), "
    "and complain to a data protection authority (Art. 77)."
)


def report(person_id: int, *, organisation: str, day: date) -> dict[str, Any]:
    """Return the report; JSON can hold it. Raises ``persons.NoPerson``."""
    person = persons.find(person_id)
    held: dict[str, list[dict[str, Any]]] = {"person": [_row(person)]}
    for field, model in Person._meta.backrefs.items():  # noqa: SLF001  (peewee's way to ask)
        name = model._meta.table_name  # noqa: SLF001
        if model is SearchWord or name in DERIVED:
            continue
        if rows := [_row(row) for row in model.select().where(field == person.id)]:
            held[name] = held.get(name, []) + rows
    return {
        "controller": organisation,
        "made_on": day.isoformat(),
        "purposes": list(PURPOSES),
        "recipients": list(RECIPIENTS),
        "kept": [{"what": rule.what, "years": rule.years, "law": rule.law} for rule in RETENTION],
        "rights": YOUR_RIGHTS,
        "held": held,
    }


class Rule:
    """Why something is kept although erasure was asked for (Art. 17(3)(b) GDPR): what, how many years after the year's end, by which law."""

    def __init__(self, what: str, years: int, law: str) -> None:
        self.what, self.years, self.law = what, years, law


RETENTION = (
    Rule("payments, with the payer's name and number", 10, "section 24(2) PartG"),
    Rule("that and when a request was answered", 3, "Art. 5(2) GDPR, section 195 BGB"),
)


def _row(row: Any) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in row.__data__.items()
        if name not in WITHHELD and not name.startswith(OTHERS[0]) and not name.endswith(OTHERS[1:])
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)
