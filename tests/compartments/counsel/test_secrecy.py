"""Who must not read a case can't, whatever they hold; tried by opening everything with everything (:mod:`.attacker`)."""

import pytest

from app.clock import utc_now
from app.envelopes.letter import File
from app.shared import assignments
from app.shared.models import Account
from compartments.counsel.cases import work
from compartments.counsel.cases.models import Case, CaseEntry
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from keys.randomness import new_id
from tests.compartments.counsel.attacker import Attacker
from tests.compartments.counsel.conftest import DAY

NOW = utc_now()
WORD = "Kanarienvogelgezwitscher"


@pytest.fixture
def attack(cast):
    def attack(officer, *kept):
        return Attacker(cast.organisation.settings, officer, kept)

    return attack


def open_for(office, name, case):
    return office.desk(name).open(case, now=NOW)


def write_in(office, seeker, *names, never=()):
    """Somebody writes the word everywhere where one can write."""
    seeker.write_in(
        *names,
        text=WORD,
        name=WORD,
        contact=f"{WORD}@example.org",
        guided={"Seit wann?": WORD},
        files=[File(f"{WORD}.txt", "text/plain", WORD.encode() * 3000)],
        excluded=[office[name].account_id for name in never],
    )


def work_on(office, name, case):
    """A counsellor writes the word everywhere where one can write."""
    with office.vault(name):
        opened = open_for(office, name, case)
        work.take(opened, now=NOW)
        work.describe(opened, title=WORD, whistleblower=True, now=NOW)
        work.reply(opened, WORD, entry_id=new_id(), now=NOW)
        work.write_record(opened, WORD, entry_id=new_id(), version=None, now=NOW)
        for kind in work.WRITTEN:
            more = {"day": DAY.isoformat(), "channel": "phone", "due_on": DAY.isoformat()}
            work.write(opened, kind, {"text": WORD, **more}, entry_id=new_id(), now=NOW)
        consent, referral = new_id(), new_id()
        consents.note(opened, "referral", WORD, WORD, form="spoken", given_on=DAY, entry_id=consent, now=NOW)
        incidents.step_outside(opened, consent, "referral", way=WORD, entry_id=referral, now=NOW)
        version = opened.entry(referral).version
        consents.note_answer(opened, referral, WORD, answered_on=DAY, version=version, now=NOW)
        work.close(opened, text=WORD, now=NOW)
        office.take_in()


def test_the_excluded_counsellor_and_the_board_read_nothing_at_any_stage(office, cast, seeker, attack):
    def all_of_them():
        return attack(office["tove"]), attack(cast["board"]), attack(cast["membership"])

    def try_all(stage):
        for attacker in all_of_them():
            assert attacker.finds(WORD) == [], f"{attacker.officer.name}, {stage}"
            assert attacker.opened == {attacker.officer.compartment}

    write_in(office, seeker, "conny", "ravi", never=["tove"])
    try_all("before anybody has looked")
    assert {"an intake", "a large file"} <= set(attack(office["ravi"]).finds(WORD))
    with office.vault("tove"):
        office.take_in()
    try_all("imported")
    assert {"an intake", "a large file"} <= set(attack(office["ravi"]).finds(WORD))
    work_on(office, "conny", seeker.visit.case)
    seeker.write(new_id(), {"kind": "message", "text": WORD})
    try_all("worked on, with a letter under way")
    assert {"a case", "a large file", "a letter"} <= set(attack(office["ravi"]).finds(WORD))


def test_the_excluded_are_shown_no_case_and_what_they_ask_for_by_name_is_not_there(office, cast, seeker):
    write_in(office, seeker, "conny", never=["tove"])
    case = seeker.visit.case
    work_on(office, "conny", case)
    tove, board = office["tove"].client(), cast["board"].client()
    for path in (
        "/counsel/",
        "/counsel/cases",
        "/counsel/cases?state=closed",
        "/counsel/retention",
        "/counsel/incidents",
        "/counsel/reports",
        f"/counsel/cases/{case}",
        f"/counsel/cases/{case}/consents",
        f"/counsel/cases/{case}/erase",
    ):
        for client in (tove, board):
            page = client.get(path)
            assert WORD not in page.text
            assert case not in page.text.replace(path, ""), path
        assert board.get(path).status_code in {302, 303}, path


def end_of(office, name):
    """The board ends the assignment of a counsellor."""
    account = Account.get_by_id(office[name].account_id)
    assert assignments.end(account.assignment_id, day=DAY)


def test_when_a_term_ends_the_next_reader_changes_the_key_and_old_ones_open_nothing(office, seeker, attack):
    write_in(office, seeker, "conny", "ravi")
    case = seeker.visit.case
    client = office["ravi"].client()
    assert client.get(f"/counsel/cases/{case}").status_code == 200
    vault_keys = office["ravi"].session().vault_keys("counsel")
    with office.vault("ravi"):
        kept = open_for(office, "ravi", case).key
        office.take_in()
    # With all that they hold now, they read on: so what comes next is the change of the key, and nothing else.
    assert {"a case", "a large file"} <= set(attack(office["ravi"], kept, *vault_keys).finds(WORD))

    end_of(office, "ravi")
    assert client.get(f"/counsel/cases/{case}").status_code in {302, 303}
    assert client.get("/counsel/cases").status_code in {302, 303}
    with office.vault("conny"):
        opened = open_for(office, "conny", case)
        assert opened.row.epoch == 2
        assert opened.key != kept
        assert list(opened.head.readers) == [office["conny"].account_id]
        assert [one.data["who"] for one in opened.entries(Kind.EVENT)] == [["ravi"]]
        office.take_in()
    seeker.write(new_id(), {"kind": "message", "text": WORD})
    # They took the vault's key along, so they open the file until its keys are renewed; the case stays closed to them even then.
    leaver = attack(office["ravi"], kept, *vault_keys)
    assert leaver.finds(WORD) == []
    assert leaver.opened == {"counsel"}
    with office.vault("conny"):
        assert len(open_for(office, "conny", case).entries(Kind.RECEIVED)) == 2


def test_with_the_last_reader_the_case_is_closed_for_ever_and_the_program_has_said_so(
    office, cast, seeker, attack
):
    write_in(office, seeker, "ravi", never=["tove"])
    case = seeker.visit.case
    client = office["ravi"].client()
    client.get(f"/counsel/cases/{case}")
    english = {"Accept-Language": "en"}
    assert "1 case can be read by you alone" in client.get("/counsel/", headers=english).text
    alone = client.get(f"/counsel/cases/{case}", headers=english).text
    assert "You are the only one who can read this case" in alone

    end_of(office, "ravi")
    for name in ("conny", "tove"):
        assert case not in office[name].client().get("/counsel/cases").text
        with office.vault(name):
            office.take_in()
            with pytest.raises(NoCase):
                open_for(office, name, case)
        assert attack(office[name]).finds(WORD) == []
    assert attack(cast["board"]).finds(WORD) == []
    with office.vault("conny"):
        assert (Case.select().count(), CaseEntry.select().count()) == (1, 3)
