"""The people of a story, each with a browser of their own. What they do is told in their words; how pages are worked stands here and nowhere else.

Selectors are names of fields, addresses and roles: they are the same in both languages.
"""

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.stories.album import Album

NEXT = "button.btn[name=go][value=next]"
MAIN_BUTTON = "main form .button-row button.btn-primary"


@dataclass
class Person:
    """Somebody with a browser."""

    name: str
    language: str
    context: BrowserContext
    complaints: list[str]
    home: str
    album: Album
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()

    # --- what everybody can do with a browser ---

    def goes_to(self, path: str) -> None:
        self.page.goto(self.home + path)

    def is_at(self, path: str) -> bool:
        return urlsplit(self.page.url).path == path

    def follows(self, link: str) -> None:
        """Press a link; it is told by (the end of) its address."""
        with self.page.expect_navigation():
            self.page.locator(f"main a[href$='{link}']").first.click()

    def types(self, **texts: str) -> None:
        self.fills(texts)

    def fills(self, texts: dict[str, str]) -> None:
        """Fill in fields by their names, as somebody does who sees them."""
        for name, text in texts.items():
            what = self.page.locator(f"[name='{name}']:visible")
            if what.first.evaluate("field => field.localName") == "select":
                what.select_option(text)
            else:
                what.fill(text)

    def ticks(self, name: str, value: str | None = None) -> None:
        self.page.locator(f"[name='{name}']" + (f"[value='{value}']" if value else "")).check()

    def presses(self, button: str | Locator = MAIN_BUTTON) -> None:
        """Press a button that leads to a page."""
        button = self.page.locator(button) if isinstance(button, str) else button
        with self.page.expect_navigation():
            button.click()
        assert not self.complaints

    def sees(self, text: str) -> bool:
        expect(self.page.locator("main")).to_contain_text(text)
        return True

    def looks_around(self, station: str) -> None:
        """Stop and look: see :class:`~tests.stories.album.Album`."""
        assert self.page.locator("html").get_attribute("lang") == self.language
        self.album.look(self.page, station)

    # --- what everybody who got a code can do ---

    def enrols(self, code: str, username: str, passphrase: str) -> str:
        """Make an account with a code; return the fingerprint that the last page shows."""
        self.goes_to("/enrol")
        self.types(code=code.upper().replace("-", " "))
        self.presses()
        self.looks_around("commitment")
        self.types(signed_name=self.name)
        self.presses()
        self.types(display_name=self.name, username=username)
        self.presses()
        self.looks_around("passphrase")
        self.types(passphrase=passphrase, repeated=passphrase)
        self.presses()
        self.looks_around("enrolled")
        return self.page.locator("output#code").inner_text()


@dataclass
class Applicant(Person):
    """Somebody without an account, and with a receipt once they have applied."""

    receipt: str = field(default="", repr=False)
    looks: bool = True

    def looks_around(self, station: str) -> None:
        if self.looks:
            super().looks_around(station)

    def reads_the_posting(self, title: str) -> None:
        self.goes_to("/")
        self.sees(title)
        self.looks_around("postings")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=title).click()
        self.looks_around("posting")

    def applies(self, words: dict[str, str], paper: dict) -> str:
        """Apply, page by page, beginning where the posting is read; return the receipt code."""
        self.follows("/apply")
        self.looks_around("apply-postings")
        self.presses(NEXT)
        self.fills(
            {"contact-name": self.name, "contact-email": words["email"], "contact-phone": "+49 30 5557319"}
        )
        self.looks_around("apply-contact")
        self.presses(NEXT)
        self.fills(
            {f"motivation-{part}": words[part] for part in ("motivation", "experience", "availability")}
        )
        self.presses(NEXT)
        self.page.locator("main textarea").first.fill(words["answer"])
        self.looks_around("apply-questions")
        self.presses(NEXT)
        self.page.locator("main textarea").first.fill(words["evidence"])
        self.page.locator("main input[type=file]").first.set_input_files([paper])
        self.presses("button.btn[name=go][value=upload]")
        self.looks_around("apply-evidence")
        self.presses(NEXT)
        self.ticks("consent-consent")
        self.ticks("consent-separation")
        self.looks_around("apply-consent")
        self.presses(NEXT)
        for typed in (self.name, words["motivation"], words["answer"], words["evidence"], paper["name"]):
            self.sees(typed)
        self.looks_around("apply-check")
        self.presses("button.btn[name=go][value=send]")
        self.receipt = self.page.locator("output#code").inner_text()
        self.looks_around("receipt")
        return self.receipt

    def opens_the_mailbox(self) -> None:
        self.goes_to("/mailbox")
        self.types(code=self.receipt.upper().replace("-", " "))
        self.presses()
        expect(self.page.locator("input[name=text], textarea[name=text]")).to_be_visible()

    def answers(self, text: str, paper: dict) -> None:
        self.types(text=text)
        self.page.locator("input[name=files]").set_input_files([paper])
        self.presses("button.btn[name=go][value=send]")
        self.sees(text)
        self.sees(paper["name"])
        self.looks_around("mailbox-answered")

    def accepts_the_offer(self) -> str:
        """Accept; return the enrolment code that is shown then."""
        self.looks_around("mailbox-offer")
        self.presses("button.btn[name=go][value=accept]")
        self.looks_around("mailbox-offer-check")
        self.presses("button.btn[name=go][value=accept-meant]")
        self.looks_around("mailbox-accepted")
        return self.page.locator("output[id^=enrolment]").inner_text()

    def withdraws(self) -> None:
        self.presses("form[action$='/withdraw'] button")
        self.ticks("sure")
        self.presses("button.btn-danger")


@dataclass
class Colleague(Person):
    """Somebody who holds an office."""

    compartment: str = ""
    username: str = ""
    passphrase: str = field(default="", repr=False)
    fingerprint: str = ""
    second_factor: pyotp.TOTP | None = field(default=None, repr=False)

    def enrols_with(self, code: str) -> None:
        self.fingerprint = self.enrols(code, self.username, self.passphrase)

    def logs_in(self, at: str = "") -> None:
        self.goes_to(at or f"/login?next=/{self.compartment}/")
        self.types(username=self.username, passphrase=self.passphrase)
        self.presses()
        if not self.is_at(f"/{self.compartment}/second-factor"):
            return
        if self.second_factor is None:
            self._sets_up_a_second_factor()
        else:
            # The code of this half minute has been used; the next one is taken already, as clocks differ.
            self.types(code=self.second_factor.at(time.time() + 30))
        self.presses()

    def walks_through_the_office(self) -> None:
        """Open every page that the menu leads to, and look."""
        addresses = self.page.locator("#site-nav a").evaluate_all("all => all.map(link => link.pathname)")
        for address in addresses:
            self.goes_to(address)
            self.looks_around(address.strip("/").replace("/", "-"))

    def _sets_up_a_second_factor(self) -> None:
        self.looks_around("second-factor")
        self.second_factor = pyotp.TOTP(self.page.locator("main code").inner_text().replace(" ", ""))
        self.types(code=self.second_factor.now())

    def logs_out(self) -> None:
        self.presses("form[action$='/logout'] button")

    def gets_no_further_than_the_login(self, path: str) -> bool:
        self.goes_to(path)
        return self.is_at("/login")

    def forges_a_session_of(self, compartment: str) -> None:
        """Show one's own token in the other compartment's cookie."""
        own = next(one for one in self.context.cookies() if one["name"].endswith(f"-{self.compartment}"))
        name = own["name"].removesuffix(self.compartment) + compartment
        self.context.add_cookies([{**own, "name": name}])


@dataclass
class BoardMember(Colleague):
    """An officer of the board."""

    compartment: str = "board"

    def publishes(self, posting: dict[str, str]) -> None:
        """Write a posting, look at it as a draft, publish it."""
        self.goes_to("/board/postings/")
        self.looks_around("board-no-postings")
        self.follows("/postings/new")
        texts = {name: text for name, text in posting.items() if not name.endswith(("evidence", "required"))}
        self.fills(texts)
        self.fills({"deadline": (date.today() + timedelta(days=30)).isoformat()})  # noqa: DTZ011
        for name in posting.keys() - texts.keys():
            self.ticks(name)
        self.looks_around("board-posting-form")
        self.presses("main form .button-row button.btn-primary")
        self.looks_around("board-posting-draft")
        self.presses("form[action$='/publish'] button")
        self.looks_around("board-posting-published")

    def reads_the_application_of(self, applicant: Applicant) -> None:
        self.goes_to("/board/")
        self.looks_around("board-overview")
        self.goes_to("/board/applications/")
        self.looks_around("board-applications")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=applicant.name).click()
        self.looks_around("board-application")

    def knows_nobody_called(self, name: str) -> bool:
        self.goes_to("/board/applications/")
        return name not in self.page.locator("main").inner_text()

    def asks(self, question: str) -> None:
        self.types(text=question)
        self.presses("form[action$='/messages'] button[type=submit]")
        self.sees(question)

    def saves_the_file(self, name: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name).first.click()
        return download.value.path().read_bytes()

    def offers_the_office(self) -> None:
        self.follows_to_the_offer()
        self.looks_around("board-offer")
        self.presses()
        self.looks_around("board-offered")

    def follows_to_the_offer(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/offer/']").first.click()


@dataclass
class Officer(Colleague):
    """An officer of the membership office."""

    compartment: str = "membership"

    def waits_for_admission(self) -> str:
        """Stop at the page that says so; return the fingerprint on it."""
        assert self.is_at("/membership/waiting"), self.page.url
        self.looks_around("waiting-for-admission")
        return self.page.locator("output#code").inner_text()

    def admits(self, colleague: "Officer", heard: str) -> None:
        """Compare what is on the screen with what was heard on the telephone, and admit."""
        self.goes_to("/membership/inbox")
        self.looks_around("membership-inbox")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=colleague.name).click()
        self.gives_the_passphrase_again()
        assert self.page.locator("output#code").inner_text() == heard
        self.looks_around("membership-admission")
        self.ticks("compared")
        self.presses()
        self.sees(colleague.username)
        self.looks_around("membership-access")

    def gives_the_passphrase_again(self) -> None:
        """As is asked of who gave it a while ago, before an act that others bear the consequences of."""
        assert self.is_at("/membership/step-up"), self.page.url
        self.looks_around("step-up")
        self.types(passphrase=self.passphrase)
        self.presses()

    def adds_to_the_register(self, person: dict[str, str]) -> None:
        self.goes_to("/membership/")
        self.looks_around("membership-empty-register")
        self.goes_to("/membership/persons/new")
        self.fills(person)
        self.looks_around("membership-new-person")
        self.presses()
        self.sees(person["last_name"])
        self.looks_around("membership-person")

    def finds(self, words: str, *expected: str) -> None:
        self.goes_to("/membership/")
        self.types(q=words)
        self.presses("form[role=search] button")
        for text in expected:
            self.sees(text)
        self.looks_around("membership-search")
