"""The tests' own ground holds: no network, and a browser that reaches this machine."""

import os
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def test_a_test_reaches_nothing_beyond_this_machine():
    with socket.socket() as client, pytest.raises(RuntimeError, match="nothing but this machine"):
        client.connect(("192.0.2.1", 80))


def test_a_test_resolves_no_names():
    with pytest.raises(RuntimeError, match="nothing but this machine"):
        socket.getaddrinfo("example.org", 443)


def test_loopback_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_chromium_shows_a_page_of_this_machine(browser):
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert page.locator("h1").text_content() == "Ahoy"
        context.close()
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_whatever_drives_chromium_runs_in_one_of_several_processes():
    """Two workers, and no Chromium for them: the tests are skipped, and say who skipped them."""
    here = Path(__file__).parent
    without = {"SCHOTTEN_CHROMIUM": "/nowhere", "SCHOTTEN_TESTS_REQUIRE_EVERYTHING": "0"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "-p",
        "no:cacheprovider",
    ]
    said = subprocess.run(
        [*command, here / "app" / "web" / "test_look_in_a_browser.py", here / "keys" / "test_codes.py"],
        cwd=here.parent,
        env={**kept, **without},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    ).stdout
    of_chromium = re.findall(r"\[(gw\d)\] .* SKIPPED .*_in_a_browser", said)
    others = re.findall(r"\[(gw\d)\] .* PASSED .*test_codes", said)
    assert len(of_chromium) > 10, said
    assert len(set(of_chromium)) == 1
    assert set(others) - set(of_chromium), "the other worker had nothing to do"


class Greeting(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Ahoy</h1>")

    def log_message(self, *arguments):
        pass
