"""What nobody means to type, and what somebody means to: each gets an answer, loses nothing, and stores nothing."""

from datetime import timedelta
from io import BytesIO

import pytest

from app.shared.draft_models import DraftFile
from app.shared.models import Envelope, Posting
from tests.app.public import calls
from tests.app.public.files import PDF, odt, zip_bomb

TOO_LONG = "x" * 100_000
RIGHT_TO_LEFT = "مرحبا بالعالم"


def nothing_stored(cast):
    with cast.shared():
        return not Envelope.select().exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("contact-name", TOO_LONG, "at most 200 characters"),
        ("contact-name", "   \t ", "Please enter your name"),
        ("contact-name", "Nul\x00byte", "characters that can't be shown"),
        ("contact-name", "Bell\x07", "characters that can't be shown"),
        ("contact-email", "a@b@c", "such as name@example.org"),
        ("contact-email", "kim@example", "such as name@example.org"),
        ("contact-email", f"{'a' * 300}@example.org", "at most 254 characters"),
        ("contact-phone", "1" * 51, "at most 50 characters"),
    ],
)
def test_a_field_says_what_is_wrong_and_keeps_the_rest(published, applicant, field, value, says):
    applicant.see("/postings/project-lead/apply").press("next")
    typed = {
        "contact-name": "Kim",
        "contact-email": "kim@example.org",
        "contact-pronouns": "they",
        field: value,
    }
    applicant.fill(typed).press("next")
    assert applicant.status == 200
    assert says in applicant.text
    assert applicant.holds("contact-pronouns") == "they"
    assert nothing_stored(published)


@pytest.mark.parametrize(
    "name", [RIGHT_TO_LEFT, "👩🏽‍🚀 Ærøskøbing", 'O\'Brien <b>& "Söhne"</b>', "李小龍", "x" * 200]
)
def test_any_real_name_goes_through_as_it_is(published, applicant, name):
    applicant.apply("project-lead", who={"contact-name": name, "contact-email": "kim@example.org"}).press(
        "send"
    )
    assert applicant.code
    published["board"].client().get("/board/")
    with published.vault("board"):
        from compartments.board.models import Application

        assert Application.get().name == name


def test_marks_that_turn_the_direction_around_are_left_out(applicant):
    applicant.see("/postings/project-lead/apply").press("next")
    applicant.fill({"contact-name": "Kim\u202egpj.exe", "contact-email": "kim@example.org"}).press(
        "next"
    ).press("back")
    assert "\u202e" not in applicant.press("next").press("back").page.replace("Kim\u202egpj.exe", "")


def test_an_empty_post_gets_the_first_page_again(applicant):
    answer = applicant.client.post("/postings/project-lead/apply", data={})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"step": "nowhere", "go": "to:nowhere"},
        {"step": "check", "go": "send"},
        {"step": ["check", "contact"], "go": "\x00"},
        {"seed": "zz", "draft": ["x", ":::::", "a" * 9000]},
        {"go": "remove:" + "0" * 32},
        {"go": "to:check"},
        {"postings-postings": ["../../etc", "user-support'; --"]},
    ],
)
def test_a_form_that_was_tampered_with_stores_nothing_and_breaks_nothing(published, applicant, sent):
    applicant.see("/postings/project-lead/apply")
    token = applicant.holds("csrf_token")
    applicant.send("/postings/project-lead/apply", {"csrf_token": token, **sent})
    assert applicant.status in {200, 410}
    assert nothing_stored(published)


def test_bytes_that_are_no_utf_8_are_no_error_of_the_server(applicant):
    applicant.see("/postings/project-lead/apply")
    body = (
        b"csrf_token="
        + applicant.holds("csrf_token").encode()
        + b"&step=contact&go=next&contact-name=%ff%fe%c3%28"
    )
    kind = "application/x-www-form-urlencoded"
    answer = applicant.client.post("/postings/project-lead/apply", data=body, content_type=kind)
    assert answer.status_code == 200


def test_an_expired_token_loses_nothing(app, published, applicant, monkeypatch):
    applicant.apply("project-lead")
    app.config["WTF_CSRF_TIME_LIMIT"] = -1
    applicant.press("send")
    assert "open for too long" in applicant.page
    assert nothing_stored(published)
    assert applicant.heading.startswith("Check your application")
    app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    assert applicant.press("send").code


def test_a_form_of_another_browser_isnt_taken(published, applicant, another):
    applicant.apply("project-lead")
    action, sent = applicant.last
    sent["csrf_token"] = applicant.holds("csrf_token")
    another.send(action, {**sent, "step": "check", "go": "send"})
    assert "open for too long" in another.page
    assert nothing_stored(published)


# --- deadlines ---------------------------------------------------------------------------------------------------------


def close(cast, slug):
    with cast.shared():
        Posting.update(deadline=calls.TODAY() - timedelta(days=1)).where(Posting.slug == slug).execute()


@pytest.mark.parametrize("go", ["send", "back", "next"])
def test_a_deadline_that_passed_meanwhile_gives_all_text_back(published, applicant, go):
    applicant.apply("project-lead", why={"motivation-motivation": "Lange überlegt."})
    close(published, "project-lead")
    applicant.press(go)
    assert applicant.status == 410
    assert "Nothing was sent and nothing was stored" in applicant.page
    for text in ("Lange überlegt.", "Jördis Öztürk", "joerdis@example.org"):
        assert f">{text}</textarea>" in applicant.page
    assert nothing_stored(published)


def test_answers_to_the_posting_that_closed_are_given_back_too(published, applicant):
    applicant.apply("user-support", **{"questions-user-support.presence": "Dienstags und samstags"})
    close(published, "user-support")
    assert ">Dienstags und samstags</textarea>" in applicant.press("send").page


def test_where_only_one_of_two_has_closed_the_other_can_still_be_applied_for(published, applicant):
    applicant.apply("project-lead").press("to:postings")
    applicant.fill({"postings-postings": ["project-lead", "counsellors"]}).press("next")
    assert applicant.heading == "Your agreement"
    applicant.fill({"consent-consent": "y", "consent-separation": "y"}).press("next")
    close(published, "project-lead")
    applicant.press("send")
    assert "Counsellors" in applicant.page
    applicant.press("next")
    assert applicant.heading.startswith("Check your application")
    assert applicant.press("send").code


def test_the_receipt_shows_again_after_the_deadline(published, applicant):
    code = applicant.apply("project-lead").press("send").code
    close(published, "project-lead")
    assert applicant.again().code == code


# --- files -------------------------------------------------------------------------------------------------------------


def at_evidence(applicant):
    return applicant.apply().press("to:evidence")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("lebenslauf.pdf", b"MZ\x90\x00 this is a program", "can't be read as PDF, ODT, PNG or JPEG"),
        ("notiz.txt", b"Ein Text", "only PDF, ODT, PNG and JPEG can be"),
        ("lebenslauf.odt", odt(first=("mimetype", b"application/zip")), "can't be read as"),
        ("leer.pdf", b"", "is empty"),
        ("zu gross.pdf", PDF + b"\0" * 10_100_000, "larger than 10 MB"),
    ],
)
def test_a_file_that_isnt_taken_is_named_and_loses_nothing(published, applicant, pdf, name, content, says):
    at_evidence(applicant)
    general = [pdf("gut.pdf"), (BytesIO(content), name)]
    applicant.press("next", files={"evidence-general.files": general})
    assert applicant.heading == "Evidence and documents"
    assert says in applicant.text
    assert name in applicant.text
    assert "gut.pdf" in applicant.page
    assert applicant.holds("contact-name") == "Jördis Öztürk"
    assert applicant.press("next").heading.startswith("Check your application")


def test_a_zip_bomb_is_refused_without_being_unpacked(applicant):
    at_evidence(applicant)
    applicant.press("next", files={"evidence-general.files": (BytesIO(zip_bomb()), "brief.odt")})
    assert "unpacks to far more than a document holds" in applicant.text


def test_ten_files_are_taken_and_the_eleventh_is_not(published, applicant, pdf):
    at_evidence(applicant)
    applicant.press("upload", files={"evidence-general.files": [pdf(f"{n}.pdf") for n in range(11)]})
    assert "10 files at most" in applicant.page
    with published.shared():
        assert DraftFile.select().count() == 10


def test_all_files_together_have_a_bound(applicant, pdf):
    at_evidence(applicant)
    large = PDF.replace(b"%%EOF", b" " * 6_000_000 + b"%%EOF")
    applicant.press("upload", files={"evidence-general.files": pdf("eins.pdf", large)})
    applicant.press("upload", files={"evidence-general.files": pdf("zwei.pdf", large)})
    assert "all files together may have 10 MB" in applicant.page


def test_a_request_that_is_far_too_large_gets_a_page_that_says_so(applicant):
    at_evidence(applicant)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="film.pdf"\r\n\r\n'
        + b"\0" * 30_000_000
        + b"\r\n--x--"
    )
    kind = "multipart/form-data; boundary=x"
    answer = applicant.client.post(
        applicant.path, data=body, content_type=kind, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 413
    assert "too large" in answer.get_data(as_text=True)


def test_a_file_can_be_taken_away_again(published, applicant, pdf):
    at_evidence(applicant).press("upload", files={"evidence-general.files": pdf("weg.pdf")})
    button = next(value for _name, value in applicant.forms()[0].buttons if value.startswith("remove:"))
    applicant.press(button)
    assert "weg.pdf" not in applicant.page
    with published.shared():
        assert not DraftFile.select().exists()


def test_a_file_under_a_path_loses_the_path(applicant, pdf):
    at_evidence(applicant).press("upload", files={"evidence-general.files": pdf("../../etc/\u202efdp.pdf")})
    assert "../" not in applicant.page
    assert "\u202e" not in applicant.page


def drafts_of(applicant, pdf):
    at_evidence(applicant).press("upload", files={"evidence-general.files": pdf("geheim.pdf")})
    return applicant.holds("draft"), applicant.holds("seed")


def send_with(applicant, **changed):
    applicant.press("next")
    return applicant.fill(changed).press("send")


def test_a_file_of_another_form_cant_be_sent(published, applicant, another, pdf):
    stolen, _seed = drafts_of(applicant, pdf)
    at_evidence(another)
    send_with(another, draft=stolen)
    assert "“geheim.pdf” isn't there any more" in another.text
    assert nothing_stored(published)
    assert send_with(applicant).code


def test_another_seed_opens_no_file(published, applicant, pdf):
    drafts_of(applicant, pdf)
    send_with(applicant, seed="0" * 64)
    assert "isn't there any more" in applicant.text
    assert nothing_stored(published)


@pytest.mark.parametrize(
    ("old", "new"), [("geheim.pdf", "anders.pdf"), ("application/pdf", "text/html"), (":general:", "::")]
)
def test_a_file_keeps_name_type_and_purpose(published, applicant, pdf, old, new):
    draft, _seed = drafts_of(applicant, pdf)
    send_with(applicant, draft=draft.replace(old, new))
    assert nothing_stored(published)
    assert applicant.heading == "Evidence and documents"


def test_a_file_that_has_expired_is_asked_for_again(published, applicant, pdf):
    drafts_of(applicant, pdf)
    with published.shared():
        DraftFile.update(expires_at="2020-01-01 00:00:00").execute()
    send_with(applicant)
    assert "isn't there any more" in applicant.text
    assert applicant.press("next").press("send").code
