"""The voucher of a form's last page: it stands for a check of exactly these answers, today, and any change to them is checked in full."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from app.public.application import application_of
from app.public.journey import CHECK, Journey
from app.public.membership import MembershipWalk, said
from app.shared.models import Envelope, Posting
from tests.app.public.test_membership_application import FIELDS
from tests.app.public.test_membership_application import walk as walk_membership

ENGLISH = {"Accept-Language": "en"}
PATH, MEMBERSHIP = "/postings/user-support/apply", "/membership-application"
ODD = "  zwei  Leerzeichen\r\n\r\nund <b>&amp; „Umbrüche“ u\u0308ber \u202eZeilen  "


@pytest.fixture
def last_page(applicant):
    """The fields of an application's last page, as a browser would send them."""
    applicant.apply(
        "user-support",
        why={"motivation-motivation": ODD},
        **{"contact-name": " Jo\u0308rdis \t Öztürk ", "questions-user-support.presence": "Montags\r\nimmer"},
    )
    return as_sent(applicant)


@pytest.fixture
def read(published):
    """Read fields as the views do: ``read(fields, what)`` returns ``what(journey)``."""
    app = published.app

    def reading(fields, what, language="en"):
        with (
            app.test_request_context(PATH, method="POST", data=fields, headers={"Accept-Language": language}),
            published.shared(),
        ):
            return what(Journey("user-support"))

    return reading


def as_sent(applicant):
    """What the browser sends of the page: every line break as CR LF."""
    return MultiDict(
        (name, value.replace("\r\n", "\n").replace("\n", "\r\n"))
        for name, value in applicant.forms()[0].fields.items(multi=True)
    )


def changed(fields, **changes):
    other = MultiDict(fields)
    for name, value in changes.items():
        other.setlist(name, value if isinstance(value, list) else [value])
    return other


def is_vouched(journey):
    return journey.vouched


def test_what_the_last_page_shows_is_vouched_for(last_page, read):
    assert read(last_page, is_vouched)


def test_the_page_before_the_last_is_not(applicant, read):
    applicant.see(PATH).press("next")
    assert not read(as_sent(applicant), is_vouched)


def test_vouched_or_checked_again_it_is_the_same_application(last_page, read):
    unvouched = changed(last_page, voucher="")
    assert not read(unvouched, is_vouched)
    assert read(last_page, application_of) == read(unvouched, application_of)


def test_what_goes_out_is_clean(last_page, read):
    said = read(last_page, application_of)
    assert said.name == "Jördis Öztürk"
    assert said.motivation == "zwei  Leerzeichen\n\nund <b>&amp; „Umbrüche“ über Zeilen"
    assert said.answers[0]["text"] == "Montags\nimmer"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contact-name", "Somebody Else"),
        ("contact-name", ["Jördis Öztürk", "Somebody Else"]),
        ("contact-email", "joerdis@example.org\n"),
        ("contact-phone", "030 1"),
        ("motivation-motivation", []),
        ("questions-user-support.presence", ""),
        ("questions-user-support.other", "more"),
        ("postings-postings", ["user-support", "membership-office"]),
        ("postings-postings", []),
        ("consent-consent", []),
        ("consent-separation", "y"),
        ("draft", f"{'0' * 32}:1:application/pdf:general:a.pdf"),
        ("voucher", "0" * 64),
        ("voucher", ""),
        ("voucher", "\ud7ff" * 64),
    ],
)
def test_any_change_is_checked_in_full(last_page, read, name, value):
    assert not read(changed(last_page, **{name: value}), is_vouched)


def test_another_language_another_day_and_other_questions_are_checked_in_full(
    last_page, read, published, monkeypatch
):
    assert not read(last_page, is_vouched, language="de")
    with published.shared():
        row = Posting.get_by_id("user-support")
        row.questions[0]["required"] = False
        row.save()
    assert not read(last_page, is_vouched)


def test_a_voucher_is_for_its_day(last_page, read, monkeypatch):
    assert read(last_page, is_vouched)
    monkeypatch.setattr("app.web.state.today", lambda _zone: date(2099, 1, 1))
    assert not read(last_page, is_vouched)


def test_a_voucher_is_for_one_kind_of_form(last_page, read, monkeypatch):
    monkeypatch.setattr(Journey, "receipt", MembershipWalk.receipt)
    assert not read(last_page, is_vouched)


def test_another_installation_vouches_for_nothing_of_this_one(last_page, read, published):
    from app.public.vouching import EXTENSION
    from keys.vouching import VouchingKey

    published.app.extensions[EXTENSION] = VouchingKey(bytes(32))
    assert not read(last_page, is_vouched)


def test_a_change_that_is_wrong_is_shown_and_nothing_typed_is_lost(published, applicant, last_page):
    applicant.send(PATH, changed(last_page, **{"contact-email": "no address", "go": "send"}))
    assert applicant.heading == "How we reach you"
    assert applicant.holds("contact-email") == "no address"
    assert applicant.holds("motivation-motivation").startswith("zwei")
    assert applicant.holds("voucher") is None
    with published.shared():
        assert not Envelope.select().exists()


def test_a_voucher_opens_no_posting_that_has_closed(published, applicant, last_page):
    with published.shared():
        Posting.update(state="closed").where(Posting.slug == "user-support").execute()
    applicant.send(PATH, changed(last_page, go="send"))
    assert applicant.status == 410
    assert "zwei  Leerzeichen" in applicant.text
    with published.shared():
        assert not Envelope.select().exists()


def test_a_voucher_does_not_stand_for_the_token_against_forged_requests(published, applicant, last_page):
    applicant.send(PATH, changed(last_page, go="send", csrf_token="forged"))
    assert applicant.heading.startswith("Check your application")
    assert as_sent(applicant).getlist("motivation-motivation") == last_page.getlist("motivation-motivation")
    with published.shared():
        assert not Envelope.select().exists()


@pytest.mark.parametrize("go", ["to:check", "upload", "send"])
@pytest.mark.parametrize("path", [PATH, MEMBERSHIP])
def test_the_last_page_never_shows_what_is_wrong(applicant, path, go):
    applicant.see(path)
    applicant.send(path, changed(as_sent(applicant), step=CHECK, go=go))
    assert applicant.status == 200
    assert "There is a problem" in applicant.text
    assert applicant.holds("voucher") is None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "person-birth_date": "2010-05-01",
            "guardian-guardian_name": "Mutter",
            "guardian-guardian_consent": "y",
        },
        {"dues-dues": "other", "dues-amount": "2,50 €", "dues-reduction": "y", "dues-reason": "Ausbildung"},
    ],
)
def test_an_application_for_membership_says_the_same_vouched_or_checked(cast, applicant, more):
    fields = as_sent(walk_membership(applicant, **more))
    read = []
    for sent in (fields, changed(fields, voucher="")):
        with (
            cast.app.test_request_context(MEMBERSHIP, method="POST", data=sent, headers=ENGLISH),
            cast.shared(),
        ):
            one = MembershipWalk()
            read.append((one.vouched, said(one)))
    assert [vouched for vouched, _said in read] == [True, False]
    assert read[0][1] == read[1][1]
    assert read[0][1]["birth_date"] == ("2010-05-01" if "guardian-guardian_name" in more else "1990-12-31")
    assert read[0][1]["guardian_consent"] == ("guardian-guardian_name" in more)


def test_an_application_for_membership_that_was_changed_is_checked(cast, applicant):
    fields = as_sent(walk_membership(applicant, **FIELDS))
    applicant.send(MEMBERSHIP, changed(fields, **{"reach-email": "no address", "go": "send"}))
    assert "There is a problem" in applicant.text
    assert applicant.holds("person-last_name") == "Öztürk"
    with cast.shared():
        assert not Envelope.select().exists()
