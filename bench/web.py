"""A browser of few words: requests as bytes, responses, cookies, and the hidden fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

_BOUNDARY = "b5f1c0ffee5f1c0ffee"


@dataclass(frozen=True)
class Response:
    """What came back. ``head`` are the header lines as they were sent."""

    status: int
    head: str
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        """All headers of that name."""
        pairs = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return [value.strip() for key, _, value in pairs if key.lower() == name.lower()]


class Cookies(dict[str, str]):
    """The cookies a client holds. Whether they are for HTTPS only is left aside: nginx, which would see to it, isn't here."""

    def take(self, response: Response) -> None:
        """Keep what the response sets, drop what it deletes."""
        for line in response.headers("Set-Cookie"):
            pair, _, attributes = line.partition(";")
            name, _, value = pair.partition("=")
            if "max-age=0" in attributes.lower().replace(" ", ""):
                self.pop(name, None)
            else:
                self[name] = value

    def line(self) -> str:
        """The request's header line."""
        return f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.items())}\r\n" if self else ""


def get(path: str, cookies: Cookies | None = None) -> bytes:
    """Build a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: de\r\n{cookies.line() if cookies else ''}\r\n".encode()


def post(path: str, fields: Mapping[str, str | list[str]], cookies: Cookies | None = None) -> bytes:
    """Build a POST of a form."""
    body = urlencode(fields, doseq=True).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: de\r\n{cookies.line() if cookies else ''}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def upload(
    path: str, fields: Mapping[str, list[str]], file: tuple[str, str, bytes], cookies: Cookies | None = None
) -> bytes:
    """Build a POST of a form with a file: the name of its input, its own name, its content."""
    name, file_name, content = file
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, values in fields.items()
        for value in values
    ]
    start = f'{"".join(parts)}--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
    body = start.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: de\r\n{cookies.line() if cookies else ''}"
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Forms(HTMLParser):
    """Collects the fields of each form as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field inside the last one."""
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value") or "")
        elif tag == "textarea" and name:
            self._textarea = name
            self._add(name, "")
        elif tag == "input" and name and _is_sent(given):
            self._add(name, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a field. A browser drops the line break that a text area begins with."""
        if tag == "textarea" and self._textarea:
            texts = self.forms[-1][self._textarea]
            texts[-1] = texts[-1].removeprefix("\r").removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """Take a textarea's text."""
        if self._textarea and self.forms:
            self.forms[-1][self._textarea][-1] += data

    def _add(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1].setdefault(name, []).append(value)


def _is_sent(given: Mapping[str, str | None]) -> bool:
    kind = given.get("type", "text")
    return kind not in {"submit", "button", "file"} and (
        kind not in {"radio", "checkbox"} or "checked" in given
    )


def form_fields(page: bytes, containing: str = "csrf_token") -> dict[str, list[str]]:
    """The fields of the last form on the page that has one called ``containing``; raises ``LookupError``."""
    parser = _Forms()
    parser.feed(page.decode())
    fitting = [form for form in parser.forms if containing in form]
    if not fitting:
        raise LookupError(f"no form with {containing} on this page")
    return fitting[-1]
