"""Letters that no page of ours writes, from somebody who has a receipt and can write into the shared layer: none closes anything to the counsellors."""

import pytest

from app.clock import utc_now
from app.envelopes import counselling
from app.envelopes.letter import File
from app.envelopes.posting import seal_from_public
from app.shared import counsellors, cover
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from compartments.counsel.cases.models import Case, CaseLetter
from keys import cases
from keys.padding import pad
from keys.randomness import new_id
from keys.symmetric import seal_with
from tests.compartments.counsel.conftest import DAY, SAID, Seeker

NOW = utc_now()
SCRIPT = "<script>alert(1)</script>"


def put(office, visit, type_, envelope_id, body, content):
    envelope = seal_from_public(type_, office.pinned, envelope_id, body, [content], room=content.size)
    with write_transaction(shared_database):
        cover.put(cover.envelopes("counsel"), envelope_id, envelope.ciphertext, DAY)


def writes(office, seeker, said, files=()):
    """Seal whatever it is."""
    letter, inbox = new_id(), seeker.look().inbox
    content, _ = counselling.letter(seeker.visit, inbox, letter, said, files)
    put(office, seeker.visit, "counsel-letter", letter, {"case": seeker.visit.case}, content)
    return letter


def writes_in(office, seeker, *names, **odd):
    """A first letter with something odd in it."""
    visit, key = seeker.visit, cases.new_case_key()
    everybody = office.published()
    accounts = [office[name].account_id for name in names]
    slots = counselling.slots(key, visit, counsellors.chosen(everybody, accounts), everybody)
    whole = {
        **SAID,
        "chosen": accounts,
        "excluded": [],
        "sealing_key": visit.sealing.public.to_bytes().hex(),
        "signing_key": visit.signing.public.to_bytes().hex(),
        "answers": visit.answers.hex(),
        **odd,
    }
    packed = counselling.pack(whole)
    sealed = seal_with(key, pad(packed), info=counselling._intake_context(visit.case))
    content = File(counselling.CONTENT, "application/octet-stream", sealed)
    put(office, visit, "counsel-intake", visit.envelope_id, {"case": visit.case, "slots": slots}, content)


def sees(office, *paths):
    client = office["conny"].client()
    pages = [
        client.get(path) for path in ("/counsel/", "/counsel/cases", "/counsel/cases/unreadable", *paths)
    ]
    assert not any(SCRIPT in page.get_data(as_text=True) for page in pages)
    return [page.status_code for page in pages]


LETTERS = {
    "a version without end": {"kind": "record", "version": float("inf"), "decision": "confirmed"},
    "no version": {"kind": "record", "version": float("nan"), "decision": "confirmed"},
    "a huge version": {"kind": "record", "version": 10**400, "decision": SCRIPT},
    "the last moment of all": {"kind": "message", "text": SCRIPT, "at": "9999-12-31T23:59:59"},
    "the first moment of all": {"kind": "message", "text": "x", "at": "0001-01-01T00:00:00"},
    "a moment with a zone": {"kind": "message", "text": "x", "at": "2026-01-01T00:00:00+05:00"},
    "a moment that is a number": {"kind": "message", "text": "x", "at": 5},
    "a text that is a list": {"kind": "message", "text": [SCRIPT], "at": ""},
    "a consent that is a list": {"kind": "consent", "consent": ["x"], "decision": "given"},
    "a decision that is a list": {"kind": "consent", "consent": "statistics", "decision": ["given"]},
    "a kind that is a list": {"kind": ["message"], "text": "x"},
    "no kind": {"text": "x"},
}


@pytest.mark.parametrize("said", LETTERS.values(), ids=LETTERS)
def test_no_letter_closes_a_case_the_list_or_the_start_page(office, seeker, said):
    seeker.write_in("conny", "ravi")
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
    writes(office, seeker, said)
    assert sees(office, f"/counsel/cases/{seeker.visit.case}") == [200] * 4


@pytest.mark.parametrize("name", ["the last moment of all", "a moment that is a number"])
def test_words_of_an_impossible_moment_are_read_all_the_same(office, seeker, name):
    seeker.write_in("conny")
    writes(office, seeker, {**LETTERS[name], "text": "Trotzdem lesbar."})
    page = office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}")
    assert "Trotzdem lesbar." in page.get_data(as_text=True)


INTAKES = {
    "a secret too short": {"answers": "00"},
    "a secret that is none": {"answers": "zz"},
    "a key that is none": {"sealing_key": "00"},
    "a signing key that is none": {"signing_key": "00"},
    "nobody chosen": {"chosen": 5},
    "readers of a strange kind": {"chosen": [["a"], {"b": 1}, None]},
    "questions in a list": {"guided": ["a", "b"]},
    "a day without beginning": {"on": "0001-01-01"},
    "a day that is a number": {"on": 3},
    "a moment of its own": {"at": "9999-12-31T23:59:59"},
}


@pytest.mark.parametrize("odd", INTAKES.values(), ids=INTAKES)
def test_no_first_letter_closes_anything_nor_the_way_to_other_cases(office, seeker, odd):
    seeker.write_in("conny")
    odd_one = Seeker(office)
    writes_in(office, odd_one, "conny", **odd)
    assert sees(office, f"/counsel/cases/{seeker.visit.case}") == [200] * 4


@pytest.mark.parametrize("name", ["a secret too short", "a secret that is none", "a key that is none"])
def test_a_case_that_could_never_be_answered_or_erased_is_none(office, name):
    one = Seeker(office)
    writes_in(office, one, "conny", **INTAKES[name])
    assert sees(office) == [200] * 3
    with office.vault("conny"):
        assert [letter.refused != "" for letter in CaseLetter.select()] == [True]
        assert Case.get_by_id(one.visit.case).erase_on is None


NAMES = {
    "a break": ("a\r\nX-Evil: 1.pdf", "application/pdf"),
    "a type with a break": ("a.pdf", "text/html\r\nX-Evil: 1"),
    "a path": ("../../etc/passwd", "application/pdf"),
    "a turned name": ("rep\u202efdp.exe", "application/pdf"),
    "no name": ("", ""),
    "a page": ("a.html", "text/html"),
}


@pytest.mark.parametrize(("name", "media_type"), NAMES.values(), ids=NAMES)
def test_a_file_is_saved_under_a_harmless_name_and_never_as_a_page(office, seeker, name, media_type):
    seeker.write_in("conny")
    with office.vault("conny"):
        office.desk("conny").open(seeker.visit.case, now=NOW)
    letter = writes(
        office, seeker, {"kind": "message", "text": "x", "at": ""}, [File(name, media_type, b"<b>x</b>")]
    )
    client, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    assert client.get(case).status_code == 200
    file = client.get(f"{case}/files/{letter}/0")
    assert file.status_code == 200
    assert file.mimetype in {"application/pdf", "application/octet-stream"}
    assert "X-Evil" not in file.headers
    said = file.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert not {"/", "%E2%80%AE", "\r"} & {sign for sign in ("/", "%E2%80%AE", "\r") if sign in said}
