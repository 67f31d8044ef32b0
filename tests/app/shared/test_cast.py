"""The cast itself: everybody is where they belong."""

import pytest

from app.offices import OFFICES
from app.vault.context import current_vault
from app.vault.models import OwnKeys


@pytest.mark.parametrize("name", [*OFFICES, "junior"])
def test_every_officer_opens_their_own_vault(cast, name):
    with cast.vault(name) as vault:
        assert current_vault() is vault
        assert OwnKeys.select().count() == 1
