"""The board's pages, walked through as its members do."""

from datetime import timedelta

import pytest

from app.clock import today
from app.envelopes.letter import File
from app.shared.models import Act, Posting
from app.vault.models import Notice
from compartments.board.models import Application, ApplicationMessage, Appointment, Person, SentNotice, Wish
from tests.compartments.board.applicant import Applicant
from tests.pages import fill, read, visit_and_fill, words

EN = {"Accept-Language": "en"}
HTML = File("<b>x</b>.html", "text/html", b"<script>alert(1)</script>")


@pytest.fixture
def berta(cast, postings):
    client = cast["board"].client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def applicant(cast, postings):
    with cast.shared():
        applicant = Applicant(cast)
        applicant.apply("mitglieder", "clearing", files=(HTML,))
    return applicant


@pytest.fixture
def page(cast, berta, applicant):
    """The address of the application's page."""
    berta.get("/board/")
    with cast.vault("board"):
        return f"/board/applications/{Application.get().id}"


def wish(cast, place=0) -> int:
    with cast.vault("board"):
        return Wish.get(Wish.place == place).id


def mail(cast, applicant):
    with cast.shared():
        return applicant.mail()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "applications/",
        "applications/?q=a&posting=mitglieder&stage=open&sort=name&unread=1&page=7",
        "postings/",
        "postings/new",
        "postings/mitglieder",
        "postings/mitglieder/edit",
        "postings/mitglieder/extend",
        "people/",
        "people/?compartment=clearing",
        "notices",
        "letters",
        "letters/rejection",
        "log",
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_opens_in_both_languages(berta, applicant, path, language):
    answer = berta.get(f"/board/{path}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.get_data(as_text=True)


def test_an_empty_board_says_what_to_do(cast):
    client = cast["board"].client()
    assert "No applications yet" in words(client.get("/board/applications/", headers=EN))
    assert "No postings yet" in words(client.get("/board/postings/", headers=EN))


@pytest.mark.parametrize("path", ["applications/nothing", "postings/nothing", "letters/love", "people/x/end"])
def test_what_isnt_there_is_said_to_be_missing(berta, path):
    assert berta.get(f"/board/{path}").status_code == 404


def test_opening_an_application_marks_it_read(berta, page):
    assert "1 application with news" in words(berta.get("/board/"))
    assert "Amira Sander" in words(berta.get(page))
    assert "0 applications with news" in words(berta.get("/board/"))


def test_a_file_is_saved_and_never_shown(berta, page):
    address = next(
        part.split('"')[0]
        for part in berta.get(page).get_data(as_text=True).split('href="')
        if "/files/" in part
    )
    answer = berta.get(address)
    assert answer.data == HTML.content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert berta.get(address[:-1]).status_code == 404


def test_names_and_texts_of_applicants_are_never_markup(cast, berta):
    with cast.shared():
        Applicant(cast, name="<script>x</script>").apply("mitglieder", motivation="<img src=x onerror=y>")
    berta.get("/board/")
    for path in ("/board/", "/board/applications/"):
        assert "<script>x" not in berta.get(path).get_data(as_text=True)


def test_writing_to_the_applicant(cast, berta, page, applicant):
    answer = visit_and_fill(berta, page, "/messages", text="Wann passt es?")
    assert answer.status_code == 303
    assert [one["text"] for one in mail(cast, applicant)] == ["Wann passt es?"]
    assert "Wann passt es?" in words(berta.get(page))


def test_an_empty_message_is_an_error_on_the_page(berta, page):
    answer = visit_and_fill(berta, page, "/messages", text="  ")
    assert answer.status_code == 422
    assert "There is a problem" in words(answer)


def test_a_message_sent_by_double_click_goes_once(cast, berta, page, applicant):
    shown = berta.get(page)
    answers = [fill(berta, shown, "/messages", text="Einmal") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(mail(cast, applicant)) == 1


def test_the_second_member_is_told_keeps_the_text_and_can_send_it_then(cast, berta, page, applicant):
    shown = berta.get(page)
    assert (
        visit_and_fill(berta, page, f"/wishes/{wish(cast)}/stage", **moved(cast, "interview")).status_code
        == 303
    )
    told = fill(berta, shown, "/messages", text="Mein langer Text")
    assert told.status_code == 409
    assert "Something has happened since you opened this page" in words(told)
    assert "Stage changed" in words(told)
    assert "Mein langer Text" in told.get_data(as_text=True)
    assert mail(cast, applicant) == []
    assert fill(berta, told, "/messages", text="Mein langer Text").status_code == 303
    assert len(mail(cast, applicant)) == 1


def moved(cast, stage) -> dict[str, str]:
    return {f"move{wish(cast)}-stage": stage, f"move{wish(cast)}-reason": ""}


def test_what_was_typed_for_an_application_that_is_gone_is_given_back(cast, berta, page, applicant):
    shown = berta.get(page)
    with cast.shared():
        applicant.withdraw()
    answer = fill(berta, shown, "/messages", text="Noch eine Frage an Sie")
    assert answer.status_code == 404
    assert "Noch eine Frage an Sie" in words(answer)


def test_rejecting_with_the_letter_in_the_applicants_language(cast, berta, page, applicant):
    form = berta.get(f"{page}/reject")
    assert "Guten Tag Amira Sander" in form.get_data(as_text=True)
    typed = {"letter": "Leider nein.", "wishes": [str(wish(cast, 0)), str(wish(cast, 1))]}
    assert fill(berta, form, **typed).status_code == 303
    (decision,) = mail(cast, applicant)
    assert (decision["kind"], decision["text"]) == ("decision", "Leider nein.")
    assert berta.get(f"{page}/reject").status_code == 303


def test_rejecting_nothing_is_an_error(berta, page):
    answer = visit_and_fill(berta, f"{page}/reject", letter="x", wishes=[])
    assert answer.status_code == 422
    assert "Choose at least one posting" in words(answer)


def test_making_an_offer_and_withdrawing_it(cast, berta, page, applicant):
    offer = f"/board/people/offer/{page.rsplit('/', 1)[1]}/{wish(cast)}"
    assert visit_and_fill(berta, offer, text="Wir freuen uns.").status_code == 303
    with cast.vault("board"):
        appointment = Appointment.get()
        assert appointment.state == "offered"
    assert len(mail(cast, applicant)[0]["code"]) == 23
    assert "waiting for an answer" in words(berta.get(page))
    assert "Offer open" in words(berta.get("/board/people/"))
    answer = visit_and_fill(berta, f"/board/people/offer/{appointment.id}/withdraw", letter="Doch nicht.")
    assert answer.status_code == 303
    assert "Offer withdrawn" in words(berta.get(page))


def test_an_offer_in_the_past_is_an_error(cast, berta, page):
    offer = f"/board/people/offer/{page.rsplit('/', 1)[1]}/{wish(cast)}"
    yesterday = (today() - timedelta(days=1)).isoformat()
    answer = visit_and_fill(berta, offer, text="x", answer_by=yesterday, ends_on=yesterday)
    assert answer.status_code == 422
    assert "This day has passed." in words(answer)
    assert visit_and_fill(berta, offer, text="x", answer_by="soon").status_code == 422


def test_a_rule_is_named_and_the_other_office_is_not(cast, berta, page):
    people = berta.get("/board/people/?compartment=clearing")
    named = next(
        part.split('"')[0] for part in people.get_data(as_text=True).split('href="') if "/name" in part
    )
    visit_and_fill(berta, named, name="Amira Sander", email="amira@example.org")
    offer = f"/board/people/offer/{page.rsplit('/', 1)[1]}/{wish(cast)}"
    form = berta.get(offer)
    assert "Is this the same person?" in words(form)
    with cast.vault("board"):
        person = Person.get().id
    assert fill(berta, form, text="x").status_code == 422
    answer = fill(berta, form, text="Mein Brief", person=person)
    assert answer.status_code == 409
    assert "A rule stands against this appointment" in words(answer)
    assert "may hold no other of them" in words(answer)
    assert "Mein Brief" in answer.get_data(as_text=True)
    with cast.vault("board"):
        assert Appointment.select().count() == 0


def test_ending_an_office_warns_before_the_last_key_goes(cast, berta, postings):
    people = berta.get("/board/people/?compartment=counsel").get_data(as_text=True)
    end = next(part.split('"')[0] for part in people.split('href="') if part.split('"')[0].endswith("/end"))
    form = berta.get(end)
    assert "This is the last officer of the compartment" in words(form)
    assert fill(berta, form).status_code == 303
    assert cast["counsel"].client().get("/counsel/").status_code in {302, 303}


def test_erasing_asks_first(cast, berta, page):
    assert fill(berta, berta.get(f"{page}/erase")).status_code == 303
    assert berta.get(page).status_code == 404


def new_posting(berta, **typed):
    fields = {"de-title": "Öffentlichkeitsarbeit", "de-summary": "Schreiben.", "compartment": "desk", **typed}
    return visit_and_fill(berta, "/board/postings/new", "/new", role="officer", **fields)


def test_a_posting_from_draft_to_the_public_page_and_back(cast, berta):
    soon, later = (today() + timedelta(days=days) for days in (10, 20))
    answer = new_posting(berta, deadline=soon.isoformat())
    assert answer.location == "/board/postings/oeffentlichkeitsarbeit"
    public = "/postings/oeffentlichkeitsarbeit"
    assert cast.outsider().get(public).status_code == 404
    assert fill(berta, berta.get(answer.location), "/publish").status_code == 303
    assert "Öffentlichkeitsarbeit" in words(cast.outsider().get(public))
    extended = visit_and_fill(berta, f"{answer.location}/extend", deadline=later.isoformat())
    assert extended.status_code == 303
    assert "extended" in words(cast.outsider().get(public, headers=EN))
    assert visit_and_fill(berta, f"{answer.location}/extend", deadline=soon.isoformat()).status_code == 409
    assert fill(berta, berta.get(answer.location), "/close").status_code == 303
    assert visit_and_fill(berta, f"{answer.location}/reopen", deadline="").status_code == 303
    log = words(berta.get("/board/log"))
    assert "Posting closed" in log
    assert "The chain has been checked" in log


def test_a_posting_without_a_title_is_an_error_at_the_field(berta):
    answer = new_posting(berta, **{"de-title": ""})
    assert answer.status_code == 422
    assert 'href="#de-title"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"min_seats": "3", "max_seats": "2"}, "The upper end is below the lower one."),
        ({"questions-0-en": "Why?"}, "Enter it in German too"),
        ({"de-title": "Mitglieder", "slug": "mitglieder"}, "There is a posting with this address already"),
        ({"de-title": "x" * 201}, "at most"),
        ({"de-tasks": "a\x00b"}, "characters that can't be shown"),
    ],
    ids=str,
)
def test_what_makes_no_sense_in_a_posting_is_said(berta, typed, says):
    answer = new_posting(berta, **typed)
    assert answer.status_code == 422
    assert says in words(answer)


def test_questions_and_requirements_are_kept(cast, berta):
    new_posting(
        berta,
        **{
            "questions-0-de": "Warum?",
            "questions-0-en": "Why?",
            "questions-0-required": "y",
            "requirements-0-de": "Zeugnis",
            "requirements-0-evidence": "y",
        },
    )
    with cast.shared():
        posting = Posting.get_by_id("oeffentlichkeitsarbeit")
    (question,), (requirement,) = posting.questions, posting.requirements
    assert (question["texts"], question["required"]) == ({"de": "Warum?", "en": "Why?"}, True)
    assert (requirement["texts"], requirement["evidence"]) == ({"de": "Zeugnis"}, True)


def test_two_members_editing_a_posting_see_both_versions_and_lose_nothing(cast, berta):
    path = "/board/postings/mitglieder"
    mine, theirs = (berta.get(f"{path}/edit") for _ in range(2))
    assert (
        fill(berta, theirs, "/edit", **{"de-summary": "Fassung A", "seats_wording": "plus"}).status_code
        == 303
    )
    told = fill(berta, mine, "/edit", **{"de-summary": "Fassung B", "seats_wording": "plus"})
    assert told.status_code == 409
    assert "Somebody else has saved this posting while you were writing" in words(told)
    assert all(text in words(told) for text in ("Fassung A", "Fassung B"))
    assert words(told).count("Saved now") == 1
    assert fill(berta, told, "/edit", **{"de-summary": "Fassung A und B"}).status_code == 303
    with cast.shared():
        assert Posting.get_by_id("mitglieder").texts["de"]["summary"] == "Fassung A und B"


def test_a_preview_saves_nothing_and_shows_markdown_without_scripts(cast, berta):
    form = berta.get("/board/postings/new")
    (_, fields) = next(one for one in read(form) if one[0].endswith("/new"))
    typed = {"de-title": "Neu", "de-summary": "Kurz", "de-tasks": "- **fett**\n<script>x</script>"}
    page = berta.post("/board/postings/preview", data={**fields, **typed}).get_data(as_text=True)
    assert "<strong>fett</strong>" in page
    assert "<script>x" not in page
    with cast.shared():
        assert Posting.get_or_none(Posting.slug == "neu") is None


def test_more_rows_can_be_had_without_javascript(berta):
    form = berta.get("/board/postings/new")
    (_, fields) = next(one for one in read(form) if one[0].endswith("/new"))
    page = berta.post("/board/postings/rows", data={**fields, "questions-0-de": "Warum?"})
    assert 'name="questions-1-de"' in page.get_data(as_text=True)


def test_a_notice_reaches_the_other_compartment(cast, berta):
    shown = berta.get("/board/notices")
    for _ in range(2):
        fill(berta, shown, "/notices", recipient="clearing", subject="Zeitplan", text="Am Montag.")
    cast["clearing"].client().get("/clearing/inbox")
    with cast.vault("clearing"):
        assert [(row.subject, row.text) for row in Notice.select()] == [("Zeitplan", "Am Montag.")]
    with cast.vault("board"):
        assert SentNotice.select().count() == 1


def test_the_wording_of_a_letter_is_kept_and_unknown_places_are_refused(berta):
    wrong = visit_and_fill(berta, "/board/letters/rejection", "/rejection", de="Hallo {vorname}", en="")
    assert "Nothing is known as {vorname}" in words(wrong)
    assert (
        visit_and_fill(berta, "/board/letters/rejection", "/rejection", de="Hallo {name}", en="").status_code
        == 303
    )
    assert "Your own wording" in words(berta.get("/board/letters"))


def test_a_broken_log_is_cried_out(cast, berta):
    with cast.shared():
        Act._meta.database.execute_sql("drop trigger act_is_not_edited")
        Act.update(subject="nobody").where(Act.number == 3).execute()
    assert "The log has been tampered with" in words(berta.get("/board/log"))


@pytest.mark.parametrize("path", ["notices", "postings/new", "letters/offer", "postings/mitglieder/close"])
def test_a_form_without_its_token_does_nothing(cast, berta, path):
    answer = berta.post(f"/board/{path}", data={"revision": "2", "text": "x"})
    assert answer.status_code == 422
    with cast.vault("board"):
        assert (SentNotice.select().count(), ApplicationMessage.select().count()) == (0, 0)
