"""`schotten serve`: starts fast, serves what it is asked to, tells nothing of the public, and refuses what would be unsafe."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.app.cli.conftest import COMMAND, ROOT, SECONDS, environment, free_port

pytestmark = pytest.mark.slow

SECOND_START = 5.0


@pytest.fixture
def instance(founded_once, tmp_path):
    """A founded demo without any of the demo's content."""
    return founded_once.copied_to(tmp_path / "instance").settings.instance


def workers(server):
    return psutil.Process(server.process.pid).children()


def test_the_first_page_costs_less_than_five_seconds(instance, serve):
    """Of the processors' time: how long somebody waits depends on what else is going on, and is measured by the bench."""
    with serve(instance) as server:
        assert server.get("/")[0] == 200
        spent = [one.cpu_times() for one in (psutil.Process(server.process.pid), *workers(server))]
        assert sum(one.user + one.system for one in spent) < SECOND_START
        assert f"http://127.0.0.1:{server.port}/" in server.written()


def test_a_demo_is_served_over_plain_http_with_cookies_that_browsers_take(instance, serve):
    with serve(instance) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/login")
        cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
        connection.close()
    assert not any("Secure" in cookie or "__Host-" in cookie for cookie in cookies)


def test_a_real_instance_has_cookies_for_https_only(instance_once, tmp_path, serve):
    instance = shutil.copytree(instance_once, tmp_path / "real")
    with serve(instance) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/login")
        response = connection.getresponse()
        cookies = response.headers.get_all("Set-Cookie") or []
        assert response.headers["Strict-Transport-Security"]
        connection.close()
    assert all("Secure" in cookie and "__Host-" in cookie for cookie in cookies)


@pytest.mark.parametrize("settings", [{}, {"SCHOTTEN_HTTPS": "0"}])
def test_nothing_is_served_to_others_without_https(instance, schotten, settings):
    refused = schotten("serve", instance=instance, SCHOTTEN_HOST="0.0.0.0", **settings)
    assert refused.returncode == 1
    assert "127.0.0.1 only" in refused.stderr


def test_a_real_instance_inside_a_checkout_is_refused(instance_once, schotten, tmp_path):
    instance = shutil.copytree(instance_once, tmp_path / "real")
    (tmp_path / ".git").mkdir()
    refused = schotten("serve", instance=instance)
    assert refused.returncode == 1
    assert "git checkout" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["--faces", "public,kitchen"], {}, "kitchen"),
        ([], {"SCHOTTEN_WORKERS": "none"}, "SCHOTTEN_WORKERS"),
        ([], {"SCHOTTEN_INSTANCE": "/nowhere/at/all"}, "schotten init"),
    ],
)
def test_what_it_can_not_serve_it_says_at_the_start(instance, schotten, arguments, settings, said):
    refused = schotten("serve", *arguments, instance=instance, **settings)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_missing_service_key_stops_the_start(instance, schotten):
    (instance / "keys" / "service.key").unlink()
    refused = schotten("serve", instance=instance)
    assert refused.returncode == 1
    assert "service key" in refused.stderr


def test_a_shared_layer_of_an_older_program_stops_the_start_and_is_told_by_the_doctor(
    founded_once, schotten, tmp_path
):
    organisation = founded_once.copied_to(tmp_path / "instance")
    layer = organisation.shared_layer()
    with layer.bound() as database:
        database.execute_sql("drop table draft_piece")
        database.execute_sql("alter table session drop column stepped_up_at")
    layer.close()
    refused, examined = schotten("serve"), schotten("doctor")
    for done, said in ((refused, refused.stderr), (examined, examined.stdout)):
        assert done.returncode == 1
        assert "it lacks session.stepped_up_at, draft_piece" in said
    assert f"make the demo anew: rm -r {tmp_path / 'instance'}" in refused.stderr


def test_only_the_named_faces_are_served_and_loaded(instance, serve):
    with serve(instance, "--faces", "desk") as server:
        assert server.get("/desk/login")[0] != 500
        assert server.get("/postings/any")[0] == 404
        assert server.get("/board/")[0] == 404
        assert "serves desk on" in server.written()


def test_crashes_write_no_memory_to_the_disk_and_new_files_are_private(instance, serve):
    with serve(instance) as server:
        server.get("/")
        for process in (psutil.Process(server.process.pid), *workers(server)):
            status = Path(f"/proc/{process.pid}/limits").read_text()
            assert next(line for line in status.splitlines() if "core file" in line).split()[4:6] == [
                "0",
                "0",
            ]
            umask = next(
                line
                for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
                if "Umask" in line
            )
            assert umask.split()[1] == "0077"


def test_no_database_is_open_before_the_fork(instance, serve):
    with serve(instance) as server:
        files = [file.path for file in psutil.Process(server.process.pid).open_files()]
        assert [path for path in files if str(instance) in path] == []


def test_the_log_tells_routes_and_nothing_of_who_asked_what(instance, serve):
    with serve(instance) as server:
        server.get("/postings/secret-slug?code=bcdfg-hjkmn")
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b"GET /secret-path HTTP/9.9\r\nX-Secret: secret-header\r\n\r\n")
            raw.recv(1000)
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b"secret-rubbish \x00\xff\r\n\r\n")
            raw.recv(1000)
    written = server.written()
    assert "/postings/<slug>" in written
    for told in ("secret-slug", "bcdfg", "secret-path", "secret-header", "secret-rubbish", "from ip"):
        assert told not in written, told
    assert written.count("127.0.0.1") == 1, "only where it listens"


def test_a_request_under_way_is_finished_when_told_to_stop(instance, serve):
    """Under way for sure: a worker has asked for its body, and gets it when the other one has already gone."""
    with serve(instance, SCHOTTEN_WORKERS="2") as server:
        _wait_until(lambda: len(workers(server)) == 2)
        with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as raw:
            head = "POST /mailbox HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nConnection: close\r\n"
            raw.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert raw.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
            server.process.send_signal(signal.SIGTERM)
            _wait_until(lambda: len(workers(server)) == 1)
            raw.sendall(b"code=none")
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        assert server.process.wait(SECONDS) == 0
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.rstrip().endswith(b"</html>")


def test_a_worker_that_is_told_to_stop_before_it_has_begun_stops(instance):
    """It is told right after the fork, before it has set handlers of its own. Nobody kills it in the end: it would run for ever."""
    program = """
import os, signal, time
from app.cli import main, server
def be_told(arbiter, worker):
    os.kill(arbiter.pid, signal.SIGTERM)
    while signal.SIGTERM not in signal.sigpending() and arbiter.SIG_QUEUE.empty():
        time.sleep(0.01)
options = server.Server.options.fget
server.Server.options = property(lambda self: {**options(self), "post_fork": be_told, "graceful_timeout": 100_000})
main(["serve"])
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(instance, SCHOTTEN_PORT=str(free_port()), SCHOTTEN_WORKERS="1"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Schotten serves" in ended.stdout


def test_a_worker_that_dies_is_replaced(instance, serve):
    with serve(instance, SCHOTTEN_WORKERS="1") as server:
        server.get("/")
        (old,) = workers(server)
        old.kill()
        _wait_until(lambda: [one for one in workers(server) if one.pid != old.pid])
        assert server.get("/")[0] == 200


def test_behind_a_proxy_on_a_unix_socket_the_visitors_are_told_apart(instance, tmp_path):
    """All come from one socket; without the proxy's word for it, one visitor would use up everybody's attempts."""
    place = tmp_path / "schotten.sock"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--socket", place, "--faces", "public"],
        cwd=ROOT,
        env=environment(instance, SCHOTTEN_HTTPS="1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert b"200 OK" in _ask(place, "192.0.2.1")
        answers = [_ask(place, "192.0.2.1", "POST") for _ in range(140)]
        assert any(b"429" in answer.split(b"\r\n")[0] for answer in answers)
        assert b"429" not in _ask(place, "192.0.2.2", "POST").split(b"\r\n")[0]
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def test_a_socket_that_anybody_could_reach_is_refused(instance, schotten, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    refused = schotten("serve", "--socket", tmp_path / "open" / "schotten.sock", instance=instance)
    assert refused.returncode == 1
    assert "proxy's group" in refused.stderr


def _wait_until(it_is_so):
    until = time.monotonic() + SECONDS
    while not it_is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def _ask(place, visitor, method="GET"):
    path = "/" if method == "GET" else "/mailbox"
    until = time.monotonic() + SECONDS
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as raw:
                raw.connect(str(place))
                head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {visitor}\r\nX-Forwarded-Proto: https\r\n"
                raw.sendall(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
                return b"".join(iter(lambda: raw.recv(65536), b""))
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
