"""The people of the platform's story: officers of the three offices that share the protocol, and members who claim. How pages are worked stands here.

Every page that an officer gets to see is kept, to be searched in the end for what that office must never see.
"""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, expect

from tests.stories.people import MAIN_BUTTON, Colleague, Person

LANGUAGES = ("de", "en")
MILLISECONDS_FOR_A_JOB = 120_000


@dataclass
class Reader(Person):
    """Somebody who remembers every page."""

    pages: list[str] = field(default_factory=list, repr=False)

    def goes_to(self, path: str) -> None:
        super().goes_to(path)
        self._remembers()

    def follows(self, link: str) -> None:
        super().follows(link)
        self._remembers()

    def presses(self, button: str | Locator = MAIN_BUTTON) -> None:
        super().presses(button)
        self._remembers()

    def has_read(self, text: str) -> bool:
        """Whether this stood on any page so far, written as people read it or without dashes."""
        spellings = {text.lower(), text.lower().replace("-", "")} if text else set()
        return any(spelling in page for page in self.pages for spelling in spellings)

    def _remembers(self) -> None:
        self.pages.append(self.page.content().lower())

    def sees_figures(self, *numbers: int) -> None:
        """The row of large figures, from left to right."""
        expect(self.page.locator("main .figure-tile__value")).to_have_text(
            [str(number) for number in numbers]
        )

    def tags(self, kind: str) -> int:
        """How many tags of a colour there are on the page."""
        return self.page.locator(f"main .tag--{kind}").count()

    def looks_in_both_languages(self, station: str) -> None:
        """Look at a page that can be loaded again, in one's own language and in the other one (whose words may be longer; axe has seen the rest)."""
        self.looks_around(station)
        (other,) = {*LANGUAGES} - {self.language}
        self.context.add_cookies([{"name": "lang", "value": other, "url": self.home}])
        self.page.reload()
        self._remembers()
        assert self.page.locator("html").get_attribute("lang") == other
        asked_at, self.album.asked_at = self.album.asked_at, ()
        self.album.look(self.page, f"{station}-{other}")
        self.album.asked_at = asked_at
        self.context.clear_cookies(name="lang")
        self.page.reload()


@dataclass
class Claimant(Reader):
    """A member with a mail in hand."""

    def claims(self, key: str) -> str:
        """Enter the key; return the invite code that is shown."""
        self.types(key=key)
        self.presses()
        return self.page.locator("output#code").inner_text()


@dataclass
class OfficeWorker(Reader, Colleague):
    """An officer of one of the three offices."""

    def reads_every_page(self) -> None:
        """Open every page that the menu leads to; test_demo.py looks at them."""
        for address in self.page.locator("#site-nav a").evaluate_all("all => all.map(link => link.pathname)"):
            self.goes_to(address)

    def waits_for_the_job(self) -> None:
        """Stay on the job's page until it is done."""
        expect(self.page.locator("[data-job]")).to_be_visible()
        expect(self.page.locator(".job .tag--success")).to_be_visible(timeout=MILLISECONDS_FOR_A_JOB)
        self._remembers()

    def follows_back(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("a.back-link").first.click()
        self._remembers()

    def confirms_what_a_colleague_proposed(self, *said: str, station: str = "") -> None:
        self.goes_to(f"/{self.compartment}/proposals")
        with self.page.expect_navigation():
            self.page.locator(".inbox a[href*='/proposals/']").first.click()
        for text in said:
            self.sees(text)
        if station:
            self.looks_in_both_languages(station)
        self.presses("form[action$='/confirm'] button")

    def releases_figures(self) -> None:
        """Propose this month's sums."""
        self.goes_to(f"/{self.compartment}/audit")
        self.looks_in_both_languages(f"{self.compartment}-figures")
        self.presses("form[action$='/release'] button")


@dataclass
class Inviter(OfficeWorker):
    """An officer of membership."""

    compartment: str = "membership"

    def asks_for_keys(self, number: int) -> None:
        self.goes_to("/membership/invitations/")
        self.types(count=str(number))
        self.presses("form[action$='/keys'] button")

    def words_the_mails(self, claim_address: str, contact: str) -> None:
        self.goes_to("/membership/invitations/wording")
        self.types(claim_address=claim_address, contact=contact)
        self.presses()
        self.looks_in_both_languages("membership-wording")

    def prepares_a_run(self, contingent: int) -> None:
        self.goes_to("/membership/invitations/prepare")
        self.types(contingent=str(contingent), per_minute="10000")
        self.looks_around("membership-prepare")
        self.presses()
        self.looks_in_both_languages("membership-run")

    def sends_the_run(self) -> None:
        self.presses("form[action$='/send'] button")
        self.waits_for_the_job()
        self.looks_around("membership-run-sent")

    def ends_the_membership_of(self, person: int) -> None:
        self.goes_to(f"/membership/persons/{person}/exit")
        self.presses("main form .btn-danger")

    def sends_the_list(self, kind: str, *said: str, reason: str = "") -> None:
        self.goes_to(f"/membership/reconciliation/lists/{kind}")
        for text in said:
            self.sees(text)
        if reason:
            self.types(reason=reason)
            self.looks_around(f"membership-list-{kind}")
        self.presses("main form .button-row button[type=submit]")

    def reads_the_message(self, text: str, name: str) -> None:
        self.goes_to("/membership/reconciliation/messages/")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        self.sees(text)
        self.looks_in_both_languages("membership-message")

    def mails_it_to_the_member(self) -> None:
        self.presses("form[action$='/mail'] button")
        self.waits_for_the_job()
        self.follows_back()
        self.looks_in_both_languages("membership-message-mailed")

    def answers(self, text: str) -> None:
        self.types(text=text)
        self.presses("form[action$='/reply'] button")


@dataclass
class Clearer(OfficeWorker):
    """An officer of clearing."""

    compartment: str = "clearing"

    def makes_the_set_asked_for(self, name: str) -> None:
        self.goes_to("/clearing/")
        self.looks_in_both_languages("clearing-overview")
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/keysets/new?request=']").first.click()
        self.types(name=name)
        self.looks_around("clearing-new-set")
        self.presses()
        self.sees(name)
        self.looks_around("clearing-sets")

    def looks_a_key_up(self, key: str) -> None:
        self.goes_to("/clearing/keysets/lookup")
        self.types(key=key)
        self.presses()
        self.looks_around("clearing-lookup")

    def opens_the_batch(self) -> None:
        self.goes_to("/clearing/reconciliation/")
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/reconciliation/']").first.click()

    def passes_it_on(self, reason: str = "") -> None:
        if reason:
            self.types(reason=reason)
        self.presses("form[action$='/pass-on'] button")


@dataclass
class Operator(OfficeWorker):
    """An officer of administration."""

    compartment: str = "administration"

    def connects(self, host: str, port: int, dbname: str) -> None:
        self.goes_to("/administration/platform/edit")
        self.ticks("way", "connection")
        self.types(host=host, port=str(port), dbname=dbname, sslmode="disable", units="1")
        self.looks_in_both_languages("administration-platform")
        self.ticks("way", "connection")
        self.types(host=host, port=str(port), dbname=dbname, sslmode="disable", units="1")
        self.presses()
        self.presses("form[action$='/try'] button")

    def opens_the_batch(self) -> None:
        self.goes_to("/administration/inbox")
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/reconciliation/']").first.click()

    def makes_the_dry_run(self) -> None:
        self.presses("form[action$='/prepare'] button")
        self.waits_for_the_job()
        self.follows_back()

    def proposes_it(self, reason: str = "") -> None:
        if reason:
            self.types(reason=reason)
        self.presses("form[action$='/propose'] button")

    def confirms_and_applies(self, *said: str, station: str = "") -> None:
        self.confirms_what_a_colleague_proposed(*said, station=station)
        self.waits_for_the_job()
        self.follows_back()

    def reads_the_platform_back(self) -> None:
        self.goes_to("/administration/codes/")
        self.presses("form[action$='/read-back'] button")
        self.waits_for_the_job()
        self.follows_back()

    def writes_to_the_holder_of(self, code: str, text: str) -> None:
        self.goes_to("/administration/relay/new")
        self.types(code=code, text=text)
        self.looks_around("administration-new-message")
        self.presses()

    def follows_the_first_message(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/relay/']:not([href$='/new'])").first.click()
        self._remembers()


def key_in(mail) -> str:
    """The reference key in a mail, as the member reads it."""
    (found,) = set(
        re.findall(
            r"\b(?:[bcdfghjkmnpqrstvwxyz2-9]{5}-){3}[bcdfghjkmnpqrstvwxyz2-9]{5}\b", mail.get_content()
        )
    )
    return found
