"""The people of confidential counsel's story: somebody on a phone whose browser runs no scripts, and counsellors at their desks."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Page

from compartments.counsel.incidents.counting import half_of
from tests.stories.people import NEXT, Colleague, Person

SEND = "button.btn[name=go][value=send]"
PHONE = {"width": 360, "height": 740}


@dataclass
class Seeker(Person):
    """Somebody who writes to the counsellors, without an account and without JavaScript. `twin` is a page with scripts, for axe to look at."""

    receipt: str = field(default="", repr=False)
    twin: Page | None = field(default=None, repr=False)

    def looks_around(self, station: str) -> None:
        """The twin shows just what this page shows; afterwards one holds a phone again."""
        if station in self.album.stations:
            return
        address, shown = self.page.url, self.page.content()
        self.twin.unroute_all()
        self.twin.route(address, lambda route: route.fulfill(body=shown, content_type="text/html"))
        self.twin.goto(address)
        self.album.look(self.page, station, twin=self.twin)
        self.page.set_viewport_size(PHONE)

    def writes_in(self, words: str, *, to: list[str], never: list[str]) -> None:
        """Write, without a name, to some and never to others; keep the receipt code."""
        self.goes_to("/counselling")
        self.looks_around("counselling")
        self._goes_in(0)
        for account in to:
            self.ticks("readers-readers", account)
        self.looks_around("write-readers")
        self.presses(NEXT)
        for account in never:
            self.ticks("never-never", account)
        self.looks_around("write-never")
        self.presses(NEXT)
        self.fills({"words-text": words})
        self.looks_around("write-words")
        for station in ("questions", "files", "answer"):
            self.presses(NEXT)
            self.looks_around(f"write-{station}")
        self.presses(NEXT)
        self.ticks("figures-statistics")
        self.looks_around("write-figures")
        self.presses(NEXT)
        self.sees(words)
        self.looks_around("write-check")
        self.presses(SEND)
        self.receipt = self.page.locator("output#code").inner_text()
        self.looks_around("write-receipt")

    def comes_back(self) -> None:
        self.goes_to("/counselling")
        self._goes_in(1)
        self.looks_around("visit-code")
        self.types(code=self.receipt.upper().replace("-", " "))
        self.presses("button.btn[name=go][value=open]")

    def writes_more(self, words: str) -> None:
        self.types(text=words)
        self.presses(SEND)
        self.sees(words)

    def agrees(self) -> None:
        """Agree to the one step that is asked for, and say once more that this is meant."""
        self.presses("button.btn[name=go][value^='agree:']")
        self.looks_around("visit-agree")
        self.presses("button.btn[name=go][value^='agree-meant:']")

    def _goes_in(self, which: int) -> None:
        self.presses(self.page.locator("main form").nth(which).locator("button"))


@dataclass
class Counsellor(Colleague):
    """An officer of confidential counsel."""

    compartment: str = "counsel"
    case: str = ""

    def opens_the_only_case(self) -> str:
        """Open it from the list; return its address."""
        self.goes_to("/counsel/")
        self.looks_around("counsel-start")
        self.goes_to("/counsel/cases")
        self.looks_around("counsel-cases")
        links = self.page.locator("main a").evaluate_all("all => all.map(link => link.pathname)")
        (case,) = {one for one in links if re.fullmatch("/counsel/cases/[0-9a-f]{32}", one)}
        self.follows(case)
        self.case = self.page.evaluate("location.pathname")
        return self.case

    def opens(self, path: str) -> None:
        self.goes_to(self.case + path)

    def answers(self, words: str) -> None:
        self.opens("")
        self.types(text=words)
        self.presses(f"form[action='{self.case}/answer'] button.btn-primary")
        self.sees(words)

    def takes_charge(self, title: str) -> None:
        self.presses("button[formaction$='/take']")
        self.opens("/description")
        self.types(title=title)
        self.looks_around("counsel-description")
        self.presses()
        self.sees(title)

    def asks_for_a_consent(self, recipient: str, content: str) -> None:
        self.opens("/consents/new")
        self.ticks("step", "referral")
        self.types(recipient=recipient, content=content, purpose="Beratung")
        self.looks_around("counsel-consent-form")
        self.presses()
        self.sees(recipient)
        self.looks_around("counsel-consents-asked")

    def may_not_refer_yet(self) -> bool:
        self.opens("/consents")
        return self.page.locator("main a[href$='/use']").count() == 0

    def refers(self, way: str, recipient: str) -> None:
        self.opens("/consents")
        self.follows("/use")
        self.types(way=way)
        self.looks_around("counsel-step")
        self.presses()
        self.sees(recipient)
        self.looks_around("counsel-consents-used")

    def notes_the_answer(self, words: str) -> None:
        self.opens("/consents")
        with self.page.expect_navigation():
            self.page.locator("main a[href*='/referrals/']").first.click()
        self.types(answer=words)
        self.looks_around("counsel-referral")
        self.presses()

    def sets_a_reminder(self, words: str) -> None:
        self.opens("/add/follow-up")
        self.types(due_on=(date.today() + timedelta(days=2)).isoformat(), text=words)  # noqa: DTZ011
        self.looks_around("counsel-follow-up")
        self.presses()
        self.sees(words)
        self.looks_around("counsel-case")
        self.goes_to("/counsel/")
        self.looks_around("counsel-start-due")
        assert self.page.locator("main h2").count() >= 2, "the dates have a heading of their own"

    def counts_an_incident(self) -> None:
        self.opens("/incident")
        for name, value in {"kind": "verbal", "manner": "harassment", "setting": "meeting"}.items():
            self.ticks(name, value)
        self.ticks("reported_before", "no")
        self.types(half=half_of(date.today()), level="local", relation="same-level", outcome="referred")  # noqa: DTZ011
        self.looks_around("counsel-incident")
        self.presses()
        self.goes_to("/counsel/incidents")
        self.looks_around("counsel-incidents")
        assert self.page.locator("main tbody tr").count() == 1

    def closes(self, words: str) -> None:
        self.opens("/close")
        self.types(text=words)
        self.looks_around("counsel-close")
        self.presses()
        self.looks_around("counsel-closed")

    def proposes_the_report(self, year: int, texts: dict[str, str]) -> str:
        """Write the texts, look at the preview, propose; return the proposal's address."""
        self.goes_to(f"/counsel/reports/{year}")
        self.fills(texts)
        self.looks_around("counsel-report")
        self.presses("main form:not([action]) button.btn-primary")
        self.goes_to(f"/counsel/reports/{year}/preview")
        for words in texts.values():
            self.sees(words)
        self.looks_around("counsel-report-preview")
        self.goes_to(f"/counsel/reports/{year}")
        self.presses("button[form='texts'][value='release']")
        self.looks_around("counsel-release")
        if self.page.locator("input[name='seen']").count():
            self.page.check("input[name='seen']")
        self.presses("form[action$='/release'] button")
        self.looks_around("counsel-proposal")
        return self.page.evaluate("location.pathname")

    def confirms(self, proposal: str) -> None:
        self.goes_to(proposal)
        if self.page.locator("input[name='seen']").count():
            self.page.check("input[name='seen']")
        self.presses("form[action$='/confirm'] button")
        self.looks_around("counsel-released")
