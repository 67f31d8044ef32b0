"""An instance whose strict offices are staffed: two officers in each of the three that share the protocol, and one on the board.

They enrol as the pages do, with the codes of `schotten init` and with production's Argon2id, but without a browser: how that looks is told by
test_main_job.py.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module

from app.clock import today
from app.config import Settings
from app.shared import admission
from app.vault.opening import open_vault
from tests.cast import Member, Organisation, appointment, enrol, give_second_factor
from tests.server import Home

PAIRS = {
    "membership": ("mika", "mona"),
    "clearing": ("clara", "cem"),
    "administration": ("ada", "bea"),
    "board": ("berta",),
}


@dataclass(frozen=True)
class Staff:
    """Who is in office, and a way into their vaults beside the server."""

    organisation: Organisation
    members: Mapping[str, Member] = field(repr=False)

    @contextmanager
    def vault(self, compartment: str) -> Iterator[None]:
        """The vault as its first officer's keys open it, with the shared layer bound."""
        first = next(one for one in self.members.values() if one.compartment == compartment)
        layer = self.organisation.shared_layer()
        with layer.bound(), self._opened(first):
            yield
        layer.close()

    @contextmanager
    def _opened(self, member: Member) -> Iterator[None]:
        keys = member.session().vault_keys(member.compartment)
        schema = import_module(f"compartments.{member.compartment}.models").SCHEMA
        with open_vault(
            self.organisation.instance, member.compartment, keys, schema, officer=member.account_id
        ):
            yield


def staffed(home: Home, staff_of: Mapping[str, tuple[str, ...]] = PAIRS) -> Staff:
    """Enrol everybody; all but the first of an office are admitted by the first."""
    settings = Settings(instance=home.instance)
    staff = Staff(Organisation(settings, home.codes, {}), {})
    day, layer = today(settings.timezone), staff.organisation.shared_layer()
    with layer.bound():
        for compartment, names in staff_of.items():
            for place, name in enumerate(names):
                code = appointment(compartment) if place else home.codes[compartment]
                member = staff.members[name] = enrol(code, name, settings, compartment=compartment)
                if place:
                    first = staff.members[names[0]]
                    with staff._opened(first):
                        admission.admit(member.account_id, by=first.session(), day=day)
                give_second_factor(member)
    layer.close()
    return staff
