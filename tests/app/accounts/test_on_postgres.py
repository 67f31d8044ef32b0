"""Second factors and recovery where the shared layer is PostgreSQL: what compares sealed bytes and what ends everybody's access."""

import pytest

from app.accounts import factors, passkeys
from app.accounts.passkeys import PasskeyRefused
from app.cli.recovering import recover
from app.clock import today
from app.shared import acts, sessions
from app.shared.models import Account, Grant, Session
from compartments.clearing.models import SCHEMA
from keys.passkeys import Site
from keys.recovery import recover as combined
from tests.cast import enrol, give_second_factor, on_postgres
from tests.keys.device import Device

pytestmark = pytest.mark.slow

SITE = Site("http://localhost:8000")


@pytest.fixture
def cast(postgres, settings):
    with on_postgres(postgres, settings, "factors") as cast:
        yield cast


def test_a_passkey_counts_once_and_a_recovery_ends_all_else(cast):
    with cast.shared():
        token = cast["clearing"].token()
        clara = sessions.resume(token, cast.app.extensions["schotten"].limits)
        device = Device(SITE.origin)
        passkeys.add(clara, SITE, device.make(passkeys.ask_for_new(clara, SITE, "Bund")), "Telefon", today())
        answer = device.use(passkeys.ask_for_use(clara, SITE))
        passkeys.use(clara, SITE, answer, today())
        with pytest.raises(PasskeyRefused):
            passkeys.use(clara, SITE, answer, today())
        (one,) = factors.of(clara.account, clara.keys).passkeys
        assert one.used_on == today()
        passkeys.remove(clara, one.id)

        pair = combined(cast.organisation.recovery_shares["clearing"][1:])
        code = recover(cast.organisation.instance, "clearing", pair, SCHEMA, today()).code
        assert Account.get_by_id(clara.account.id).state == "ended"
        assert not Session.select().where(Session.account == clara.account).exists()
        nora = enrol(code, "nora", cast.organisation.settings, compartment="clearing")
        give_second_factor(nora)
    nora.app = cast.app
    assert nora.client().get("/clearing/inbox").status_code == 200
    with cast.shared():
        assert [grant.epoch for grant in Grant.select().where(Grant.account == nora.account_id)] == [2]
        assert not Account.get_by_id(nora.account_id).renews_keys
        assert list(acts.broken_links()) == []
