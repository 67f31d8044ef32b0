"""Applicants: each fills in the form page by page once, and then sends it again and again, each time as somebody new."""

from __future__ import annotations

import re
from os import urandom

from bench.load import Client, WrongAnswer
from bench.pages import Visitor
from bench.web import Response, form_fields, post

# With the question that a posting asks these are five fields.
ANSWERS = {
    "contact-name": "Kim Mustermann-Şahin",
    "contact-email": "kim@example.org",
    "motivation-motivation": "Seit Jahren ist mir wichtig, dass Zahlen stimmen und Zusagen gehalten werden. "
    * 4,
    "motivation-availability": "Fünf Stunden in der Woche, ab Februar.",
}
RECEIPT = re.compile(rb"<output[^>]*>[a-z0-9]{5}(-[a-z0-9]{5}){3}</output>")
ANSWER = "Zwei Jahre Kassenprüfung in einem Verein, davor Buchhaltung. " * 3
BOX = re.compile(rb'name="(consent-[a-z]+)"')
ASKED = re.compile(r"(questions|evidence)-.*(?<!\.files)$")
MOST_PAGES = 10


def applicant(_number: int, port: int, path: str) -> Client:
    """POST the last page, with all fields and a fresh seed. Only an answer with a new receipt counts."""
    visitor = Visitor(port)
    fields = _filled_in(visitor, path) | {"go": "send"}
    drawn = fields["seed"][0].encode()
    # Written once: what the client needs for it would be taken from the server, on the same two cores.
    request = post(path, fields, visitor.cookies)
    while True:
        response = yield request.replace(drawn, urandom(32).hex().encode()), True
        if response.status != 200 or RECEIPT.search(response.body) is None:
            raise WrongAnswer(f"sending was answered {response.status}, without a receipt")


def _filled_in(visitor: Visitor, path: str) -> dict[str, list[str]]:
    """Turn the pages of the form as a person would; return the fields of the last one, from which it is sent."""
    page = visitor.get(path)
    for _ in range(MOST_PAGES):
        fields = form_fields(page.body)
        if fields["step"] == ["check"]:
            return fields
        page = visitor.post(path, fields | _answers(page, fields) | {"go": "next"})
    raise WrongAnswer(f"the form of {path} has no last page that can be reached")


def _answers(page: Response, fields: dict[str, list[str]]) -> dict[str, str]:
    """What is typed on this page: five fields, the boxes that must be ticked, and a sentence where evidence is asked for."""
    shown = {name: value for name, value in ANSWERS.items() if f'name="{name}"'.encode() in page.body}
    boxes = {name.decode(): "y" for name in BOX.findall(page.body)}
    asked = {name: ANSWER for name in fields if ASKED.match(name) and fields[name] == [""]}
    return {**shown, **boxes, **asked}
