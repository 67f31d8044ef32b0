"""Two counsellors beside the cast's one, their cards, and somebody in need who writes to them."""

from dataclasses import dataclass, field

import pytest

from app.clock import day_of, utc_now
from app.envelopes import outbox
from app.envelopes.directory import PinnedKeys, follow
from app.envelopes.receiving import receive
from app.public.counselling import sending
from app.shared import admission, counsellors
from app.shared.models import Account
from app.vault.context import current_vault
from app.vault.opening import open_vault
from compartments.counsel import service
from compartments.counsel.cases.desk import Desk
from compartments.counsel.counsellors import service as cards
from compartments.counsel.models import SCHEMA
from keys.codes import new_code
from keys.identity import PublicKeys
from keys.visits import VisitKeys
from tests.cast import Member, appointment, enrol

DAY = day_of(utc_now())
SAID = {
    "language": "de",
    "name": "",
    "contact": "",
    "preferred": "here",
    "text": "Seit dem Treffen im Mai traue ich mich nicht mehr hin.",
    "guided": {"since": "Mai"},
    "statistics": True,
}


def card(name, **changes):
    return {
        "name": name,
        "languages": ["de", "en"],
        "topics": {"de": "Übergriffe", "en": "Assault"},
        "reach": {"de": "Dienstags am Telefon", "en": "Tuesdays by phone"},
        "portrait": {"de": f"Ich bin {name}.", "en": f"I am {name}."},
        "accepts": True,
        **changes,
    }


@dataclass
class Office:
    """The counsellors: `conny` of the cast, `ravi` and `tove`, all with cards up."""

    cast: object
    members: dict[str, Member] = field(default_factory=dict)

    def __getitem__(self, name):
        return self.members[name]

    def vault(self, name):
        """That counsellor's vault, open."""
        member = self.members[name]
        keys = member.session().vault_keys("counsel")
        return open_vault(self.cast.organisation.instance, "counsel", keys, SCHEMA, officer=member.account_id)

    def take_in(self):
        """Deliver and import, as every request does. Call it in an open vault."""
        outbox.deliver(service.ACTIONS)
        taken = receive(service.INCOMING)
        outbox.deliver(service.ACTIONS)
        return taken

    def desk(self, name):
        assert current_vault().kind == "counsel"
        self.take_in()
        return Desk.of(self.members[name].session())

    @property
    def pinned(self):
        instance = self.cast.organisation.instance
        return PinnedKeys("counsel", 1, PublicKeys.from_bytes(instance.roots["counsel"]))

    def published(self):
        return counsellors.published(follow(self.pinned)[0].keys.signing)


@pytest.fixture
def office(cast):
    """Call it inside `with cast.shared()` (the fixture does that for the whole test)."""
    with cast.shared():
        yield staffed(cast)


def staffed(cast):
    """Let `ravi` and `tove` join the cast's counsellor, and put all three cards up."""
    conny = cast["counsel"]
    office = Office(cast, {"conny": conny})
    for name in ("ravi", "tove"):
        member = enrol(appointment("counsel"), name, cast.organisation.settings, compartment="counsel")
        member.app = cast.app
        with office.vault("conny"):
            admission.admit(Account.get_by_id(member.account_id), by=conny.session(), day=DAY)
        office.members[name] = member
    with office.vault("conny"):
        for name, member in office.members.items():
            cards.present(member.account_id, card(name.title()), member.keys.public)
        office.take_in()
    return office


@dataclass
class Seeker:
    """Somebody in need, with their receipt."""

    office: Office
    code: str = field(default_factory=new_code)

    @property
    def visit(self):
        return VisitKeys.from_receipt(self.code)

    def write_in(self, *names, day=DAY, files=(), **changes):
        everybody = self.office.published()
        accounts = [self.office[name].account_id for name in names]
        said = {**SAID, "chosen": accounts, "excluded": [], **changes}
        return sending.begin(
            self.visit,
            said,
            files,
            readers=counsellors.chosen(everybody, accounts),
            everybody=everybody,
            counsel=self.office.pinned,
            day=day,
            now=utc_now(),
        )

    def write(self, envelope_id, said, day=DAY, files=(), now=None):
        return sending.write(
            self.visit, envelope_id, said, files, counsel=self.office.pinned, day=day, now=now or utc_now()
        )

    def look(self):
        return sending.look(self.visit)


@pytest.fixture
def seeker(office):
    return Seeker(office)
