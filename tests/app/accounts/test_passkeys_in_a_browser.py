"""Passkeys in Chromium, with a device that its developer tools pretend: making one, logging in with it, and everything that must be refused."""

import json
import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from werkzeug.serving import make_server

from app.factory import create_app
from tests.app.cli.conftest import free_port
from tests.cast import Cast
from tests.keys.device import base64url, from_base64url


class Browser:
    """A browser at one address of the app, with a device of its own."""

    def __init__(self, context, address):
        self.address = address
        self.page = context.new_page()
        self.devtools = context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.device = made["authenticatorId"]

    def verify(self, *, asks):
        self.devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": asks}
        )

    def credentials(self):
        return self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.device})["credentials"]

    def bring(self, credential):
        self.devtools.send(
            "WebAuthn.addCredential", {"authenticatorId": self.device, "credential": credential}
        )

    def goto(self, path):
        return self.page.goto(f"{self.address}{path}")

    def press(self, what):
        """Click on what leads to another page, and be there."""
        with self.page.expect_navigation():
            self.page.click(what)

    def log_in(self, member):
        self.goto(f"/login?next=/{member.compartment}/account")
        self.page.fill("[name=username]", member.username)
        self.page.fill("[name=passphrase]", member.passphrase)
        self.press("main form button[type=submit]")

    def give_code(self, member):
        self.page.fill("[name=code]", member.code())
        self.press("form:has([name=code]) button[type=submit]")

    def make(self, compartment, name):
        """Make one that is taken."""
        self.try_to_make(compartment, name)
        self.arrive(f"/{compartment}/account")

    def try_to_make(self, compartment, name):
        self.goto(f"/{compartment}/account/passkeys/new")
        self.page.fill("[name=name]", name)
        self.page.click("form[data-passkey] button[type=submit]")

    def use(self):
        self.page.click("form[data-passkey] button[type=submit]")

    def arrive(self, path):
        self.page.wait_for_url(f"{self.address}{path}")

    @property
    def path(self):
        return self.page.url.removeprefix(self.address)

    def caught(self):
        """Let the device answer, and keep the answer from being sent."""
        self.page.evaluate("""() => {
          document.querySelector("form[data-passkey]").submit = () => { document.title = "caught"; };
        }""")
        self.use()
        expect(self.page).to_have_title("caught", timeout=60_000)
        return self.page.evaluate("document.querySelector('[name=answer]').value")

    def send(self, answer):
        """Send an answer past the page's own script."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """(answer) => {
                  const form = document.querySelector("form[data-passkey]");
                  form.elements.answer.value = answer;
                  HTMLFormElement.prototype.submit.call(form);
                }""",
                answer,
            )

    def forget_credentials(self):
        self.devtools.send("WebAuthn.clearCredentials", {"authenticatorId": self.device})


@pytest.fixture
def served(cast_once, organisation):
    """The app on a port of its own, as `localhost` and as 127.0.0.1."""
    port = free_port()
    app = create_app(organisation.settings.but(port=port))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Cast(cast_once[1], organisation, app), port
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["schotten"].shared.close()


@pytest.fixture
def cast(served):
    return served[0]


@pytest.fixture
def visit(served, browser):
    """Open a browser that knows nothing of the others."""
    contexts = []

    def open_one(host="localhost", locale="en", **options):
        contexts.append(browser.new_context(locale=locale, **options))
        return Browser(contexts[-1], f"http://{host}:{served[1]}")

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def desk(cast, visit):
    """An officer of an office that demands no second factor, logged in, with a passkey."""
    seen = visit()
    seen.log_in(cast["desk"])
    seen.make("desk", "Test key")
    return seen


def log_in_again(seen, member):
    seen.page.context.clear_cookies()
    seen.log_in(member)
    assert seen.path.startswith(f"/{member.compartment}/second-factor")


def test_a_passkey_is_made_and_asked_for_at_the_next_log_in(cast, desk):
    assert "Test key" in desk.page.inner_text("main")
    log_in_again(desk, cast["desk"])
    desk.use()
    desk.arrive("/desk/account")
    assert "never" not in desk.page.inner_text("main table:has-text('Test key')")


def test_in_a_strict_office_either_will_do(cast, visit):
    seen = visit()
    seen.log_in(cast["clearing"])
    seen.give_code(cast["clearing"])
    seen.make("clearing", "Test key")
    log_in_again(seen, cast["clearing"])
    assert seen.page.is_visible("[name=code]")
    seen.use()
    seen.arrive("/clearing/account")


def test_a_passkey_can_be_the_first_second_factor(cast, visit):
    from app.shared.models import Account

    with cast.shared():
        Account.update(second_factor=None).where(Account.id == cast["clearing"].account_id).execute()
    seen = visit()
    seen.log_in(cast["clearing"])
    seen.press("text=Use a passkey")
    seen.page.fill("[name=name]", "First")
    seen.press("form[data-passkey] button[type=submit]")
    seen.arrive("/clearing/account")
    log_in_again(seen, cast["clearing"])
    assert not seen.page.is_visible("[name=code]")
    seen.use()
    seen.arrive("/clearing/account")
    seen.press("table:has-text('First') >> text=Remove")
    seen.press("main form button[type=submit]")
    assert "this is your last one" in seen.page.inner_text("main, [role=status], .alert")
    assert "First" in seen.page.inner_text("main table:has-text('First')")


def test_with_the_passphrase_alone_nobody_sets_up_another_second_factor(cast, desk):
    log_in_again(desk, cast["desk"])
    desk.goto("/desk/second-factor/new-passkey")
    assert not desk.page.is_visible("[name=name]")
    assert "Your passphrase is right" in desk.page.inner_text("main")
    desk.goto("/desk/account")
    assert desk.path.startswith("/desk/second-factor")


def test_a_replayed_answer_is_refused(cast, desk):
    log_in_again(desk, cast["desk"])
    answer = desk.caught()
    desk.send(answer)
    assert desk.path == "/desk/account"
    log_in_again(desk, cast["desk"])
    desk.send(answer)
    refused(desk)


def refused(seen):
    assert "This passkey was not accepted" in seen.page.inner_text(".error-summary")
    assert seen.page.title().startswith("Error:")
    seen.goto("/desk/account")
    assert seen.path.startswith("/desk/second-factor"), "still not logged in"


def test_an_answer_that_was_given_to_another_page_is_refused(cast, desk):
    """What a page elsewhere would relay: the browser writes where it was, and that is signed."""
    log_in_again(desk, cast["desk"])
    answer = json.loads(desk.caught())
    said = json.loads(from_base64url(answer["response"]["clientDataJSON"]))
    assert said["origin"] == desk.address
    elsewhere = json.dumps(said | {"origin": "http://schotten.example"}).encode()
    desk.send(
        json.dumps(answer | {"response": answer["response"] | {"clientDataJSON": base64url(elsewhere)}})
    )
    refused(desk)


def test_a_browser_at_another_address_has_no_answer(cast, desk, visit):
    (credential,) = desk.credentials()
    elsewhere = visit("127.0.0.1")
    elsewhere.log_in(cast["desk"])
    assert not elsewhere.page.is_visible("form[data-passkey]")
    assert "Your passkey works only where it was made: localhost" in elsewhere.page.inner_text("main")
    assert credential["rpId"] == "localhost"


def test_at_an_address_without_a_name_the_page_says_where_instead(cast, visit, served):
    seen = visit("127.0.0.1")
    seen.log_in(cast["membership"])
    seen.give_code(cast["membership"])
    assert f"http://localhost:{served[1]}" in seen.page.inner_text("main")
    seen.goto("/membership/account/passkeys/new")
    assert not seen.page.is_visible("form[data-passkey]")
    assert f"http://localhost:{served[1]}" in seen.page.inner_text("main")


def test_another_accounts_passkey_is_refused(cast, desk, visit):
    other = visit()
    other.log_in(cast["board"])
    other.make("board", "Board's key")
    (own,), (boards,) = desk.credentials(), other.credentials()
    desk.forget_credentials()
    desk.bring(boards | {"credentialId": own["credentialId"]})
    log_in_again(desk, cast["desk"])
    with desk.page.expect_navigation():
        desk.use()
    refused(desk)


def test_a_removed_passkey_is_refused(cast, desk, visit):
    """The log-in's page was open before the removal, and its question names both passkeys; only one still counts."""
    (removed,) = desk.credentials()
    desk.forget_credentials()
    desk.make("desk", "Another")
    later = visit()
    later.bring(removed)
    later.log_in(cast["desk"])
    desk.press("tr:has-text('Test key') >> text=Remove")
    desk.press("main form button[type=submit]")
    assert "opens nothing any more" in desk.page.inner_text("body")
    with later.page.expect_navigation():
        later.use()
    refused(later)


def test_a_device_makes_one_passkey_for_an_account(cast, desk):
    desk.try_to_make("desk", "Again")
    desk.page.wait_for_selector("[data-passkey-there]:visible")
    assert len(desk.credentials()) == 1


def test_a_device_that_does_not_ask_its_user_makes_none(cast, visit):
    seen = visit()
    seen.log_in(cast["desk"])
    seen.verify(asks=False)
    seen.try_to_make("desk", "Careless")
    seen.page.wait_for_selector("[data-passkey-failed]:visible")
    assert seen.credentials() == []
    seen.verify(asks=True)
    seen.use()
    seen.arrive("/desk/account")


def test_without_a_name_the_page_says_what_is_missing(cast, visit):
    seen = visit()
    seen.log_in(cast["desk"])
    with seen.page.expect_navigation(url="**/new"):
        seen.try_to_make("desk", " ")
    assert "Please name the passkey" in seen.page.inner_text(".error-summary")


def test_without_javascript_codes_do(cast, visit):
    seen = visit(java_script_enabled=False)
    seen.log_in(cast["clearing"])
    assert not seen.page.is_visible("form[data-passkey]")
    seen.give_code(cast["clearing"])
    assert seen.path == "/clearing/account"
    seen.goto("/clearing/account/passkeys/new")
    assert "Passkeys need JavaScript" in seen.page.inner_text("main")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_are_accessible_and_fit(cast, visit, language, width, screenshots):
    seen = visit(locale=language, viewport={"width": width, "height": 900})
    seen.log_in(cast["clearing"])
    seen.give_code(cast["clearing"])
    seen.make("clearing", "Schlüssel am Schlüsselbund mit einem langen Namen")
    seen.goto("/clearing/account")
    removal = seen.page.get_attribute("a[href*='/passkeys/'][href$='/remove']", "href")
    pages = {"account": "/clearing/account", "new": "/clearing/account/passkeys/new", "remove": removal}
    for name, path in pages.items():
        seen.goto(path)
        looked_at(seen.page, screenshots / f"passkey-{name}-{language}-{width}.png", width)
    log_in_again(seen, cast["clearing"])
    looked_at(seen.page, screenshots / f"passkey-login-{language}-{width}.png", width)


def looked_at(page, picture, width):
    page.screenshot(path=picture, full_page=True)
    assert page.get_attribute("html", "lang") == picture.stem.split("-")[-2]
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not re.search(r"\{\{|\bNone\b", page.inner_text("main"))
