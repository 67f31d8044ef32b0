"""The mailbox: who has the code reads, answers, accepts and withdraws; who hasn't learns nothing."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.envelopes import mailbox_letters, outbox
from app.shared.models import Assignment, Envelope, Mailbox, MailboxMessage, Person
from keys.codes import new_code
from keys.mailbox import MailboxKeys
from tests.app.public.calls import TODAY

OFFER = "0f" * 16


@pytest.fixture
def code(applicant):
    return applicant.apply().press("send").code


def write_back(cast, code, content):
    """An answer as the board sends one."""
    keys = MailboxKeys.from_receipt(code)
    with cast.vault("board"):
        outbox.answer(keys.id, keys.sealing.public.to_bytes(), content, day=TODAY())
        outbox.deliver({})


def offer(cast, code, *, enrolment="bcdfg-hjkmn-pqrst-vwxyz", days=14):
    with cast.shared():
        person = Person.create(id="1" * 32)
        Assignment.create(
            id=OFFER, person=person, compartment="membership", appointed_on=TODAY(), starts_on=TODAY()
        )
    day = TODAY() + timedelta(days=days)
    content = mailbox_letters.offer(
        "Wir freuen uns.",
        posting="membership-office",
        assignment=OFFER,
        code=enrolment,
        expires_on=day,
        at=utc_now(),
    )
    write_back(cast, code, content)


def open_with(applicant, code):
    applicant.see("/mailbox")
    return applicant.fill({"code": code}).press()


def board_has(cast):
    cast["board"].client().get("/board/")
    with cast.vault("board"):
        from app.vault.models import RefusedEnvelope
        from compartments.board.models import Application, ApplicationFile, ApplicationMessage, Appointment

        assert not RefusedEnvelope.select().exists()
        incoming = ApplicationMessage.select().where(ApplicationMessage.direction == "in")
        return {
            "applications": Application.select().count(),
            "messages": [one.text for one in incoming],
            "files": [one.name for one in ApplicationFile.select()],
            "appointments": [one.state for one in Appointment.select()],
        }


def test_the_code_opens_the_mailbox_however_it_is_typed(applicant, code):
    for typed in (code, code.upper(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        open_with(applicant, typed)
        assert "You sent your application" in applicant.page


def test_the_code_stands_in_no_address_cookie_or_header(applicant, code):
    open_with(applicant, code)
    told = str(applicant.answer.headers) + str(list(applicant.client._cookies.values()))
    assert code not in told
    assert code.replace("-", "") not in told
    assert applicant.path == "/mailbox"


@pytest.mark.parametrize("typed", ["", "bcdfg", "aeiou-aeiou-aeiou-aeiou", "x" * 100_000, "\x00", "مرحبا"])
def test_what_is_no_code_gets_help(applicant, typed):
    open_with(applicant, typed)
    assert applicant.status == 200
    assert "There is a problem" in applicant.page


def test_a_code_that_opens_nothing_is_told_so(applicant):
    assert "No mailbox opens with this code" in open_with(applicant, new_code()).page


def test_a_message_from_the_board_is_read_by_the_owner_only(published, applicant, another, code):
    write_back(published, code, mailbox_letters.message("Wann passt ein <b>Gespräch</b>?", at=utc_now()))
    assert "Wann passt ein &lt;b&gt;Gespräch&lt;/b&gt;?" in open_with(applicant, code).page
    assert "Gespräch" not in open_with(another, another.apply().press("send").code).page


def test_reading_changes_nothing(published, applicant, code):
    with published.shared():
        before = [list(model.select().dicts()) for model in (Envelope, Mailbox, MailboxMessage)]
    open_with(applicant, code)
    with published.shared():
        assert before == [list(model.select().dicts()) for model in (Envelope, Mailbox, MailboxMessage)]


def test_what_was_sent_can_be_read_again(applicant, code):
    assert "Weil es gebraucht wird." in open_with(applicant, code).page


def test_the_owner_writes_to_the_board_with_a_file(published, applicant, code, pdf):
    open_with(applicant, code)
    applicant.fill({"text": "Hier ist das Zeugnis."}).press("send", files={"files": pdf("nachtrag.pdf")})
    assert "sealed and sent to the board" in applicant.page
    assert "Hier ist das Zeugnis." in applicant.page
    found = board_has(published)
    assert found["messages"] == ["Hier ist das Zeugnis."]
    assert found["files"] == ["nachtrag.pdf"]


def test_a_message_sent_twice_is_one(published, applicant, code, pdf):
    open_with(applicant, code)
    applicant.fill({"text": "Einmal."}).press("send", files={"files": pdf()})
    action, sent = applicant.last
    applicant.send(action, {name: value for name, value in sent.items() if name != "files"})
    assert board_has(published)["messages"] == ["Einmal."]


def test_two_messages_with_the_same_words_are_two(published, applicant, code):
    open_with(applicant, code)
    applicant.fill({"text": "Noch etwas."}).press("send")
    applicant.fill({"text": "Noch etwas."}).press("send")
    assert board_has(published)["messages"] == ["Noch etwas.", "Noch etwas."]


def test_a_file_that_isnt_taken_keeps_text_and_good_files(applicant, code, pdf):
    open_with(applicant, code)
    applicant.fill({"text": "Bleibt."}).press(
        "send", files={"files": [pdf("gut.pdf"), pdf("bad.pdf", b"MZ")]}
    )
    assert "bad.pdf" in applicant.page
    assert applicant.holds("text") == "Bleibt."
    applicant.press("send")
    assert "sealed and sent to the board" in applicant.page
    assert "Files: <bdi>gut.pdf</bdi>" in applicant.page


def test_an_empty_message_isnt_sent(published, applicant, code):
    open_with(applicant, code).press("send")
    assert "Please write something" in applicant.page
    assert board_has(published)["messages"] == []


def test_an_expired_token_keeps_the_message(app, published, applicant, code):
    open_with(applicant, code)
    app.config["WTF_CSRF_TIME_LIMIT"] = -1
    applicant.fill({"text": "Bleibt."}).press("send")
    assert applicant.holds("text") == "Bleibt."
    assert "open for too long" in applicant.page
    assert "CSRF" not in applicant.page
    assert board_has(published)["messages"] == []


# --- offers ------------------------------------------------------------------------------------------------------------


def accept(applicant):
    return applicant.press("accept").press("accept-meant")


def test_the_first_press_shows_what_accepting_means_and_does_nothing(published, applicant, code):
    offer(published, code)
    open_with(applicant, code)
    assert applicant.page.count("Wir freuen uns.") == 1
    with published.shared():
        before = Envelope.select().count()
    applicant.press("accept")
    assert "Do you want to accept this office?" in applicant.page
    assert "strictly separated" in applicant.page
    assert "bcdfg-hjkmn-pqrst-vwxyz" not in applicant.page
    with published.shared():
        assert Envelope.select().count() == before
    applicant.press(form=1)
    assert "You are offered an office" in applicant.page


def test_a_button_that_no_page_has_accepts_nothing(published, applicant, code):
    offer(published, code)
    fields = open_with(applicant, code).forms()[0].fields.to_dict()
    for go in ("", "-meant", "yes-meant"):
        applicant.send("/mailbox/offer", {**fields, "go": go})
        assert "You have accepted" not in applicant.page
    assert "You have declined" not in applicant.page


def test_accepting_shows_the_enrolment_code_now_and_later(published, applicant, code):
    offer(published, code)
    open_with(applicant, code)
    assert "Wir freuen uns." in applicant.page
    assert "bcdfg-hjkmn-pqrst-vwxyz" not in applicant.page
    accept(applicant)
    assert "bcdfg-hjkmn-pqrst-vwxyz" in applicant.page
    assert "/enrol" in applicant.page
    assert "bcdfg-hjkmn-pqrst-vwxyz" in open_with(applicant, code).page


def test_declining_is_final(published, applicant, code):
    offer(published, code)
    open_with(applicant, code).press("decline").press("decline-meant")
    assert "You have declined" in applicant.page
    action, sent = applicant.last
    for go in ("accept", "accept-meant"):
        applicant.send(action, {**sent, "go": go})
    assert "answered before" in applicant.page
    assert "bcdfg-hjkmn-pqrst-vwxyz" not in applicant.page


def test_accepting_twice_is_accepting_once(published, applicant, code):
    offer(published, code)
    accept(open_with(applicant, code))
    with published.shared():
        before = Envelope.select().count()
    assert "Welcome" in applicant.again().page
    with published.shared():
        assert Envelope.select().count() == before


def test_an_offer_whose_time_is_over_cant_be_accepted(published, applicant, code):
    offer(published, code, days=-1)
    open_with(applicant, code)
    assert "The time to answer ended" in applicant.page
    fields = {**applicant.forms()[0].fields.to_dict(), "offer": OFFER, "go": "accept-meant"}
    applicant.send("/mailbox/offer", fields)
    assert "bcdfg-hjkmn-pqrst-vwxyz" not in applicant.page


def test_an_offer_that_was_taken_back_cant_be_accepted(published, applicant, code):
    offer(published, code)
    open_with(applicant, code).press("accept")
    with published.shared():
        Assignment.update(state="ended").where(Assignment.id == OFFER).execute()
    applicant.press("accept-meant")
    assert "no longer holds" in applicant.page
    assert "bcdfg-hjkmn-pqrst-vwxyz" not in applicant.page


def test_somebody_elses_offer_cant_be_accepted(published, applicant, another, code):
    offer(published, code)
    open_with(another, another.apply().press("send").code)
    fields = another.forms()[0].fields.to_dict()
    for go in ("accept", "accept-meant"):
        another.send("/mailbox/offer", {**fields, "offer": OFFER, "go": go})
        assert "answered before, or it is over" in another.page


def test_an_office_without_a_compartment_has_no_enrolment(published, applicant, code):
    offer(published, code, enrolment=None)
    accept(open_with(applicant, code))
    assert "The board will write to you" in applicant.page
    assert "/enrol" not in applicant.page


# --- withdrawing -------------------------------------------------------------------------------------------------------


def withdraw(applicant, code):
    open_with(applicant, code)
    applicant.press(form=-1)
    assert "Do you want to withdraw" in applicant.page
    return applicant.fill({"sure": "y"}).press()


def test_withdrawing_erases_what_waits_and_what_the_board_has(published, applicant, code):
    assert board_has(published)["applications"] == 1
    withdraw(applicant, code)
    assert "Application withdrawn" in applicant.page
    with published.shared():
        assert not MailboxMessage.select().exists()
    assert board_has(published)["applications"] == 0
    assert "No mailbox opens with this code" in open_with(applicant, code).page


def test_withdrawing_before_the_board_has_looked_leaves_nothing_to_read(published, applicant, code):
    withdraw(applicant, code)
    assert board_has(published)["applications"] == 0


def test_withdrawing_takes_a_tick(published, applicant, code):
    open_with(applicant, code).press(form=-1)
    applicant.press()
    assert "Please tick the box" in applicant.page
    assert board_has(published)["applications"] == 1


def test_reloading_the_receipt_doesnt_bring_a_withdrawn_application_back(published, applicant, another):
    code = applicant.apply().press("send").code
    withdraw(another, code)
    applicant.again()
    assert "withdrawn again" in applicant.page
    assert board_has(published)["applications"] == 0


def test_no_answer_is_put_into_a_mailbox_that_was_closed(published, applicant, code):
    withdraw(applicant, code)
    write_back(published, code, mailbox_letters.message("Zu spät.", at=utc_now()))
    with published.shared():
        assert not MailboxMessage.select().exists()


# --- contact -----------------------------------------------------------------------------------------------------------


def test_a_message_to_the_desk_gets_a_receipt_and_a_mailbox(published, applicant):
    applicant.see("/contact").fill({"subject": "Frage", "text": "Wie trete ich bei?"}).press()
    code = applicant.code
    assert applicant.again().code == code
    with published.shared():
        assert [row.recipient for row in Envelope.select()] == ["desk"]
    assert "Wie trete ich bei?" in open_with(applicant, code).page
    assert "Withdraw" not in applicant.page


def test_a_message_to_the_desk_needs_words_and_a_real_address_or_none(published, applicant):
    applicant.see("/contact").fill({"email": "nowhere"}).press()
    for says in ("what it is about", "Please write something", "such as name@example.org"):
        assert says in applicant.page
    with published.shared():
        assert not Envelope.select().exists()


def ask_the_desk(applicant):
    applicant.see("/contact").fill({"subject": "Frage", "text": "Wie trete ich bei?"}).press()
    return applicant.code


def desk_has(cast):
    cast["desk"].client().get("/desk/")
    with cast.vault("desk"):
        from app.vault.models import RefusedEnvelope
        from compartments.desk.models import ContactRequest, FollowUp

        assert not RefusedEnvelope.select().exists()
        return [row.state for row in ContactRequest.select()], [row.text for row in FollowUp.select()]


def test_who_asked_the_desk_writes_again_and_the_request_is_open_again(published, applicant):
    code = ask_the_desk(applicant)
    assert desk_has(published) == (["open"], [])
    with published.vault("desk"):
        from compartments.desk.models import ContactRequest

        ContactRequest.update(state="answered").execute()
    open_with(applicant, code).fill({"text": "Und was kostet es?"}).press("send")
    assert "sealed and sent to the support desk" in applicant.page
    assert "Und was kostet es?" in applicant.page
    applicant.again()
    assert desk_has(published) == (["open"], ["Und was kostet es?"])


def test_the_desk_takes_no_files_from_a_mailbox(published, applicant, pdf):
    open_with(applicant, ask_the_desk(applicant))
    assert 'name="files"' not in applicant.page
    applicant.fill({"text": "Mit Anhang."}).press("send", files={"files": pdf()})
    assert "sealed and sent to the support desk" in applicant.page
    assert desk_has(published) == (["open"], ["Mit Anhang."])


def test_a_question_to_the_desk_cannot_be_withdrawn(published, applicant):
    code = ask_the_desk(applicant)
    fields = open_with(applicant, code).forms()[0].fields.to_dict()
    applicant.send("/mailbox/erase", {**fields, "sure": "y"})
    assert "Wie trete ich bei?" in open_with(applicant, code).page
    assert desk_has(published)[0] == ["open"]
