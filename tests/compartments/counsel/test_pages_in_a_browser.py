"""Every page of the office, in a real browser and as narrow as a phone: axe finds nothing serious, nothing sticks out, nothing is missing.

The pages aren't listed here: they are all that the office's addresses lead to. Whoever adds one with a new kind of part in its address says below
what stands for it.
"""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.clock import utc_now
from app.envelopes.letter import File
from compartments.counsel.cases import work
from compartments.counsel.cases.forms import FORMS
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.prevention import service as prevention
from compartments.counsel.services import service as directory
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY, Seeker
from tests.stories.album import NARROW, RULES, SERIOUS
from tests.threaded import served

pytestmark = pytest.mark.slow

NOW = utc_now()
LONG = "Grenzüberschreitungsdokumentationspflicht " * 3
FILES = {"counsel.case_file", "counsel.report_pdf", "counsel.services_export", "counsel.dates_file"}
"""What is saved and never shown in a page."""


@pytest.fixture
def parts(office):
    """What stands for the parts of an address: a case in which everything has happened, and all that is apart from cases."""
    seeker = Seeker(office)
    seeker.write_in("conny", "ravi", text=LONG, name="Robin", files=[File("b.txt", "text/plain", b"x")])
    found = {"case_id": [seeker.visit.case], "year": [DAY.year - 1, DAY.year], "kind": list(map(str, FORMS))}
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        work.take(case, now=NOW)
        work.describe(case, title=LONG, whistleblower=True, reason=LONG, now=NOW)
        work.reply(case, LONG, entry_id=new_id(), now=NOW)
        more = {"day": DAY.isoformat(), "channel": "phone", "due_on": DAY.isoformat(), "until": None}
        for kind in work.WRITTEN:
            work.write(case, kind, {"text": LONG, **more}, entry_id=new_id(), now=NOW)
        found["entry_id"] = [one.id for one in case.entries(*work.WRITTEN)]
        consent, asked, made = new_id(), new_id(), new_id()
        given = {"form": "spoken", "given_on": DAY, "now": NOW}
        consents.note(case, "referral", LONG, LONG, entry_id=consent, **given)
        consents.ask(case, "passing-on", LONG, LONG, entry_id=asked, now=NOW)
        incidents.step_outside(case, consent, "referral", way="Telefon", entry_id=made, now=NOW)
        withdrawn = new_id()
        consents.note(case, "referral", LONG, LONG, entry_id=withdrawn, purpose=LONG, **given)
        incidents.withdraw(case, withdrawn, now=NOW)
        found |= {"consent_id": [consent], "referral_id": [made], "withdrawn": [withdrawn]}
        codes = {name: known[0] for name, known in FIELDS.items()}
        found["incident_id"] = [incidents.add(codes, half=f"{DAY.year}-1")]
        directory.keep(new_id(), {"name": LONG, "region": "Kiel", "topics": LONG}, version=0)
        found["service_id"] = [directory.search()[0].id]
        event = {"day": DAY, "title": LONG, "kind": "talk", "audience": "members", "number": 30}
        prevention.keep_event("e" * 32, event)
        found["event_id"] = ["e" * 32]
        conny = office["conny"]
        said = {"day": DAY, "kind": "training", "hours": 15, "text": LONG}
        prevention.write_log(conny.account_id, conny.keys, entry_id="f" * 32, **said)
        ended = Seeker(office)
        ended.write_in("conny")
        office.take_in()
        over = office.desk("conny").open(ended.visit.case, now=NOW - timedelta(days=160))
        work.close(over, text="", now=NOW - timedelta(days=160))
        office.take_in()
    found["closed"] = [f"/counsel/cases/{ended.visit.case}"]
    found["own"] = ["f" * 32]
    return found


def addresses(app, parts):
    """Every address that a page has, with each of its parts as each of what stands for it."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if (
                not rule.endpoint.startswith("counsel.")
                or "GET" not in rule.methods
                or rule.endpoint in FILES
            ):
                continue
            names = sorted(rule.arguments)
            assert set(names) <= set(parts), f"say what stands for {names} in {rule.rule}"
            ways = [{}]
            for name in names:
                known = parts[OTHERWISE.get((rule.endpoint, name), name)]
                ways = [{**way, name: value} for way in ways for value in known]
            for way in ways:
                yield rule.endpoint, app.url_for(rule.endpoint, **way)
    yield from (
        ("counsel.cases", "/counsel/cases?state=closed"),
        *(("counsel.case", one) for one in parts["closed"]),
    )


OTHERWISE = {
    ("counsel.own_log_strike", "entry_id"): "own",
    ("counsel.consent_happening", "consent_id"): "withdrawn",
}
"""Where the same name in an address stands for another thing."""


@pytest.fixture
def page(office, browser):
    """A browser in which Conny is logged in."""
    with served(office.cast.app) as url:
        context = browser.new_context(viewport=NARROW, locale="de-DE", base_url=url)
        context.add_cookies([{"name": "schotten-counsel", "value": office["conny"].token(), "url": url}])
        yield context.new_page()
        context.close()


def wrong(page, address):
    """What is wrong with a page, in words."""
    status = page.goto(address).status
    if status != 200:
        return [f"{address}: {status}"]
    found = []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"{address}: {wide} px wide")
    for rule in Axe().run(page, options={"runOnly": RULES}).response["violations"]:
        if rule["impact"] in SERIOUS:
            found += [f"{address}: {rule['id']} {node['html']}" for node in rule["nodes"]]
    return found


def test_every_page_of_the_office_fits_a_phone_and_is_accessible(office, page, parts):
    found, seen = [], set()
    for endpoint, address in addresses(office.cast.app, parts):
        seen.add(endpoint)
        found += wrong(page, address)
    assert found == []
    assert len(seen) > 30


def test_so_are_pages_with_mistakes_and_with_a_colleagues_answer_in_between(office, page, parts):
    case = f"/counsel/cases/{parts['case_id'][0]}"
    for address, form in (
        (f"{case}/add/step", "main form"),
        (f"{case}/consents/new", "main form"),
        (f"{case}/incident", "main form"),
        ("/counsel/services/new", "main form"),
        ("/counsel/cases/new", "main form"),
    ):
        page.goto(address)
        with page.expect_navigation():
            page.locator(form).last.evaluate("form => form.requestSubmit()")
        assert page.locator(".error-summary").count() == 1, address
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [one["id"] for one in violations if one["impact"] in SERIOUS] == [], address
    page.goto(case)
    page.locator("#answer textarea").fill("Meine Antwort")
    with office.vault("ravi"):
        opened = office.desk("ravi").open(parts["case_id"][0], now=NOW)
        work.reply(opened, "Ravis Antwort", entry_id=new_id(), now=NOW)
    with page.expect_navigation():
        page.locator("#answer button.btn-primary").click()
    assert page.locator("#answer textarea").input_value() == "Meine Antwort"
    assert page.get_by_text("Ravis Antwort").count()
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in SERIOUS] == []
