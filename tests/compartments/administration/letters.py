"""Letters from one office to another, as its vault would send them; and a second officer."""

from app.clock import today
from app.envelopes import outbox
from app.shared import admission
from app.shared.models import Account
from app.vault.context import any_vault
from app.vault.opening import open_vault
from compartments.administration.models import SCHEMA
from tests.cast import appointment, enrol, give_second_factor


def send(cast, sender, recipient, type_, body):
    with cast.vault(sender):
        with any_vault.atomic("IMMEDIATE"):
            outbox.send(type_, recipient, body, day=today())
        outbox.deliver({})


def second_officer(cast, name="bea", display_name="Bea Zweite"):
    """A second officer of administration, admitted by the first."""
    settings = cast.organisation.settings
    with cast.shared():
        member = enrol(appointment("administration"), name, settings, compartment="administration")
        Account.update(display_name=display_name).where(Account.id == member.account_id).execute()
        ada = cast["administration"].session()
        keys = ada.vault_keys("administration")
        with open_vault(cast.organisation.instance, "administration", keys, SCHEMA, officer=ada.account.id):
            admission.admit(member.account_id, by=ada, day=today())
        give_second_factor(member)
    member.app = cast.app
    return member
