"""From the sealed application to the member: each step once, each letter in the mailbox, the desk told exactly once."""

from datetime import date, timedelta

from app.envelopes.mailbox_letters import Kind
from app.shared import mailboxes
from app.shared.models import Envelope, Mailbox
from compartments.desk.models import NewMember
from compartments.membership.admissions import admitting
from compartments.membership.admissions.models import Admission
from compartments.membership.dues.models import Payment
from compartments.membership.models import FieldChange, Person
from keys.mailbox import MailboxKeys
from tests.compartments.membership.conftest import MIKA, NOW, details, new_id, persons
from tests.pages import fill, read, words

PATH = "/membership/admissions/"


def the_admission(cast):
    with cast.vault("membership"):
        return Admission.get()


def path(client, cast):
    assert "Öztürk, Jördis" in words(client.get(PATH))
    return PATH + the_admission(cast).id


def kinds(cast, code):
    with cast.shared():
        return {one.content["kind"] for one in mailboxes.messages(MailboxKeys.from_receipt(code))}


def texts(cast, code):
    with cast.shared():
        return [one.content.get("text", "") for one in mailboxes.messages(MailboxKeys.from_receipt(code))]


def accepted(client, cast):
    at = path(client, cast)
    assert fill(client, client.get(at), "/confirm").status_code == 303
    decided = fill(client, client.get(at), "/decision", decision="accept", decided_by="Landesvorstand")
    assert decided.status_code == 303, words(decided)
    return at


def test_a_new_member_keeps_the_language_of_the_application(cast, client, applicant):
    fill(client, client.get(accepted(client, cast)), "/first-payment", amount="96")
    with cast.vault("membership"):
        assert Person.get().language == "en"


def test_the_first_payment_makes_a_member_once_and_tells_the_desk_once(cast, client, applicant):
    at = accepted(client, cast)
    form = client.get(at)
    for _click in range(2):
        assert fill(client, form, "/first-payment", amount="96").status_code == 303
    with cast.vault("membership"):
        (person,) = Person.select()
        assert (person.last_name, person.dues_cents, person.first_paid_on is not None) == (
            "Öztürk",
            9600,
            True,
        )
        assert [row.cents for row in Payment.select()] == [9600]
        assert [row.field for row in FieldChange.select()] == ["added"]
    with cast.shared():
        assert Envelope.select().where(Envelope.recipient == "desk").count() == 1
    assert kinds(cast, applicant.receipt) == {Kind.SENT_MEMBERSHIP, Kind.MESSAGE, Kind.DECISION}
    desk = cast["desk"].client()
    desk.set_cookie("lang", "en")
    assert "Welcome Jördis Öztürk" in words(desk.get("/desk/inbox"))
    with cast.vault("desk"):
        (newcomer,) = NewMember.select()
    page = desk.get(f"/desk/new-members/{newcomer.id}")
    assert fill(desk, page, "/welcomed").status_code == 303
    assert "Jördis" not in words(desk.get("/desk/inbox"))


def test_a_refusal_needs_reasons_which_the_applicant_reads(cast, client, applicant):
    at = path(client, cast)
    fill(client, client.get(at), "/confirm")
    without = fill(client, client.get(at), "/decision", decision="refuse", decided_by="Kreis Nord")
    assert "needs written reasons" in words(without)
    fill(
        client, client.get(at), "/decision", decision="refuse", decided_by="Kreis Nord", reason="Doppelt <b>"
    )
    assert "Doppelt <b>" in " ".join(texts(cast, applicant.receipt))
    with cast.vault("membership"):
        erased_on = Admission.get().retain_until
    with cast.shared():
        assert Mailbox.get().expires_on == erased_on
    with cast.vault("membership"):
        assert admitting.erase_due(erased_on - timedelta(days=1)) == 0
        assert admitting.erase_due(erased_on) == 1


def test_steps_cannot_be_skipped(cast, client, applicant):
    at = path(client, cast)
    page = client.get(at)
    token = {name: value for name, value in _fields(page).items() if name == "csrf_token"}
    answer = client.post(
        f"{at}/first-payment",
        data={**token, "amount": "96", "received_on": "2026-11-20", "dues_cents": "96", "member_number": "7"},
    )
    assert answer.status_code == 303
    with cast.vault("membership"):
        assert Person.select().count() == 0


def test_a_number_that_is_taken_is_said_and_nothing_happens(cast, client, applicant):
    with cast.vault("membership"):
        persons.add(details(member_number=7), entry_id=new_id(), by=MIKA, now=NOW)
    at = accepted(client, cast)
    answer = fill(client, client.get(at), "/first-payment", amount="96", member_number="7")
    assert "Another person has this member number" in words(answer)
    with cast.vault("membership"):
        assert Person.select().count() == 1
        assert Admission.get().state == "accepted"


def test_who_may_be_in_the_register_already_is_shown(cast, client, applicant):
    with cast.vault("membership"):
        twin = details(
            "Öztürk", "Jördis", birth_date=date(1990, 12, 31), email="joerdis@example.org", city="Hamburg"
        )
        persons.add(twin, entry_id=new_id(), by=MIKA, now=NOW)
    assert "Perhaps in the register already" in words(client.get(path(client, cast)))


def test_a_withdrawal_erases_the_application(cast, client, applicant):
    at = path(client, cast)
    applicant.see("/mailbox").fill({"code": applicant.receipt}).press()
    applicant.press(form=[form.action for form in applicant.forms()].index("/mailbox/withdraw"))
    applicant.fill({"sure": "y"}).press()
    assert client.get(at).status_code == 404


def _fields(page):
    return read(page)[0][1]
