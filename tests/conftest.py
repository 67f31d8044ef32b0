"""What every test stands on: no network but loopback, hypothesis profiles, one Chromium at a time, and no silent skips."""

import ipaddress
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
settings.register_profile(
    "quick", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("quick"), max_examples=100, print_blob=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=2000)
settings.load_profile(os.environ.get("SCHOTTEN_HYPOTHESIS", "quick"))


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


def pytest_collection_modifyitems(items):
    """Whatever drives Chromium runs in one worker, one after the other: two browsers are too many for two cores."""
    for item in items:
        if "chromium_path" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("chromium"))


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
    from playwright.sync_api import sync_playwright

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
