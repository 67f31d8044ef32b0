"""The real nginx with the site of deploy/, in front of two faces that `schotten serve --socket` serves; all in a folder of the tests' own."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.cli.conftest import COMMAND, ROOT, SECONDS, environment, free_port

FACES = ("public", "board")
PUBLIC, BOARD = "mitmachen.example.org", "board.stellen.example.org"
DEBIANS = Path("/etc/nginx/nginx.conf")


class Site:
    """What nginx serves: reach it by name, from any of this machine's addresses."""

    def __init__(self, folder, faces):
        self.folder, self.faces = folder, faces
        self.http, self.https = free_port(), free_port()

    @property
    def logs(self):
        return "".join(path.read_text() for path in (self.folder / "log").iterdir())

    def ask(self, method="GET", path="/", *, host=PUBLIC, asked_for=None, source="127.0.0.1", **request):
        """Send a request over HTTPS to the server called ``host``; return its answer, with its body as ``text``."""
        line = http.client.HTTPSConnection(
            host, self.https, timeout=SECONDS, context=trusting(), source_address=(source, 0)
        )
        # Names are not looked up: all of them are this machine.
        line._create_connection = lambda address, *rest: socket.create_connection(
            ("127.0.0.1", address[1]), *rest
        )
        headers = {"Host": asked_for or host, **request.pop("headers", {})}
        line.request(method, path, headers=headers, **request)
        answer = line.getresponse()
        answer.text = answer.read().decode()
        line.close()
        return answer

    def connected(self, host=PUBLIC):
        """A TLS connection on which nothing has been said."""
        return trusting().wrap_socket(
            socket.create_connection(("127.0.0.1", self.https), timeout=SECONDS), server_hostname=host
        )

    def change(self, old, new):
        """Let the site say something else than deploy/ does, before it runs."""
        snippet = self.folder / "snippets" / "schotten-server.conf"
        assert old in snippet.read_text()
        snippet.write_text(snippet.read_text().replace(old, new))


def trusting():
    """The certificate is the test's own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="module")
def faces(founded_once, tmp_path_factory):
    """Two faces on their sockets, as the units start them; their processes by name."""
    instance = founded_once.copied_to(tmp_path_factory.mktemp("site") / "instance").settings.instance
    place, serving = instance.parent, {}
    for face in FACES:
        (place / "run" / f"schotten-{face}").mkdir(parents=True, mode=0o750)
        socket_ = place / "run" / f"schotten-{face}" / "web.sock"
        with (place / f"{face}.log").open("w") as log:
            serving[face] = subprocess.Popen(
                [*COMMAND, "serve", "--faces", face, "--socket", socket_],
                cwd=ROOT,
                env=environment(instance, SCHOTTEN_HTTPS="1", SCHOTTEN_WORKERS="1"),
                stdout=log,
                stderr=log,
            )
    for face, process in serving.items():
        _await(place / "run" / f"schotten-{face}" / "web.sock", process)
    yield place, serving
    for process in serving.values():
        process.terminate()
    for process in serving.values():
        process.wait(SECONDS)


@pytest.fixture
def prepared(faces, tmp_path):
    """The site with Debian's nginx.conf around it, not yet running."""
    if shutil.which("nginx", path=_PATH) is None or not DEBIANS.exists():
        pytest.skip("no nginx: apt install nginx-light")
    site = Site(tmp_path, faces[1])
    _prepare(site, run=faces[0] / "run")
    return site


@pytest.fixture
def site(prepared):
    """The same, running."""
    with running(prepared):
        yield prepared


@contextmanager
def running(site):
    """Run nginx with what stands in its folder. What would go into a temporary file has nowhere to go, and becomes an error 500."""
    for name in ("body", "proxy"):
        (site.folder / "tmp" / name).mkdir(parents=True, exist_ok=True)
    command = [
        shutil.which("nginx", path=_PATH),
        "-p",
        site.folder,
        "-c",
        "nginx.conf",
        "-e",
        "log/start.log",
    ]
    process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    until = time.monotonic() + SECONDS
    while not _listens(site.https):
        assert process.poll() is None, site.logs
        assert time.monotonic() < until
        time.sleep(0.02)
    shutil.rmtree(site.folder / "tmp")
    try:
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


_PATH = os.pathsep.join((os.environ["PATH"], "/usr/sbin"))


def _prepare(site, run):
    folder, nginx = site.folder, ROOT / "deploy" / "nginx"
    for name in ("log", "sites-enabled", "snippets"):
        (folder / name).mkdir()
    make = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=example.org -days 2"
    subprocess.run(
        [*make.split(), "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True,
        capture_output=True,
    )
    places = {
        "/run/schotten-": f"{run}/schotten-",
        "/etc/letsencrypt/live/example.org": str(folder),
        "/var/log/nginx": str(folder / "log"),
        "listen 80 ": f"listen 127.0.0.1:{site.http} ",
        "listen 443 ": f"listen 127.0.0.1:{site.https} ",
        "    listen [::]": "    # listen [::]",
    }
    put(nginx / "schotten.conf", folder / "sites-enabled" / "schotten.conf", places)
    for snippet in ("schotten-server.conf", "schotten-headers.conf"):
        put(nginx / snippet, folder / "snippets" / snippet, places)
    put(
        DEBIANS,
        folder / "nginx.conf",
        places
        | {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "include /etc/nginx/modules-enabled": "# ",
            "/run/nginx.pid": str(folder / "nginx.pid"),
            "/etc/nginx/sites-enabled": str(folder / "sites-enabled"),
            "/etc/nginx/conf.d": str(folder / "conf.d"),
            "http {": f"http {{ client_body_temp_path {folder}/tmp/body; proxy_temp_path {folder}/tmp/proxy;",
        },
    )


def put(source, target, places):
    """Copy a file of nginx, with the machine's places changed for the test's own."""
    text = source.read_text()
    for old, new in places.items():
        text = text.replace(old, new)
    target.write_text(text)


def _await(path, process):
    until = time.monotonic() + SECONDS
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)


def _listens(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
