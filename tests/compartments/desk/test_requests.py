"""The desk reads what people write and answers into their mailboxes."""

import pytest

from app.envelopes.mailbox_letters import letter_id, sign
from app.envelopes.posting import post_from_public
from app.shared import mailboxes
from app.shared.models import Mailbox
from app.vault.models import RefusedEnvelope
from compartments.desk.models import ANSWERED, CLOSED, OPEN, Answer, ContactRequest, FollowUp
from tests.app.envelopes.post import DAY, contact
from tests.pages import fill, words


@pytest.fixture
def client(cast):
    client = cast["desk"].client()
    client.set_cookie("lang", "en")
    return client


def state_of(cast):
    with cast.vault("desk"):
        return [row.state for row in ContactRequest.select()]


def answers_in(cast, keys):
    with cast.shared():
        return [message.content for message in mailboxes.messages(keys)]


def test_without_requests_the_desk_says_so(client):
    assert "No open requests" in words(client.get("/desk/"))


def test_a_request_is_listed_in_both_places_read_and_answered(client, cast):
    keys = contact(cast, "Wo ist mein Code? 🚢 <b>")
    for path in ("/desk/", "/desk/inbox"):
        page = client.get(path)
        assert "Frage" in words(page)
        assert f"/desk/requests/{keys.envelope_id}" in page.text
    page = client.get(f"/desk/requests/{keys.envelope_id}")
    assert "Wo ist mein Code? 🚢 &lt;b&gt;" in page.text
    sent = fill(client, page, "/answer", text="Er liegt bei.")
    assert sent.status_code == 303
    (answer,) = answers_in(cast, keys)
    assert (answer["kind"], answer["text"]) == ("message", "Er liegt bei.")
    assert "Er liegt bei." in words(client.get(sent.location))
    assert state_of(cast) == [ANSWERED]


def test_a_double_click_answers_once(client, cast):
    keys = contact(cast)
    page = client.get(f"/desk/requests/{keys.envelope_id}")
    for _ in range(2):
        assert fill(client, page, "/answer", text="Gern").status_code == 303
    assert len(answers_in(cast, keys)) == 1
    with cast.vault("desk"):
        assert Answer.select().count() == 1


@pytest.mark.parametrize("text", ["", "x" * 100_000, "a\x00b"], ids=["empty", "endless", "NUL"])
def test_an_answer_that_cannot_be_is_not_sent_and_stays_in_the_form(client, cast, text):
    keys = contact(cast)
    page = client.get(f"/desk/requests/{keys.envelope_id}")
    answer = fill(client, page, "/answer", text=text)
    assert answer.status_code == 200
    assert "There is a problem" in words(answer)
    assert answers_in(cast, keys) == []


def test_a_request_is_closed_and_opened_again(client, cast):
    keys = contact(cast)
    path = f"/desk/requests/{keys.envelope_id}"
    fill(client, client.get(path), "/close")
    assert state_of(cast) == [CLOSED]
    assert "Frage" in words(client.get("/desk/?state=closed"))
    assert "Frage" not in words(client.get("/desk/"))
    fill(client, client.get(path), "/reopen")
    assert state_of(cast) == [OPEN]


def test_an_answer_to_a_mailbox_that_is_gone_is_kept_here_and_blocks_nothing(client, cast):
    keys = contact(cast)
    with cast.shared():
        Mailbox.delete().where(Mailbox.id == keys.id).execute()
    page = client.get(f"/desk/requests/{keys.envelope_id}")
    assert fill(client, page, "/answer", text="Zu spät").status_code == 303
    assert client.get("/desk/").status_code == 200
    assert state_of(cast) == [ANSWERED]


def test_requests_have_pages(client, cast):
    for number in range(27):
        contact(cast, f"Anfrage {number}")
    assert "Page 1 of 2" in words(client.get("/desk/"))
    assert client.get("/desk/?page=2").text.count('class="inbox__entry"') == 2


@pytest.mark.parametrize("path", ["/desk/requests/zzz", "/desk/?state=nonsense"])
def test_what_is_not_there_is_a_404(client, path):
    assert client.get(path).status_code == 404


def write_again(cast, keys, text, *, signed_by=None):
    envelope, fields = letter_id(signed_by or keys, "again", text), {"text": text, "day": "2026-11-21"}
    body = {**sign("contact-message", envelope, fields, signed_by or keys), "mailbox": keys.id}
    with cast.shared():
        desk = cast.app.extensions["schotten"].pinned("desk")
        post_from_public("contact-message", desk, envelope, body, day=DAY)


def test_what_the_sender_writes_again_stands_below_the_answer(client, cast):
    keys = contact(cast)
    path = f"/desk/requests/{keys.envelope_id}"
    fill(client, client.get(path), "/answer", text="Gern geschehen.")
    write_again(cast, keys, "Noch eine Frage.")
    page = words(client.get(path))
    assert page.index("Gern geschehen.") < page.index("Noch eine Frage.")
    assert state_of(cast) == [OPEN]
    assert "written again" in words(client.get("/desk/"))


@pytest.mark.parametrize(("action", "typed"), [("/answer", {"text": "Gern."}), ("/close", {})])
def test_what_comes_while_the_answer_is_written_stays_open(client, cast, action, typed):
    keys = contact(cast)
    path = f"/desk/requests/{keys.envelope_id}"
    page = client.get(path)
    write_again(cast, keys, "Noch eine Frage.")
    done = fill(client, page, action, **typed)
    assert state_of(cast) == [OPEN]
    assert done.location.endswith(path)
    page = client.get(path)
    assert "Noch eine Frage." in words(page)
    fill(client, page, action, **typed)
    assert state_of(cast) == [CLOSED if action == "/close" else ANSWERED]


def test_nobody_writes_in_a_senders_place(client, cast):
    keys, others = contact(cast), contact(cast)
    write_again(cast, keys, "Ich bin es nicht.", signed_by=others)
    client.get("/desk/")
    with cast.vault("desk"):
        assert FollowUp.select().count() == 0
        assert RefusedEnvelope.select().count() == 1
