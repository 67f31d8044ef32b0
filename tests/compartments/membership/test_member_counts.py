"""The number of members on 31 December: two officers, one signature, and anybody can check it."""

import io
import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from app.cli import main
from app.office.authors import Author
from app.vault import proposals
from compartments.membership import count_papers, divisions, member_counts
from compartments.membership.models import Person
from keys.binding import bind
from keys.identity import KeyPairs
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
    assert good.output.splitlines()[-1] == f"with the keys {member_counts.verified(document)[1]}"
    bad = CliRunner().invoke(main, ["verify", str(tmp_path / "bad.json")])
    assert (bad.exit_code, "changed" in bad.output) == (1, True)


def verify(folder, content):
    (folder / "file").write_bytes(content)
    return CliRunner().invoke(main, ["verify", str(folder / "file")])


def paper_of(document):
    statement, fingerprint = member_counts.verified(document)
    words = {name: name for name in ("title", "members", "members_word", "signed", "fingerprint_word", "how")}
    words |= {"codes_title": "codes", "codes_how": "", "columns": ["", "", ""], "fingerprint": fingerprint}
    rows = [[one["depth"], one["name"], str(one["own"]), str(one["total"])] for one in statement["divisions"]]
    return count_papers.pdf(document, statement, {**words, "rows": rows}, "de")


def test_the_pdf_and_what_its_codes_say_are_checked_as_the_document_is(add, office, tmp_path):
    for number in range(40):
        add(division=divisions.add(f"Kreis {number}", "county").id)
    document = signed()
    paper, codes = paper_of(document), count_papers.pieces(document)
    assert len(codes) > 1
    assert count_papers.document_in(paper) == document
    typed = "\r\n".join(code[:300] + "\n" + code[300:] for code in reversed(codes))
    for content in (document.encode(), b"\xef\xbb\xbf" + document.encode(), paper, typed.encode()):
        checked = verify(tmp_path, content)
        assert (checked.exit_code, "Hafen: 40 members on 2025-12-31" in checked.output) == (0, True)
        assert "  Kreis 7: 1, of these 1 directly" in checked.output


def test_a_changed_paper_or_one_with_a_code_missing_is_not_genuine(add, office, tmp_path):
    add()
    document = signed()
    codes = count_papers.pieces(document)
    other = json.dumps({**json.loads(document), "members": 9})
    wrong = [
        *(paper_of(document)[:-200], b"%PDF-1.7 nothing", b"\xff\xfe\x00", b"x" * (count_papers.LARGEST + 1)),
        *("\n".join(some).encode() for some in (codes[1:], codes[:-1], count_papers.pieces(other))),
        count_papers.MARK.encode(),
        f"{count_papers.MARK} 1/1 AAAA".encode(),
        paper_of(document).replace(b"members-2025-12-31.json", b"members-2025-12-31.jso1")[:1000],
    ]
    for content in wrong:
        checked = verify(tmp_path, content)
        assert (checked.exit_code, "changed, or never signed" in checked.output) == (1, True)


def test_who_signs_with_keys_of_their_own_can_neither_hide_that_nor_break_the_command(tmp_path):
    keys = KeyPairs.generate()
    plain = {
        "format": member_counts.FORMAT,
        "keys": keys.public.to_bytes().hex(),
        "members": 1,
        "divisions": [],
    }
    plain |= {"day": "2025-12-31", "officers": [], "signed_on": "2026-01-02", "organisation": "Hafen"}
    fingerprint = keys.public.fingerprint()

    def forged(**other):
        statement = plain | other
        written = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        signature = keys.signing.sign(written, context=bind(member_counts.PURPOSE)).hex()
        return json.dumps({**statement, "signature": signature}).encode()

    said = verify(tmp_path, forged(organisation="Hafen\nwith the keys 0000\x1b[8m\u202e")).output
    assert said.splitlines()[1:] == ["signed on 2026-01-02 by ", f"with the keys {fingerprint}"]
    assert said.splitlines()[0].startswith("Hafen\ufffdwith the keys 0000\ufffd[8m\ufffd: 1 members")
    for wrong in ({"members": "1"}, {"divisions": [{}]}, {"officers": 7}, {"day": None}):
        assert verify(tmp_path, forged(**wrong)).exit_code == 1


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
    paper = client.get(f"/membership/divisions/members/signed/{count.id}.pdf")
    assert (paper.mimetype, count_papers.document_in(paper.data)) == ("application/pdf", sent.text)
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert "Members on 31 December 2025" in read
    assert member_counts.verified(sent.text)[1] in read
    for missing in (99, 2**70):
        for ending in ("json", "pdf"):
            assert client.get(f"/membership/divisions/members/signed/{missing}.{ending}").status_code == 404


def test_the_proposer_cannot_confirm(cast, client, mona):
    proposal = fill(client, client.get(PAGE), action="/sign").location
    assert "/confirm" not in client.get(proposal).text
    with cast.vault("membership"):
        assert member_counts.of_year(2025) == []
