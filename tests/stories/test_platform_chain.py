"""The pseudonymisation protocol from the first key to the board's sums: three offices in browsers of their own, members who claim on the
public page, a real SMTP peer, and LiquidFeedback on a real PostgreSQL. And what each office has seen by then.
"""

from dataclasses import dataclass, field

import pyotp
import pytest

from compartments.administration.codes.models import Code
from compartments.board.figures.service import RULES
from compartments.clearing.keysets.models import Pair
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.tables import Person
from tests.compartments.membership.invitations.conftest import members
from tests.liquidfeedback import Instance
from tests.server import Home, Server
from tests.smtp import smtp_peer
from tests.stories.offices import Claimant, Clearer, Inviter, OfficeWorker, Operator, key_in
from tests.stories.staff import Staff, staffed
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.slow

MEMBERS, KEYS, CLAIMED, REGISTERED, LEAVERS = 14, 20, 12, 10, 6
URGENT = "Ausgetreten, und die Abstimmung läuft"
QUESTION, ANSWER = "Ihr Profilbild ist nicht frei. Bitte tauschen Sie es.", "Ist getauscht, danke."
NICKNAME = "Wattläufer"


@pytest.fixture
def language() -> str:
    return "de"


@pytest.fixture(scope="module")
def staffed_once(home_once, tmp_path_factory) -> Staff:
    """Offices at work, and members in the register."""
    home = home_once.copied_to(tmp_path_factory.mktemp("staffed") / "instance")
    staff = staffed(home)
    with staff.vault("membership"):
        members(MEMBERS)
    return staff


@pytest.fixture
def home(staffed_once, tmp_path) -> Home:
    return Home(staffed_once.organisation.copied_to(tmp_path / "instance").instance.path, {})


@pytest.fixture
def staff(staffed_once, home) -> Staff:
    """The same people, at this test's instance."""
    there = staffed_once.organisation
    return Staff(type(there)(there.settings.but(instance=home.instance), {}, {}), staffed_once.members)


@pytest.fixture
def peer():
    with smtp_peer() as peer:
        yield peer


@pytest.fixture
def server(home, peer, tmp_path):
    settings = {f"SCHOTTEN_{name.upper()}": str(value) for name, value in peer.settings.items()}
    with Server(home, tmp_path / "server", **settings) as server:
        yield server


@pytest.fixture
def platform(platforms):
    platform = Instance(platforms, "lf_of_the_story", "v4")
    yield platform
    platform.operator.close()


@dataclass
class Story:
    """Everybody in it, and what the member in the story has in hand."""

    town: object
    staff: Staff
    platform: Instance
    peer: object
    people: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)

    def __getattr__(self, name: str):
        return self.people[name]

    def officer(self, kind: type, name: str, **more) -> OfficeWorker:
        known = self.staff.members[name]
        worker = self.town.person(
            kind, known.display_name, username=name, passphrase=known.passphrase, **more
        )
        worker.second_factor = known.totp_secret and pyotp.TOTP(known.totp_secret)
        worker.logs_in()
        return worker

    def of(self, compartment: str) -> list[OfficeWorker]:
        return [one for one in self.people.values() if one.compartment == compartment]


@pytest.fixture
def story(town, staff, platform, peer) -> Story:
    story = Story(town, staff, platform, peer)
    for kind, *names in ((Inviter, "mika", "mona"), (Clearer, "clara", "cem"), (Operator, "ada", "bea")):
        for name in names:
            story.people[name] = story.officer(kind, name)
    story.people["berta"] = story.officer(OfficeWorker, "berta", compartment="board")
    return story


def test_from_the_first_key_to_the_sums_of_the_board(story):
    story.town.album.asked_at = ("narrow",)
    keys_are_made_and_mailed(story)
    members_claim(story)
    the_list_becomes_accounts(story)
    one_is_locked_at_once(story)
    leavers_are_locked(story)
    the_operator_sends_an_invitation_again(story)
    a_message_goes_to_the_holder_of_an_account(story)
    the_board_sees_that_the_numbers_agree(story)
    nobody_has_seen_too_much(story)
    assert story.town.complaints() == []


def keys_are_made_and_mailed(story: Story) -> None:
    address = story.platform.address
    story.ada.connects(address.host, address.port, address.dbname)
    story.ada.sees("LiquidFeedback 4.2.2")
    story.mika.words_the_mails(f"{story.town.server.url}/claim", "hilfe@verein.example")
    story.mika.asks_for_keys(KEYS)
    story.clara.makes_the_set_asked_for("Herbst 2026")
    story.mika.prepares_a_run(MEMBERS)
    assert story.peer.mails == []
    story.mika.sends_the_run()
    assert sorted(story.peer.recipients) == sorted(
        f"m{number}@mail.example" for number in range(1, MEMBERS + 1)
    )
    story.keys = {recipient: key_in(mail) for _, recipient, mail in story.peer.mails}
    assert len(set(story.keys.values())) == MEMBERS


def members_claim(story: Story) -> None:
    claiming = sorted(story.keys)[:CLAIMED]
    for language, address in zip(("de", "en"), claiming, strict=False):
        member = story.town.person(Claimant, address, language=language)
        member.goes_to("/claim")
        member.looks_around(f"claim-{language}")
        code = story.codes[address] = member.claims(story.keys[address])
        member.looks_around(f"claimed-{language}")
        member.goes_to("/claim")
        assert member.claims(story.keys[address]) == code, "the same device sees it again"
    for address in claiming[2:]:
        visitor = Visitor(story.town.server)
        page = visitor.sees("/claim")
        shown = visitor.sends(page, page.form("/claim"), {"key": story.keys[address]})
        story.codes[address] = shown.codes["code"]
    latecomer = Visitor(story.town.server)
    page = latecomer.sees("/claim")
    assert "code" not in latecomer.sends(page, page.form("/claim"), {"key": story.keys[claiming[0]]}).codes


def the_list_becomes_accounts(story: Story) -> None:
    """Membership's keys, clearing's codes, administration's accounts; nobody can register before."""
    story.mika.sends_the_list("regular", str(MEMBERS))
    story.clara.opens_the_batch()
    story.clara.looks_in_both_languages("clearing-batch")
    story.clara.sees_figures(MEMBERS, MEMBERS, 0, 0)
    story.clara.passes_it_on()
    story.ada.opens_the_batch()
    story.ada.makes_the_dry_run()
    story.ada.sees_figures(MEMBERS, 0, 0, 0)
    assert story.platform.rows() == {}, "a dry run changes nothing"
    story.ada.proposes_it()
    assert story.platform.rows() == {}, "one officer alone changes nothing"
    story.bea.confirms_and_applies(str(MEMBERS), station="administration-proposal")
    story.bea.sees_figures(MEMBERS, 0, 0, 0)
    assert set(story.codes.values()) < set(story.platform.rows())
    for number, code in enumerate(sorted(story.codes.values())[:REGISTERED]):
        story.platform.register(code, f"{NICKNAME} {number}")
    counts_are_back(story, created=MEMBERS)


def counts_are_back(story: Story, *, created: int = 0, locked: int = 0) -> None:
    """Clearing passes the counts on as soon as somebody there opens a page."""
    story.clara.goes_to("/clearing/reconciliation/")
    story.mika.goes_to("/membership/reconciliation/")
    story.mika.sees(f"angelegt {created}, gesperrt {locked}, entsperrt 0")


def registered(story: Story) -> list[str]:
    """The addresses of those who have an account, which nobody in the offices could list."""
    used = {code for code, row in story.platform.rows().items() if row.used and not row.locked}
    return [address for address, code in story.codes.items() if code in used]


def one_is_locked_at_once(story: Story) -> None:
    """A batch of one takes a reason and a second officer everywhere."""
    address = registered(story)[0]
    story.mika.ends_the_membership_of(int(address.partition("@")[0][1:]))
    story.mika.sends_the_list("urgent", reason=URGENT)
    assert story.platform.sessions(story.codes[address]) == 1
    story.mona.confirms_what_a_colleague_proposed(URGENT)
    story.clara.opens_the_batch()
    story.clara.sees(URGENT)
    story.clara.looks_in_both_languages("clearing-urgent")
    story.clara.passes_it_on("Dringend, siehe Mitgliederverwaltung")
    story.cem.confirms_what_a_colleague_proposed("Dringend", station="clearing-proposal")
    story.ada.opens_the_batch()
    story.ada.makes_the_dry_run()
    story.ada.proposes_it("Eilt")
    story.bea.confirms_and_applies("Eilt")
    assert story.platform.member(story.codes[address])[1:] == (False, True)
    assert story.platform.sessions(story.codes[address]) == 0
    counts_are_back(story, locked=1)


def leavers_are_locked(story: Story) -> None:
    leaving = registered(story)[:LEAVERS]
    for address in leaving:
        story.mika.ends_the_membership_of(int(address.partition("@")[0][1:]))
    story.mika.goes_to("/membership/reconciliation/")
    story.mika.looks_in_both_languages("membership-reconciliation")
    story.mika.sends_the_list("regular")
    story.mona.confirms_what_a_colleague_proposed(str(LEAVERS + 1), station="membership-proposal")
    story.clara.opens_the_batch()
    story.clara.passes_it_on()
    story.ada.opens_the_batch()
    story.ada.makes_the_dry_run()
    story.ada.sees_figures(0, LEAVERS, 0, MEMBERS - LEAVERS)
    story.ada.looks_in_both_languages("administration-stop")
    story.ada.proposes_it("Austritte nach dem Parteitag")
    story.bea.confirms_and_applies("Austritte nach dem Parteitag")
    story.bea.looks_in_both_languages("administration-applied")
    for address in leaving:
        assert story.platform.member(story.codes[address])[1:] == (False, True)
        assert story.platform.votes(story.codes[address]) == [False, False]
    assert len(registered(story)) == REGISTERED - LEAVERS - 1
    counts_are_back(story, locked=LEAVERS)


def a_message_goes_to_the_holder_of_an_account(story: Story) -> None:
    """Administration knows the code, membership the person; the way is over clearing, which can't read it."""
    address = registered(story)[0]
    story.ada.writes_to_the_holder_of(story.codes[address], QUESTION)
    story.clara.goes_to("/clearing/relay/")
    story.mika.reads_the_message(QUESTION, name=f"Nachname{address.partition('@')[0][1:]}")
    story.mika.mails_it_to_the_member()
    _, recipient, mail = story.peer.mails[-1]
    assert recipient == address
    assert QUESTION in mail.get_content()
    story.mika.answers(ANSWER)
    story.clara.goes_to("/clearing/relay/")
    story.clara.looks_around("clearing-relay")
    story.ada.goes_to("/administration/relay/")
    story.ada.follows_the_first_message()
    story.ada.sees(ANSWER)
    story.ada.looks_in_both_languages("administration-message")


def the_board_sees_that_the_numbers_agree(story: Story) -> None:
    for first, second in (("mika", "mona"), ("clara", "cem"), ("ada", "bea")):
        story.people[first].releases_figures()
        story.people[second].confirms_what_a_colleague_proposed()
    story.berta.goes_to("/board/figures/")
    story.berta.looks_in_both_languages("board-figures")
    assert story.berta.tags("success") == 1 + len(RULES)
    assert story.berta.tags("danger") == story.berta.tags("warning") == 0


def the_operator_sends_an_invitation_again(story: Story) -> None:
    """Which gives it another code, and is noticed when the platform is read back."""
    unused = next(code for code, row in story.platform.rows().items() if not row.used and not row.locked)
    story.platform.ask("update member set invite_code = 'sent-again' where invite_code = %s", unused)
    story.ada.reads_the_platform_back()
    story.ada.sees(unused)
    story.ada.sees("sent-again")
    story.ada.looks_in_both_languages("administration-codes")


def nobody_has_seen_too_much(story: Story) -> None:
    """Every page that anybody of an office was shown, searched for what belongs to the others. The truth is read out of the vaults."""
    for name in ("mika", "clara", "ada"):
        story.people[name].reads_every_page()
    story.clara.looks_a_key_up(next(iter(story.keys.values())))
    with story.staff.vault("membership"):
        names = {person.last_name for person in Person.select()} | {
            person.email for person in Person.select()
        }
        keys = {row.key for row in ReferenceKey.select()}
    with story.staff.vault("administration"):
        codes = {row.code for row in Code.select()}
    with story.staff.vault("clearing"):
        assert {(pair.reference in keys, pair.invite in codes) for pair in Pair.select()} == {(True, True)}
    assert (len(names), len(keys), len(codes)) == (2 * MEMBERS, KEYS, KEYS)
    accounts = {f"{NICKNAME} {number}" for number in range(REGISTERED)}
    hidden = {
        "membership": codes | accounts,
        "clearing": names | accounts | codes | {QUESTION, ANSWER},
        "administration": names | keys,
        "board": names | keys | codes | accounts | {QUESTION, ANSWER, URGENT},
    }
    for compartment, secrets in hidden.items():
        assert [text for one in story.of(compartment) for text in secrets if one.has_read(text)] == []
    # The search finds what is there to be found.
    assert story.mika.has_read("nachname1")
    assert story.clara.has_read(URGENT)
    assert story.ada.has_read(QUESTION)
    said = story.town.server.said().lower()
    assert [text for text in names | keys | codes if text.lower() in said] == []
