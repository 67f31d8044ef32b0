"""The number of members on 31 December: two officers, one signature, and anybody can check it."""

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from app.cli import main
from app.clock import today
from app.office.authors import Author
from app.shared import admission
from app.vault import proposals
from compartments.membership import member_counts
from compartments.membership.models import Person
from tests.cast import appointment, enrol
from tests.pages import fill, visit_and_fill, words

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001  (as vaults keep times)
ADA, LEA = Author("ada", "Ada"), Author("lea", "Lea")
PAGE = "/membership/divisions/members?year=2025"


def signed(year=2025):
    made = member_counts.propose(year, "Zahl", day=DAY, by=ADA, now=NOW)
    confirmed = proposals.confirm(made.id, by=LEA, now=NOW)
    return member_counts.sign(confirmed, organisation="Hafen", day=DAY, by=LEA).document


def test_it_says_who_signed_how_many_and_any_change_shows(add, office):
    add()
    document = signed()
    statement, fingerprint = member_counts.verified(document)
    assert (statement["members"], statement["officers"], statement["day"]) == (
        1,
        ["Ada", "Lea"],
        "2025-12-31",
    )
    assert len(fingerprint.split()) == 8
    for name, value in (
        ("members", 2),
        ("officers", ["Ada", "Eve"]),
        ("day", "2024-12-31"),
        ("signature", "00"),
    ):
        with pytest.raises(member_counts.NotGenuine):
            member_counts.verified(json.dumps({**json.loads(document), name: value}))
    for nonsense in ("", "[]", "{}", "1", "[" * 100_000):
        with pytest.raises(member_counts.NotGenuine):
            member_counts.verified(nonsense)


def test_a_number_that_has_changed_is_not_signed(add, office):
    person = add()
    made = member_counts.propose(2025, "Zahl", day=DAY, by=ADA, now=NOW)
    Person.update(left_on=date(2025, 12, 31), exit_reason="died").where(Person.id == person).execute()
    with pytest.raises(proposals.Stale):
        member_counts.sign(made, organisation="Hafen", day=DAY, by=LEA)
    assert member_counts.of_year(2025) == []
    with pytest.raises(ValueError, match="not over"):
        member_counts.propose(2026, "Zahl", day=DAY, by=ADA, now=NOW)


def test_the_command_checks_it_without_an_instance(add, office, tmp_path):
    add()
    document = signed()
    (tmp_path / "good.json").write_text(document)
    (tmp_path / "bad.json").write_text(document.replace('"members":1', '"members":9'))
    good = CliRunner().invoke(main, ["verify", str(tmp_path / "good.json")])
    assert (good.exit_code, "Hafen: 1 members on 2025-12-31" in good.output) == (0, True)
    bad = CliRunner().invoke(main, ["verify", str(tmp_path / "bad.json")])
    assert (bad.exit_code, "changed" in bad.output) == (1, True)


@pytest.fixture
def client(cast):
    return english(cast["membership"])


@pytest.fixture
def mona(cast):
    """A second officer of membership."""
    with cast.vault("membership"):
        settings = cast.organisation.settings
        member = enrol(appointment("membership"), "mona", settings, compartment="membership")
        admission.admit(member.account_id, by=cast["membership"].session(), day=today())
    member.app = cast.app
    return english(member)


def english(officer):
    client = officer.client()
    client.set_cookie("lang", "en")
    return client


def test_a_second_officer_confirms_and_the_document_is_handed_out(cast, client, mona):
    page = client.get(PAGE)
    assert "Nobody has signed this number yet" in words(page)
    proposal = fill(client, page, action="/sign").location
    assert fill(client, client.get(PAGE), action="/sign").location == proposal, "proposed once"
    assert "Nobody has signed this number yet" in words(client.get(PAGE))
    assert visit_and_fill(mona, proposal, "/confirm").status_code == 303
    assert "Members: 0, signed on" in words(client.get(PAGE))
    with cast.vault("membership"):
        (count,) = member_counts.of_year(2025)
    sent = client.get(f"/membership/divisions/members/signed/{count.id}.json")
    assert member_counts.verified(sent.text)[0]["officers"][1] == "mona"
    for missing in (99, 2**70):
        assert client.get(f"/membership/divisions/members/signed/{missing}.json").status_code == 404


def test_the_proposer_cannot_confirm(cast, client, mona):
    proposal = fill(client, client.get(PAGE), action="/sign").location
    assert "/confirm" not in client.get(proposal).text
    with cast.vault("membership"):
        assert member_counts.of_year(2025) == []
