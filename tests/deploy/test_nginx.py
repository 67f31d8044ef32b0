"""The site of deploy/nginx with the real nginx: HTTPS only, each face by its name, and nothing of the public in a file."""

import shutil
import socket
import ssl
import subprocess
from contextlib import ExitStack

import pytest

from tests.app.cli.conftest import SECONDS
from tests.deploy.conftest import BOARD, PUBLIC, running, trusting

pytestmark = pytest.mark.slow

CANARY = b"Kanarienvogel am Bug"
LARGE = 13 * 1024 * 1024
MULTIPART = "multipart/form-data; boundary=rand"


def upload(size=LARGE):
    """A form with one file, full of what must be found nowhere."""
    head = b'--rand\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    return head + CANARY * (size // len(CANARY)) + b"\r\n--rand--\r\n"


def files_with(folder, text):
    return [str(path) for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_pages_come_over_https_with_their_headers_and_uncompressed(site):
    answer = site.ask(headers={"Accept-Encoding": "gzip"})
    assert (answer.status, answer.headers["Server"]) == (200, "nginx")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert answer.headers.get_all("Content-Security-Policy")[0].startswith("default-src 'none'")
    assert answer.headers["Content-Encoding"] is None
    form = site.ask(path="/mailbox")
    cookies = form.headers.get_all("Set-Cookie")
    assert cookies
    assert all(one.startswith("__Host-") and "Secure" in one for one in cookies)


def test_without_https_one_is_sent_there(site):
    with socket.create_connection(("127.0.0.1", site.http), timeout=SECONDS) as raw:
        raw.sendall(f"GET /mailbox HTTP/1.1\r\nHost: {PUBLIC}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 301")
    assert f"Location: https://{PUBLIC}/mailbox" in answer


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        (PUBLIC, "/", 200),
        (PUBLIC, "/board/", 404),
        (BOARD, "/login", 200),
        (BOARD, "/", 302),
        (BOARD, "/contact", 404),
    ],
)
def test_each_face_answers_to_its_own_name(site, host, path, status):
    assert site.ask(path=path, host=host).status == status


def test_links_name_the_public_address(site):
    assert f'href="https://{PUBLIC}/"' in site.ask(path="/postings.atom").text


def test_a_name_that_is_not_ours_gets_no_page(site):
    with pytest.raises(ssl.SSLError):
        site.ask(host="elsewhere.example")
    assert site.ask(asked_for="elsewhere.example").status == 421


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_old_tls_is_refused_though_debian_allows_it(site):
    context = trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", site.https), timeout=SECONDS) as raw,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
    ):
        context.wrap_socket(raw, server_hostname=PUBLIC)


def test_visitors_are_told_apart_by_where_they_are_and_not_by_what_they_say(site):
    def tries(source, says):
        return site.ask("POST", "/mailbox", source=source, headers={"X-Forwarded-For": says}).status

    assert 429 in [tries("127.0.0.2", f"192.0.2.{number}") for number in range(40)]
    assert tries("127.0.0.2", "192.0.2.99") == 429
    assert tries("127.0.0.3", "127.0.0.2") == 200


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_upload_lies_in_no_file(site, chunked):
    body = upload()
    parts = (body[place : place + 65536] for place in range(0, len(body), 65536))
    more = {"Transfer-Encoding": "chunked"} if chunked else {}
    answer = site.ask(
        "POST",
        "/mailbox",
        source="127.0.0.4",
        body=parts if chunked else body,
        headers={"Content-Type": MULTIPART, **more},
        encode_chunked=chunked,
    )
    assert (answer.status, site.logs) == (200, "")
    assert files_with(site.folder, CANARY) == []


@pytest.mark.parametrize("length", [(), ("-H", "Content-Length:")], ids=["length", "no-length"])
def test_nor_does_one_that_comes_by_http_2(site, tmp_path, length):
    if shutil.which("curl") is None:
        pytest.skip("no curl: apt install curl")
    send = f"curl --silent --insecure --http2 --interface 127.0.0.5 --resolve {PUBLIC}:{site.https}:127.0.0.1 --request POST"
    tell = (
        "--data-binary",
        "@-",
        "--output",
        tmp_path / "page",
        "--write-out",
        "%{http_version} %{http_code}",
    )
    address = f"https://{PUBLIC}:{site.https}/mailbox"
    done = subprocess.run(
        [*send.split(), "--header", f"Content-Type: {MULTIPART}", *length, *tell, address],
        input=upload(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.stdout, done.stderr, site.logs) == (b"2 200", b"", "")
    assert files_with(site.folder, CANARY) == []


def test_where_it_could_go_into_a_file_these_tests_see_it(prepared):
    prepared.change("client_body_buffer_size 16m", "client_body_buffer_size 16k")
    with running(prepared):
        answer = prepared.ask(
            "POST", "/mailbox", source="127.0.0.6", body=upload(), headers={"Content-Type": MULTIPART}
        )
        assert answer.status == 500


def test_what_is_too_large_for_memory_is_refused(site):
    headers = {"Content-Type": MULTIPART, "Content-Length": str(17 * 1024 * 1024)}
    assert site.ask("POST", "/mailbox", source="127.0.0.7", headers=headers).status == 413


def test_who_sends_too_much_in_distress_is_told_so_on_a_page_with_the_way_out(site):
    answer = site.ask(
        "POST",
        "/counselling?lang=en",
        source="127.0.0.8",
        body=upload(17 * 1024 * 1024),
        headers={"Content-Type": MULTIPART},
    )
    assert answer.status == 413
    assert "at most 10 MB" in answer.text
    assert '<a href="/counselling/leave' in answer.text
    assert CANARY.decode() not in answer.text
    assert site.ask().status == 200


def test_slow_lines_keep_nobody_else_waiting(site):
    """The face has four threads; twice as many people whose uploads stand still would take them all. They are served when all is there."""
    body = upload(200_000)
    head = f"POST /mailbox HTTP/1.1\r\nHost: {PUBLIC}\r\nContent-Type: {MULTIPART}\r\nConnection: close\r\n"
    with ExitStack() as stack:
        slow = [stack.enter_context(site.connected()) for _ in range(8)]
        for line in slow:
            line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:100_000])
        assert site.ask().status == 200
        for line in slow:
            line.sendall(body[100_000:])
            assert line.recv(1000).startswith(b"HTTP/1.1 200")


def test_whatever_goes_wrong_no_log_says_who_asked_for_what(site):
    site.ask(path="/postings/where-i-apply?code=bcdfg")
    with pytest.raises(ssl.SSLError):
        site.ask(host="elsewhere.example")
    with site.connected() as line:
        line.sendall(b"where-i-apply \x00\xff\r\n\r\n")
        line.recv(1000)
    with socket.create_connection(("127.0.0.1", site.https), timeout=SECONDS) as raw:
        raw.sendall(b"GET /where-i-apply HTTP/1.1\r\n\r\n")
        raw.recv(1000)
    assert site.ask(path="/where-i-apply", host="desk.stellen.example.org").status == 502, "it is down"
    assert site.logs == ""
