"""A membership office whose members have keys."""

import pytest

from app.crossings import find
from app.envelopes.letter import Letter
from compartments.membership.invitations.models import ASSIGNED, ReferenceKey
from compartments.membership.reconciliation.service import INCOMING
from keys.randomness import new_id
from tests.compartments.membership.invitations.conftest import members, prepared, take_keys


def arrive(type_, **body):
    """A letter of clearing that the office takes in, inside an open vault."""
    INCOMING[type_](
        Letter(new_id(), find(type_, "clearing", "membership"), "clearing", "membership", 1, body)
    )


@pytest.fixture
def invited(cast):
    """Gives so many members a key each, as if they had been mailed it."""

    def invited(number=20):
        with cast.vault("membership"):
            people = members(number)
            take_keys(number + 5)
            prepared(contingent=number)
            ReferenceKey.update(exposed=True).where(ReferenceKey.state == ASSIGNED).execute()
            return people

    return invited
