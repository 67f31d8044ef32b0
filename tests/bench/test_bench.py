"""The bench's own parts: what it counts, what it refuses to count, and that a run of it writes its rows."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bench import results
from bench.load import Load, WrongAnswer, offer
from bench.results import AT_LEAST, AT_MOST, Measure, Target
from bench.web import Cookies, Response, form_fields


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"<h1>Hello</h1>"
        self.send_response(200 if self.path == "/" else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def port():
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def load(port, path="/", contains="Hello"):
    arguments = {"path": path, "contains": contains}
    return Load(port, "bench.clients:reader", arguments, clients=1, seconds=0.2)


def test_right_answers_are_counted(port):
    assert offer(load(port)) > 10


@pytest.mark.parametrize("wrong", [{"path": "/error"}, {"contains": "something else"}])
def test_wrong_answers_are_no_figures(port, wrong):
    with pytest.raises(WrongAnswer):
        offer(load(port, **wrong))


def test_a_server_that_is_not_there_is_no_figure():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(WrongAnswer):
            offer(load(unused.getsockname()[1]))


def test_a_form_is_read_as_a_browser_sends_it():
    page = b"""<form><input name="q"></form><form method="post">
        <input type="hidden" name="csrf_token" value="t"><input name="name" value="a &amp; b">
        <input type="checkbox" name="yes" value="y" checked><input type="checkbox" name="no" value="y">
        <textarea name="text">\nfirst\nsecond</textarea><button name="go" value="send">Send</button></form>"""
    assert form_fields(page) == {
        "csrf_token": ["t"],
        "name": ["a & b"],
        "yes": ["y"],
        "text": ["first\nsecond"],
    }


def test_cookies_are_kept_and_given_back():
    cookies = Cookies()
    cookies.take(Response(200, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2", b""))
    cookies.take(Response(200, "HTTP/1.1 200 OK\r\nset-cookie: a=; Max-Age=0; Path=/", b""))
    assert cookies.line() == "Cookie: b=2\r\n"


def test_a_ratio_compares_neighbouring_rounds():
    assert results.ratio([50, 5, 48], [100, 10, 100]) == 0.5


@pytest.mark.parametrize(("direction", "ok"), [(AT_LEAST, False), (AT_MOST, True)])
def test_rows_say_whether_the_target_is_reached(tmp_path, direction, ok):
    row = Measure("speed", "x", Target(direction, 0.5), take=None).row(0.4, "4 to 10")
    results.write([row], tmp_path / "results.json")
    (written,) = json.loads((tmp_path / "results.json").read_text())
    assert written == {
        "name": "speed", "value": 0.4, "unit": "x", "target": f"{direction} 0.5", "ok": ok, "detail": "4 to 10",
    }  # fmt: skip
    assert "speed" in results.table([row])
