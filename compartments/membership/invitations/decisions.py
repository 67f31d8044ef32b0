"""What only an officer can decide: whether a mail arrived of which nobody knows. Knows no Flask."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.office.authors import Author
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import REPLACED, SENT, UNCLEAR, Invitation
from compartments.membership.tables import Person, database


class NotUnclear(Exception):
    """Somebody has decided on this mail already."""


def unclear() -> list[Invitation]:
    """Return the mails of which nobody knows whether they arrived, with their persons, oldest first."""
    return list(
        Invitation.select(Invitation, Person)
        .join(Person)
        .where(Invitation.state == UNCLEAR)
        .order_by(Invitation.id)
        .limit(200)
    )


def count_unclear() -> int:
    """Return how many mails are unclear. Cheap: every page asks."""
    return int(Invitation.select().where(Invitation.state == UNCLEAR).count())


def decide(invitation_id: int, *, arrived: bool, by: Author, day: date) -> None:
    """Decide on an unclear mail: it counts as sent, or its key is deactivated, so that the next run invites anew. Raises :class:`NotUnclear`."""
    with database.atomic("IMMEDIATE"):
        invitation: Any = Invitation.get_or_none(Invitation.id == invitation_id, Invitation.state == UNCLEAR)
        if invitation is None:
            raise NotUnclear(invitation_id)
        invitation.state, invitation.settled_on = SENT if arrived else REPLACED, day
        invitation.settled_by_name = by.name
        invitation.save()
        if not arrived and invitation.key is not None:
            keys.give_back(invitation.key, "unclear", day=day)
