"""The main job from its first to its last page, in a browser, on a freshly founded instance that a real server serves. In German and in English."""

import pytest

from tests.stories.insight import an_hour_passes, attempts_to_open
from tests.stories.texts import NEW_MEMBER, POSTING, TITLE, WORDS, paper

pytestmark = pytest.mark.slow


def test_from_a_posting_to_an_officer_at_work(town, language):
    town.album.asked_at = {"de": ("narrow",), "en": ("wide",)}[language]
    words, certificate = WORDS[language], paper("certificate.pdf", "A course in March")
    berta = town.board_member("Berta Bredow", "berta", "Sieben Segel sinken selten")
    mika = town.officer("Mika Mahler", "mika", "Karteikarten knistern kaum hörbar")

    # A posting is published.
    berta.enrols_with(town.codes["board"])
    berta.logs_in()
    berta.publishes(POSTING)

    # Somebody applies through the public form, and somebody else does without JavaScript, and thinks better of it.
    noor = town.applicant("Noor Haddad")
    noor.reads_the_posting(TITLE[language])
    noor.applies(words, certificate)
    kim = town.applicant("Kim Ohneskript", javascript=False)
    kim.reads_the_posting(TITLE[language])
    kim.applies(words, certificate)
    kim.opens_the_mailbox()
    kim.withdraws()

    # The board reads the sealed application, and asks back.
    berta.reads_the_application_of(noor)
    assert berta.saves_the_file("certificate.pdf") == certificate["buffer"]
    berta.asks(words["question"])
    noor.opens_the_mailbox()
    assert noor.sees(words["question"])
    noor.answers(words["reply"], paper("plan.pdf", "First Saturdays"))
    berta.reads_the_application_of(noor)
    assert berta.sees(words["reply"])
    assert berta.knows_nobody_called(kim.name)

    # It offers the office; the applicant accepts, signs the commitment and enrols.
    berta.reads_the_application_of(noor)
    berta.offers_the_office()
    noor.opens_the_mailbox()
    code = noor.accepts_the_offer()
    nora = town.officer(noor.name, "noor", "Dienstags dampft der Donautee")
    nora.enrols_with(code)
    nora.logs_in()
    said_on_the_telephone = nora.waits_for_admission()
    assert said_on_the_telephone == nora.fingerprint

    # A colleague admits, after giving the passphrase again, and the work begins.
    mika.enrols_with(town.codes["membership"])
    mika.logs_in()
    an_hour_passes(town.server.home.instance)
    mika.admits(nora, heard=said_on_the_telephone)
    nora.logs_out()
    nora.logs_in()
    nora.adds_to_the_register(NEW_MEMBER)
    mika.finds("Zumwinkel", NEW_MEMBER["first_name"])

    # Nobody else can read it.
    assert berta.gets_no_further_than_the_login("/membership/")
    berta.forges_a_session_of("membership")
    assert berta.gets_no_further_than_the_login("/membership/")
    berta.logs_in(at="/login?next=/membership/")
    assert berta.is_at("/board/")
    assert attempts_to_open(town.server.home.instance, "membership", by=berta) == []
    assert attempts_to_open(town.server.home.instance, "board", by=nora) == []
    assert attempts_to_open(town.server.home.instance, "membership", by=nora) == ["membership"]
    assert town.complaints() == []
