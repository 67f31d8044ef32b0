"""What counsellors type into any field of their office is found nowhere outside of sealed and encrypted bytes. (Portraits are public, and left out.)"""

import http.client
from datetime import date, timedelta

import pytest

import compartments.counsel
from app.config import Settings
from app.envelopes import outbox
from app.shared.models import Account
from compartments.counsel.counsellors import service as cards
from compartments.counsel.service import ACTIONS
from compartments.counsel.views import blueprint
from tests.cast import Organisation
from tests.compartments.counsel.conftest import card
from tests.server import Home, Server
from tests.stories.canary import Canary, Search, Watch
from tests.stories.fields import form_addresses, form_modules, typed_fields
from tests.stories.staff import Staff, staffed
from tests.stories.visitor import Officer, Page, Typist, Visitor

pytestmark = pytest.mark.slow

LAST_YEAR = date.today().year - 1  # noqa: DTZ011
TODAY = date.today().isoformat()  # noqa: DTZ011
LATER = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011
KINDS = ("note", "contact", "need", "step", "safety", "follow-up")
FORMS = {one.__name__: typed_fields(one) for one in form_modules(compartments.counsel)}
PUBLIC = "compartments.counsel.counsellors.forms"
"""A counsellor's portrait, which everybody reads."""
BUTTONS = {
    "case_entry_done",
    "case_entry_struck",
    "case_handed_over",
    "case_reopen",
    "case_seen",
    "case_take",
    "event_removed",
    "incident_removed",
    "own_log_struck",
    "portrait_down",
    "service_checked",
    "service_removed",
    "unreadable_again",
    "unreadable_thrown_away",
}
"""Addresses that take a button's press and no word."""
PUBLISHED = {"portrait_up"}
"""What everybody reads."""


@pytest.fixture(scope="session")
def counsel_office(home_once, tmp_path_factory) -> tuple[Home, Staff]:
    """Two counsellors, one of them with a portrait. Made once, copied per test."""
    home = home_once.copied_to(tmp_path_factory.mktemp("counsel-office") / "instance")
    staff = staffed(home, {"counsel": ("conny", "ravi")})
    with staff.vault("counsel"):
        conny = staff.members["conny"]
        cards.present(conny.account_id, card("Conny"), conny.keys.public)
        outbox.deliver(ACTIONS)
    return home, staff


@pytest.fixture
def home(counsel_office, tmp_path) -> Home:
    return counsel_office[0].copied_to(tmp_path / "instance")


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
def typist(canary) -> Typist:
    special = {
        "day": lambda: canary.entered,
        "due_on": lambda: LATER,
        "until": lambda: LATER,
        "done_on": lambda: "",
        "answered_on": lambda: TODAY,
        "checked_on": lambda: canary.entered,
        "number": lambda: "73195",
        "hours": lambda: "17.5",
        "phone": lambda: canary.phone,
    }
    return Typist(canary, special)


def counsellor(server: Server, staff: Staff, name: str = "conny") -> Officer:
    member = staff.members[name]
    officer = Officer(server)
    officer.username, officer.passphrase = member.username, member.passphrase
    officer.secret = member.totp_secret
    officer.logs_in()
    return officer


def write_in(visitor: Visitor, typist: Typist) -> None:
    """Open a contact on the public pages, with the canary in every field."""
    page = visitor.sees("/counselling")
    page = visitor.sends(page, page.forms[0], button=("go", "start"))
    while not page.codes.get("code"):
        form, last = page.forms[0], "files-files" not in page.text and 'value="send"' in page.text
        typed = {} if last else typist.types(form)
        page = visitor.sends(
            page, form, {name: text for name, text in typed.items() if name != "answer-preferred"},
            button=("go", "send" if last else "next"),
        )  # fmt: skip


def fills_in(officer: Officer, typist: Typist, path: str, action: str = "", **typed: str) -> Page:
    """Fill in a form of a page of the office, with the canary in every field that takes it, and send it."""
    page = officer.sees(path)
    assert page.status == 200, path
    fields = (
        "text",
        "title",
        "recipient",
        "way",
        "answer",
        "reason",
        "name",
        "work",
        "half",
        "until",
        "account",
    )
    form = (
        page.form(action) if action else next(one for name in fields for one in page.forms if one.has(name))
    )
    answer = officer.sends(page, form, {**typist.types(form), **typed})
    assert answer.status == 200, (path, answer.status)
    assert answer.path != path or action, f"{path} was not taken: {answer.text}"
    return answer


def works_on(officer: Officer, typist: Typist, case: str) -> None:
    """Go through everything that can be done with a case."""
    fills_in(officer, typist, case, "/answer")
    fills_in(officer, typist, f"{case}/description")
    fills_in(officer, typist, f"{case}/record")
    for kind in KINDS:
        fills_in(officer, typist, f"{case}/add/{kind}")
    page = officer.sees(case)
    fills_in(officer, typist, page.link(f"{case}/entries/[0-9a-f]+"))
    page = fills_in(officer, typist, f"{case}/consents/new", step="referral", form="spoken")
    page = fills_in(officer, typist, page.link(f"{case}/consents/[0-9a-f]+/use"))
    referral = page.link(f"{case}/referrals/[0-9a-f]+")
    fills_in(officer, typist, referral)
    presses(officer, officer.sees(f"{case}/consents").link(f"{case}/consents/[0-9a-f]+/withdraw"))
    late = officer.sees(f"{case}/consents").link(f"{case}/consents/[0-9a-f]+/happened")
    fills_in(officer, typist, late, done_on=Canary.entered)
    presses(officer, case, "/recalled")
    fills_in(officer, typist, f"{case}/incident")
    fills_in(officer, typist, f"{case}/close")
    fills_in(officer, typist, f"{case}/erase", "/keep")


def presses(officer: Officer, path: str, action: str = "") -> None:
    """Press the button of a form that has no fields."""
    page = officer.sees(path)
    assert officer.sends(page, page.form(action)).status == 200, path


def fills_the_office(officer: Officer, typist: Typist) -> None:
    """Go through what is apart from cases."""
    service = typist.types(officer.sees("/counsel/services/new").form(field="name"))
    fills_in(officer, typist, "/counsel/services/new", **{name: service[name] for name in ("note",)})
    one = officer.sees("/counsel/services").link("/counsel/services/[0-9a-f]{32}")
    fills_in(officer, typist, f"{one}/change")
    fills_in(officer, typist, officer.sees("/counsel/incidents").link("/counsel/incidents/[0-9a-f]{32}"))
    fills_in(officer, typist, "/counsel/incidents/new")
    fills_in(officer, typist, "/counsel/prevention/new")
    fills_in(officer, typist, officer.sees("/counsel/prevention").link("/counsel/prevention/[0-9a-f]{32}"))
    page = officer.sees("/counsel/own-log")
    form = page.form(field="hours")
    officer.sends(page, form, typist.types(form))
    page = officer.sees(f"/counsel/reports/{LAST_YEAR}")
    form = page.form(field="work")
    page = officer.sends(page, form, typist.types(form))
    page = officer.sees(f"/counsel/reports/{LAST_YEAR}/release")
    form = page.form("/release")
    officer.sends(page, form, {"seen": "y"} if form.has("seen") else {})


def brings_services(officer: Officer, canary: Canary) -> None:
    """Take services from a file: look at what it would do, and do it."""
    page = officer.sees("/counsel/services/import")
    file = f"name,region,note\n{canary.word},{canary.word},{canary.word}\n".encode()
    page = officer.sends(page, page.form("/services/import"), files=[("file", f"{canary.word}.csv", file)])
    assert canary.word in page.text
    form = page.form("/import/take")
    page = officer.sends(page, form)
    assert canary.word in officer.sees("/counsel/services").text


def not_typed(typed: set[str]) -> list[str]:
    """The fields of the office's forms into which nobody has typed."""
    return sorted(
        f"{form}.{name}"
        for module, fields in FORMS.items()
        for form, name in fields
        if module != PUBLIC and name not in typed
    )


def not_sent_to(posted: list[str]) -> set[str]:
    """The addresses of the office that take words and to which none were sent."""
    endpoint, endpoints = form_addresses(blueprint, "/counsel")
    without = {f"counsel.{name}" for name in BUTTONS | PUBLISHED}
    return endpoints - without - {endpoint(path) for path in posted}


def has_a_name(home: Home, staff: Staff, name: str, called: str) -> None:
    """A colleague is called so, as their account says."""
    layer = Organisation(Settings(instance=home.instance), {}, {}).shared_layer()
    with layer.bound():
        account = Account.id == staff.members[name].account_id
        Account.update(display_name=called).where(account).execute()
    layer.close()


def begins_a_case(officer: Officer, typist: Typist) -> str:
    return fills_in(officer, typist, "/counsel/cases/new").path


def test_what_counsellors_type_is_found_nowhere(server, home, counsel_office, canary, typist):
    has_a_name(home, counsel_office[1], "ravi", canary.text("colleague"))
    search, person = Search(server, canary), Visitor(server)
    with Watch(search) as watch:
        write_in(person, typist)
        conny = counsellor(server, counsel_office[1])
        case = conny.sees("/counsel/cases").link("/counsel/cases/[0-9a-f]{32}")
        works_on(conny, typist, case)
        assert conny.sees(case).text.count(canary.word) > len(KINDS)
        talked = begins_a_case(conny, typist)
        fills_in(conny, typist, f"{talked}/add/note")
        lets_the_colleague_in(conny, typist, talked)
        assert canary.word in conny.sees(f"{talked}/readers").text
        assert search.findings() == []
        other = with_a_colleague(conny, typist)
        fills_in(conny, typist, "/counsel/cases", "/found")
        steps_out(conny, other, typist)
        fills_in(conny, typist, f"{case}/cannot-go-on")
        hands_over(conny, typist)
        fills_the_office(conny, typist)
        brings_services(conny, canary)
        assert canary.word in conny.sees(f"/counsel/reports/{LAST_YEAR}/preview").text
        assert conny.sees(f"/counsel/reports/{LAST_YEAR}/pdf").status == 200
        assert search.findings() == []
        page = conny.sees(f"{talked}/erase")
        conny.sends(page, page.form("/erase"), {"sure": "y"})
        assert conny.sees(talked).status == 404
        assert search.findings() == []
    assert not_typed(canary.typed) == []
    assert not_sent_to(conny.posted) == set()
    assert watch.found == set()
    assert watch.rounds > 10
    for visitor in (conny, person):
        assert [carried for carried in visitor.carried if canary.word in carried] == []
    assert case.rpartition("/")[2] not in server.said()
    server.stop()
    assert search.findings() == []


def presses_erase(officer: Officer, case: str, _typist: Typist) -> None:
    page = officer.sees(f"{case}/erase")
    officer.sends(page, page.form("/erase"), {"sure": "y"})


def steps_out(officer: Officer, case: str, typist: Typist) -> None:
    page = officer.sees(f"{case}/readers")
    form = page.form("/step-out")
    officer.sends(page, form, typist.types(form))


def with_a_colleague(officer: Officer, typist: Typist) -> str:
    """Another case, which the colleague reads, too."""
    case = begins_a_case(officer, typist)
    lets_the_colleague_in(officer, typist, case)
    return case


def hands_over(officer: Officer, typist: Typist) -> None:
    """Go out of a case of one's own as the colleague comes in."""
    case = begins_a_case(officer, typist)
    fills_in(officer, typist, f"{case}/colleague", "", form="spoken")
    page = officer.sees(f"{case}/readers")
    form = page.form("/take-over")
    officer.sends(page, form, typist.types(form))
    assert officer.sees(case).status == 404


def lets_the_colleague_in(officer: Officer, typist: Typist, case: str) -> None:
    page = fills_in(officer, typist, f"{case}/colleague", "", form="spoken")
    page = officer.sees(page.link(f"{case}/consents/[0-9a-f]+/use"))
    officer.sends(page, page.form())


@pytest.mark.parametrize(
    ("point", "act"),
    [("case.erase.before-commit", presses_erase), ("case.step-out.before-commit", steps_out)],
)
def test_an_office_killed_in_the_middle_leaves_nothing_readable_and_the_case_as_it_was(
    home, counsel_office, tmp_path, canary, typist, point, act
):
    with Server(home, tmp_path / "deadly", SCHOTTEN_FAULT_POINT=point) as server:
        search, conny = Search(server, canary), counsellor(server, counsel_office[1])
        case = begins_a_case(conny, typist)
        fills_in(conny, typist, f"{case}/add/note")
        lets_the_colleague_in(conny, typist, case)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            act(conny, case, typist)
        server.kill()
        assert search.findings() == []
    with Server(home, tmp_path / "server") as conny.server:
        for reader in (conny, counsellor(conny.server, counsel_office[1], "ravi")):
            assert canary.word in reader.sees(case).text
        assert Search(conny.server, canary).findings() == []
