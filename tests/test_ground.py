"""The tests' own ground holds: no network, and a browser that reaches this machine."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


class Greeting(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Ahoy</h1>")

    def log_message(self, *arguments):
        pass
