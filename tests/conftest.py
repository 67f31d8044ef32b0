"""What every test stands on: no network but loopback, hypothesis profiles, one Chromium at a time, and no silent skips."""

import ipaddress
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadGroupScheduling

from app.config import Settings
from app.factory import create_app
from tests.cast import CHEAP, Cast, enrol_cast, found_organisation
from tests.liquidfeedback import add_roles
from tests.postgres import running_postgres

REQUIRE_EVERYTHING = os.environ.get("SCHOTTEN_TESTS_REQUIRE_EVERYTHING") == "1"
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]

# Deadlines measure the machine, not the code: Argon2id and SQLCipher are slow on purpose.
hypothesis_settings.register_profile(
    "quick", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
# The same examples for every change: what chance finds belongs to whoever lets it search (SCHOTTEN_HYPOTHESIS=thorough, and
# a little of it in every `make test`), not to a change that has nothing to do with it.
hypothesis_settings.register_profile(
    "ci", hypothesis_settings.get_profile("quick"), max_examples=100, derandomize=True, print_blob=True
)
hypothesis_settings.register_profile("thorough", hypothesis_settings.get_profile("quick"), max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("SCHOTTEN_HYPOTHESIS", "quick"))


# --- network: off --------------------------------------------------------------------------------------------------


class NetworkIsOff(RuntimeError):
    """A test tried to reach something beyond this machine."""


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback or ipaddress.ip_address(str(name)).is_unspecified
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple) -> None:
    """An audit hook, because it can't be patched away and sees C code too."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = (
            address[0] if isinstance(address, tuple) else None
        )  # a path is a Unix socket; None a connected one
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        raise NetworkIsOff(f"tests reach nothing but this machine, and one tried {host!r}")


sys.addaudithook(_refuse_the_network)


# --- skips: loud, and failures where everything has to run ------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _skip_is_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _skip_is_failure((yield))


def _skip_is_failure(report):
    if REQUIRE_EVERYTHING and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, where everything has to run: {reason}"
    return report


def pytest_terminal_summary(terminalreporter):
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("")
        terminalreporter.write_line(
            f"!! {len(skipped)} tests did NOT run; their reasons stand above.", red=True, bold=True
        )


# --- Chromium ---------------------------------------------------------------------------------------------------------


DRIVES_CHROMIUM = re.compile(
    r"tests/(test_ground|stories/(?!test_canary|test_running_server)\w+|.*_in_a_browser)\.py::"
)


class OneChromium(LoadGroupScheduling):
    """Whatever drives Chromium runs in one worker, one after the other: two browsers are too many for two cores.

    Decided by the file's name. The mark `xdist_group` does nothing with pytest 9.2: pytest-xdist 3.8 writes it into `item._nodeid`,
    which pytest no longer reads.
    """

    def _split_scope(self, nodeid):
        if nodeid.startswith("tests/deploy/test_nginx.py"):
            return "nginx"  # two faces stand behind it, and are started once
        return "chromium" if DRIVES_CHROMIUM.match(nodeid) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return OneChromium(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items):
    for item in items:
        if "chromium_path" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            if not DRIVES_CHROMIUM.match(item.nodeid):
                raise pytest.UsageError(
                    f"{item.nodeid} drives Chromium: its file's name ends with _in_a_browser"
                )


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium, or the one that SCHOTTEN_CHROMIUM names."""
    named = os.environ.get("SCHOTTEN_CHROMIUM")
    path = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or not Path(path).exists():
        pytest.skip(
            f"no Chromium{f' at {named}' if named else ''}: apt install chromium, or set SCHOTTEN_CHROMIUM"
        )
    return path


@pytest.fixture(scope="session")
def browser(chromium_path):
    """One headless Chromium for the session; a test opens a context of its own in it and closes it."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)

    sandbox = os.geteuid() != 0  # Chromium has no sandbox for root
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=CHROMIUM_FLAGS, chromium_sandbox=sandbox
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where stories put their pictures: docs/screenshots at `make screenshots`, and tests/output otherwise."""
    folder = Path(os.environ.get("SCHOTTEN_SCREENSHOTS") or Path(__file__).parent / "output" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL, by its address; a test makes a database of its own in it."""
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def platforms(postgres) -> str:
    """The same with the roles that every LiquidFeedback needs: see tests/liquidfeedback.py."""
    add_roles(postgres)
    return postgres


# --- an organisation, its officers, and the app that serves them -----------------------------------------------------


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory):
    """An instance as `schotten init` leaves it. Founded once, copied per test."""
    return found_organisation(_settings(tmp_path_factory.mktemp("founded") / "instance"))


@pytest.fixture(scope="session")
def cast_once(founded_once, tmp_path_factory):
    """The same with every officer enrolled and admitted. Made once, copied per test."""
    organisation = founded_once.copied_to(tmp_path_factory.mktemp("cast") / "instance")
    return organisation, enrol_cast(organisation)


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Cheap Argon2, plain HTTP, no rate limits, an instance folder of the test's own."""
    return _settings(tmp_path / "instance")


def _settings(instance: Path) -> Settings:
    return Settings(instance=instance, argon2=CHEAP, https=False, rate_limits=False)


@pytest.fixture
def organisation(cast_once, tmp_path):
    """A founded instance in which the cast is at work: what `app` and `cast` stand on."""
    return cast_once[0].copied_to(tmp_path / "instance")


@pytest.fixture
def new_organisation(founded_once, tmp_path):
    """A founded instance in which nobody has enrolled yet; its `codes` are unused."""
    return founded_once.copied_to(tmp_path / "instance")


@pytest.fixture
def app(organisation):
    """All faces of the organisation."""
    app = create_app(organisation.settings)
    app.testing = True
    yield app
    app.extensions["schotten"].shared.close()


@pytest.fixture
def client(app):
    """Somebody without an account."""
    return app.test_client()


@pytest.fixture
def cast(cast_once, organisation, app) -> Cast:
    """One officer per compartment and a junior, by name; see tests/cast.py."""
    return Cast(cast_once[1], organisation, app)
