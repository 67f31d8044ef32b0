"""Somebody without a browser, who reads forms as one does and can type something into every field of them. For what is slow or impossible with one."""

import base64
import http.client
import mimetypes
import re
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pyotp

from tests.server import HOST, Server
from tests.stories.canary import Canary

File = tuple[str, str, bytes]
"""The name of the input, the name of the file, its content."""


@dataclass
class Field:
    """One input, text area or choice."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def is_choice(self) -> bool:
        return self.kind in {"checkbox", "radio"}


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    fields: list[Field] = field(default_factory=list)

    def as_it_is(self) -> dict[str, list[str]]:
        """What a browser sends if nobody touches anything."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind not in {"file", "submit", "button"} and (one.checked or not one.is_choice):
                sent.setdefault(one.name, []).append(one.value)
        return sent

    def has(self, name: str) -> bool:
        return any(one.name == name for one in self.fields)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {}
        self.links: list[str] = []
        self._inside: Form | None = None
        self._text: str | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._inside = Form(given.get("action", ""))
            self.forms.append(self._inside)
        elif tag in {"input", "textarea", "select", "button"} and self._inside and given.get("name"):
            kind = (
                given.get("type", "submit" if tag == "button" else "text")
                if tag in {"input", "button"}
                else tag
            )
            value = given.get("value", "on" if kind in {"checkbox", "radio"} else "")
            self._area = Field(given["name"], kind, value, "checked" in given)
            self._inside.fields.append(self._area)
        elif tag == "option" and self._area and self._area.kind == "select":
            self._area.options.append(given.get("value", ""))
            if "selected" in given or len(self._area.options) == 1:
                self._area.value = given.get("value", "")
        elif tag in {"output", "code"}:
            self._text = given.get("id", tag)
            self.texts[self._text] = ""
        elif tag == "a":
            self.links.append(given.get("href", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = None
        elif tag in {"output", "code"}:
            self._text = None
        elif tag in {"textarea", "select"}:
            self._area = None

    def handle_data(self, data):
        if self._text is not None:
            self.texts[self._text] += data
        elif self._area is not None and self._area.kind == "textarea":
            # The first line break behind the tag doesn't count.
            self._area.value += data.removeprefix("\n") if not self._area.value else data


@dataclass
class Page:
    """An answer."""

    path: str
    status: int
    text: str
    forms: list[Form]
    codes: dict[str, str]
    links: list[str]

    def link(self, address: str) -> str:
        """The first link to such an address, a regular expression."""
        return next(one for one in self.links if re.fullmatch(address, one))

    def form(self, action: str = "", *, field: str = "") -> Form:
        """The form with such an end of its address and such a field; the log-out of the head of the page doesn't count."""
        return next(
            one
            for one in self.forms
            if one.action.endswith(action)
            and not one.action.endswith("/logout")
            and (not field or one.has(field))
        )


@dataclass
class Visitor:
    """A client with cookies. `carried` collects what the server put into cookies and addresses: content has no business there."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    carried: list[str] = field(default_factory=list, repr=False)
    posted: list[str] = field(default_factory=list, repr=False)
    """Where forms were sent."""

    def sees(self, path: str) -> Page:
        return self._ask("GET", path)

    def sends(
        self,
        page: Page,
        form: Form,
        typed: Mapping[str, str | list[str]] | None = None,
        *,
        button: tuple[str, str] | None = None,
        files: Sequence[File] = (),
    ) -> Page:
        """Send a form with what was typed."""
        path, body, kind = self.letter(page, form, typed, button=button, files=files)
        return self._ask("POST", path, body, kind)

    def letter(self, page, form, typed=None, *, button=None, files=()) -> tuple[str, bytes, str]:
        """What a browser would send: the path, the body and its content type."""
        sent = form.as_it_is()
        for name, value in (typed or {}).items():
            assert form.has(name), f"nobody can type into {name}: it isn't on the page"
            sent[name] = value if isinstance(value, list) else [value]
        if button:
            sent[button[0]] = [button[1]]
        pairs = [(name, value) for name, values in sent.items() for value in values]
        path = form.action or page.path
        if not files:
            return path, urlencode(pairs).encode(), "application/x-www-form-urlencoded"
        return path, *_multipart(pairs, files)

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str | None = None) -> Page:
        if method == "POST":
            self.posted.append(path.partition("?")[0])
        for _redirect in range(5):
            connection = http.client.HTTPConnection(HOST, self.server.port, timeout=60)
            headers = {"Cookie": self.cookie(), "Accept-Language": "de"}
            if kind:
                headers["Content-Type"] = kind
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
            finally:
                connection.close()
            self._keep(answer)
            if answer.status not in {302, 303}:
                break
            place = urlsplit(answer.headers["Location"])
            method, body, kind = "GET", None, None
            path = place.path + (f"?{place.query}" if place.query else "")
        reader = _Reader()
        reader.feed(text)
        return Page(path, answer.status, text, reader.forms, reader.texts, reader.links)

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        self.carried.append(answer.headers.get("Location", ""))
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.carried += [header, _unpacked(value)]


@dataclass
class Typist:
    """Types a canary into every field of a form that takes text, and makes a choice everywhere else.

    `special` says what goes into fields that don't take just anything: by the end of the name.
    """

    canary: Canary
    special: Mapping[str, Callable[[], str]] = field(default_factory=dict)

    def types(self, form: Form) -> dict[str, str | list[str]]:
        typed: dict[str, str | list[str]] = {}
        for one in form.fields:
            if one.kind in {"hidden", "file", "submit", "button", "password"}:
                continue
            special = next((what for end, what in self.special.items() if one.name.endswith(end)), None)
            if special is not None:
                typed[one.name] = special()
                self.canary.typed.add(one.name)
            elif one.kind == "select":
                typed[one.name] = one.value or next((option for option in one.options if option), "")
            elif one.is_choice:
                typed.setdefault(one.name, one.value)
            elif one.kind == "email":
                self.canary.typed.add(one.name)
                typed[one.name] = self.canary.email
            else:
                typed[one.name] = self.canary.text(one.name)
        return typed


class Officer(Visitor):
    """A visitor with an account."""

    username = ""
    passphrase = ""
    secret = ""
    display_name = ""

    def enrols(self, code: str, username: str, passphrase: str) -> None:
        self.username, self.passphrase = username, passphrase
        page = self.sees("/enrol")
        for typed in (
            {"code": code},
            {"signed_name": username.title()},
            {"display_name": username.title(), "username": username},
            {"passphrase": passphrase, "repeated": passphrase},
        ):
            page = self.sends(page, page.form("/enrol"), typed)
        assert "code" in page.codes, page.text

    def logs_in(self) -> Page:
        page = self.sees("/login")
        page = self.sends(
            page, page.form("/login"), {"username": self.username, "passphrase": self.passphrase}
        )
        if not page.path.partition("?")[0].endswith("/second-factor"):
            return page
        if not self.secret:
            self.secret = page.codes["code"].replace(" ", "")
            code = pyotp.TOTP(self.secret).now()
        else:
            code = pyotp.TOTP(self.secret).at(time.time() + 30)  # this half minute's is used
        return self.sends(page, page.form(field="code"), {"code": code})


def _multipart(pairs: Sequence[tuple[str, str]], files: Sequence[File]) -> tuple[bytes, str]:
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs
    ]
    for field_name, name, content in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _unpacked(value: str) -> str:
    """What Flask has signed, but not hidden, in a cookie; nothing where it isn't such a cookie."""
    packed = value.startswith(".")
    payload = value.removeprefix(".").partition(".")[0]
    try:
        content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (zlib.decompress(content) if packed else content).decode("utf-8", "replace")
    except (ValueError, zlib.error):
        return ""
