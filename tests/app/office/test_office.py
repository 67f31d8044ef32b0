"""What every compartment has: an inbox of what came in, and notes to one's colleagues."""

import pytest

from app.clock import utc_now
from app.envelopes import outbox
from app.factory import create_app
from app.office import notes
from app.office.authors import Author
from app.vault.models import Alarm, Note, Notice, RefusedEnvelope
from keys.randomness import new_id
from tests.app.envelopes.post import DAY, deliver_from, notice, order_notice, put_forged
from tests.pages import fill, read, visit_and_fill, words

WITH_NOTICES = ("desk", "membership", "administration", "clearing", "counsel")
EVERYBODY = ("board", *WITH_NOTICES)


@pytest.fixture
def client_of(cast):
    def client_of(name):
        client = cast[name].client()
        client.set_cookie("lang", "en")
        return client

    return client_of


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_compartment_has_an_empty_inbox_and_no_notes(client_of, name):
    assert "Nothing is waiting" in words(client_of(name).get(f"/{name}/inbox"))
    assert "No notes yet" in words(client_of(name).get(f"/{name}/notes"))
    assert "Nothing here yet" in words(client_of(name).get(f"/{name}/inbox/done"))


@pytest.mark.parametrize("name", WITH_NOTICES)
def test_a_notice_arrives_is_read_done_and_put_back(cast, client_of, name):
    envelope = notice(cast, name, "Versammlung am 31. Januar")
    client = client_of(name)
    inbox = client.get(f"/{name}/inbox")
    assert "Versammlung am 31. Januar" in words(inbox)
    page = client.get(f"/{name}/inbox/notices/{envelope}")
    assert "Berta" in words(page)
    assert fill(client, page, "/done").status_code == 303
    assert "Versammlung" not in words(client.get(f"/{name}/inbox"))
    assert "Versammlung" in words(client.get(f"/{name}/inbox/done"))
    fill(client, client.get(f"/{name}/inbox/notices/{envelope}"), "/reopen")
    assert "Versammlung" in words(client.get(f"/{name}/inbox"))


def test_the_board_gets_no_notices_from_itself(cast):
    with pytest.raises(LookupError):
        order_notice(cast, "board", "Selbstgespräch")


def test_what_waits_is_counted_in_the_navigation(cast, client_of):
    for number in range(3):
        notice(cast, "counsel", f"Notiz {number}")
    client = client_of("counsel")
    assert 'class="count">3<' in client.get("/counsel/notes").text
    assert "Inbox 3" in words(client.get("/counsel/"))


def test_a_refused_envelope_raises_an_alarm_that_is_seen_and_can_be_deleted(cast, client_of):
    put_forged(cast, "counsel", b"rubbish" * 300)
    client = client_of("counsel")
    page = client.get("/counsel/inbox")
    assert "An envelope was refused" in words(page)
    assert fill(client, page, "/seen").status_code == 303
    page = client.get("/counsel/inbox")
    assert "An envelope was refused" not in words(page)
    fill(client, page, "/discard")
    with cast.vault("counsel"):
        assert RefusedEnvelope.select().count() == 0
        assert Alarm.get().seen_by == cast["counsel"].account_id


def test_a_junior_does_not_delete_evidence(cast):
    put_forged(cast, "administration", b"rubbish" * 300)
    client = cast["junior"].client()
    page = client.get("/administration/inbox")
    assert fill(client, page, "/discard").status_code == 403


@pytest.mark.parametrize(
    "path", ["notices/zzz/done", "alarms/99/seen", f"alarms/{2**80}/seen", "refused/zzz/discard"]
)
def test_what_is_not_there_is_a_404_and_without_a_token_nothing_happens(cast, client_of, path):
    client = client_of("clearing")
    put_forged(cast, "clearing", b"rubbish")
    token = visit_token(client, "/clearing/inbox")
    assert client.post(f"/clearing/inbox/{path}", data={"csrf_token": token}).status_code == 404
    assert client.post(f"/clearing/inbox/{path}").status_code == 303


def visit_token(client, path):
    return read(client.get(path))[0][1]["csrf_token"]


def test_a_note_is_read_by_the_colleagues_and_by_nobody_else(cast, client_of):
    text = "Ich bin nicht da 🚢 <script>\nBis Montag"
    assert visit_and_fill(client_of("administration"), "/administration/notes", text=text).status_code == 303
    page = cast["junior"].client().get("/administration/notes")
    assert "Ich bin nicht da 🚢 &lt;script&gt;" in page.text
    for other in EVERYBODY:
        if other != "administration":
            assert "Ich bin nicht da" not in client_of(other).get(f"/{other}/notes").text


def test_a_double_click_writes_one_note(cast, client_of):
    client = client_of("desk")
    page = client.get("/desk/notes")
    for _ in range(2):
        fill(client, page, text="Einmal")
    with cast.vault("desk"):
        assert Note.select().count() == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Write something first."),
        ("   ", "Write something first."),
        ("x" * 100_000, "at most"),
        ("a\x00b", "shown"),
    ],
    ids=["empty", "blank", "endless", "NUL"],
)
def test_a_note_that_cannot_be_is_said_so_and_stays_in_the_form(cast, client_of, text, error):
    answer = visit_and_fill(client_of("desk"), "/desk/notes", text=text)
    assert answer.status_code == 200
    assert words(answer).count(error) >= 2
    if len(text) > 1000:
        assert text in answer.text
    with cast.vault("desk"):
        assert Note.select().count() == 0


def test_notes_have_pages_newest_first(cast, client_of):
    by = Author(cast["desk"].account_id, "Dana")
    with cast.vault("desk"):
        for number in range(45):
            notes.write(f"Notiz {number:02}", entry_id=new_id(), by=by, now=utc_now())
        assert [notes.page(number).items[0].text for number in (1, 2, 3, 99, -3)] == [
            "Notiz 44",
            "Notiz 24",
            "Notiz 04",
            "Notiz 04",
            "Notiz 44",
        ]
    assert "Notiz 04" in words(client_of("desk").get("/desk/notes?page=3"))
    assert client_of("desk").get(f"/desk/notes?page={2**80}").status_code == 200


def test_a_compartment_that_this_app_does_not_serve_is_not_there(cast):
    app = create_app(cast.organisation.settings, ["public", "membership"])
    client = app.test_client()
    assert client.get("/membership/inbox").status_code in {302, 303}
    for path in ("/clearing/inbox", "/clearing/notes", "/nonsense/inbox", "/public/inbox"):
        assert client.get(path).status_code == 404
    app.extensions["schotten"].shared.close()


@pytest.mark.parametrize("other", ["clearing", "board"])
def test_a_session_of_one_office_opens_no_page_of_another(cast, other):
    client = cast["membership"].client()
    client.set_cookie(f"schotten-{other}", cast["membership"].token())
    for page in ("inbox", "notes", ""):
        assert "/login" in client.get(f"/{other}/{page}").location


def test_a_notice_that_is_none_is_refused(cast, client_of):
    for body in ({"subject": ""}, {"subject": "x" * 300}, {"text": 7}, {"day": "morgen"}):
        whole = {"subject": "Gut", "text": "", "author": "B", "day": DAY.isoformat(), **body}
        with cast.vault("board") as vault, vault.database.atomic("IMMEDIATE"):
            outbox.send("notice", "clearing", whole, day=DAY)
    deliver_from(cast, "board")
    client_of("clearing").get("/clearing/")
    with cast.vault("clearing"):
        assert (Notice.select().count(), RefusedEnvelope.select().count()) == (0, 4)
