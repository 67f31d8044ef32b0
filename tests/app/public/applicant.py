"""Somebody with a browser that runs no script: sees a page, types into its fields, presses one of its buttons."""

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

WHO = {"contact-name": "Jördis Öztürk", "contact-email": "joerdis@example.org"}
WHY = {"motivation-motivation": "Weil es gebraucht wird."}
AGREED = {"consent-consent": "y", "consent-separation": "y"}


@dataclass
class Form:
    action: str
    fields: MultiDict = field(default_factory=MultiDict)
    buttons: list = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects forms with what a browser would send of them."""

    def __init__(self, path):
        super().__init__()
        self.path, self.forms, self.text_in, self.option_of = path, [], None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action") or self.path))
        elif not self.forms or "name" not in given:
            return
        elif tag == "button":
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self.text_in = given["name"]
            self.forms[-1].fields.add(given["name"], "")
        elif tag == "input" and given.get("type") not in {"file", "checkbox", "radio"}:
            self.forms[-1].fields.add(given["name"], given.get("value") or "")
        elif tag == "input" and given.get("type") != "file" and "checked" in given:
            self.forms[-1].fields.add(given["name"], given.get("value") or "y")

    def handle_data(self, data):
        if self.text_in:
            values = self.forms[-1].fields.poplist(self.text_in)
            text = values[-1] + data
            self.forms[-1].fields.setlist(self.text_in, [*values[:-1], text])

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line break that follows the opening tag.
            for form in self.forms[-1:]:
                value = form.fields.get(self.text_in, "")
                form.fields[self.text_in] = value.removeprefix("\r\n").removeprefix("\n")
            self.text_in = None


class Applicant:
    """``page`` is what is shown, ``status`` its status. Fields keep what they hold; ``type`` changes them."""

    def __init__(self, client, language="en"):
        self.client, self.language = client, language
        self.page, self.status, self.path = "", 0, "/"
        self.typed = MultiDict()

    def see(self, path):
        return self._shown(self.client.get(path, headers=self._headers()), path)

    def type(self, **fields):
        self.typed.update({name.replace("__", "-", 1): value for name, value in fields.items()})
        return self

    def fill(self, fields):
        for name, value in fields.items():
            self.typed.setlist(name, value if isinstance(value, list) else [value])
        return self

    def press(self, go=None, *, form=0, files=None, without=()):
        """Send a form of the page, as it would be with what was typed, by one of its buttons."""
        found = self.forms()[form]
        sent = MultiDict(found.fields)
        for name, values in self.typed.lists():
            sent.setlist(name, values)
        for name in without:
            sent.poplist(name)
        if go is not None:
            sent["go"] = go
        for name, given in (files or {}).items():
            several = given if isinstance(given, list) else [given]
            sent.setlist(name, [FileStorage(stream, filename, name) for stream, filename in several])
        self.typed.clear()
        self.last = (found.action, sent)
        return self.send(found.action, sent, multipart=bool(files))

    def send(self, action, sent, *, multipart=False):
        kind = "application/x-www-form-urlencoded"
        if multipart:  # encoded here, because the test client would do it in a temporary file
            boundary, sent = encode_multipart(MultiDict(sent))
            kind = f"multipart/form-data; boundary={boundary}"
        answer = self.client.post(action, data=sent, content_type=kind, headers=self._headers())
        return self._shown(answer, action)

    def again(self):
        """Press the same button a second time."""
        return self.send(*self.last)

    def forms(self):
        parser = _Forms(self.path)
        parser.feed(self.page)
        return [form for form in parser.forms if "/logout" not in form.action]

    def holds(self, name):
        """What a field of the page holds, shown or hidden."""
        return self.forms()[0].fields.get(name)

    @property
    def text(self):
        """The page as it reads, without HTML's own way of writing signs."""
        return unescape(self.page)

    @property
    def heading(self):
        after = self.page.partition("<h1>")[2].partition("</h1>")[0]
        return after.rpartition("</span>")[2].strip()

    @property
    def code(self):
        return self.page.partition('<output id="code"')[2].partition(">")[2].partition("<")[0].strip()

    def apply(self, slug="membership-office", *, who=WHO, why=WHY, **more):
        """Walk to the last page; ``more`` are fields of any page."""
        fields = {**who, **why, **AGREED, "evidence-membership-office.training": "Im März besucht.", **more}
        self.see(f"/postings/{slug}/apply")
        for _page in range(8):
            if self.heading.startswith("Check your application"):
                return self
            shown = {name: value for name, value in fields.items() if f'name="{name}"' in self.page}
            self.fill(shown).press("next")
        raise AssertionError(f"did not get past {self.heading!r}: {self.page}")

    def _headers(self):
        return {"Accept-Language": self.language}

    def _shown(self, answer, path):
        self.page, self.status, self.path = answer.get_data(as_text=True), answer.status_code, path
        self.answer = answer
        return self
