"""People who write to the counsellors: each fills in the form page by page once, and then sends it again and again, each time as somebody new."""

from __future__ import annotations

import re
from os import urandom

from bench.load import Client, WrongAnswer
from bench.pages import Visitor
from bench.web import Response, form_fields, post

PATH = "/counselling"
READER = re.compile(rb'name="readers-readers"[^>]*value="([0-9a-f]{32})"')
RECEIPT = re.compile(rb"<output[^>]*>[a-z0-9]{5}(-[a-z0-9]{5}){3}</output>")
RECIPIENTS = 2
TEXT = "Seit dem Treffen im Mai traue ich mich nicht mehr hin, und niemand fragt nach. " * 253
"""20 KB in UTF-8: the longest that the form takes."""
MOST_PAGES = 10


def seeker(_number: int, port: int) -> Client:
    """POST the last page, with all fields and a fresh seed. Only an answer with a new receipt counts."""
    visitor = Visitor(port)
    fields = filled_in(visitor) | {"go": ["send"]}
    drawn = fields["seed"][0].encode()
    # Written once: what the client needs for it would be taken from the server, on the same two cores.
    request = post(PATH, fields, visitor.cookies)
    while True:
        response = yield request.replace(drawn, urandom(32).hex().encode()), True
        if response.status != 200 or RECEIPT.search(response.body) is None:
            raise WrongAnswer(f"writing in was answered {response.status}, without a receipt")


def filled_in(visitor: Visitor) -> dict[str, list[str]]:
    """Turn the pages of the form as a person would; return the fields of the last one, from which it is sent."""
    page = visitor.post(PATH, {"part": "write", "go": "start"})
    readers = [reader.decode() for reader in READER.findall(page.body)][:RECIPIENTS]
    if len(readers) < RECIPIENTS:
        raise WrongAnswer("the demo has fewer counsellors than are written to")
    for _ in range(MOST_PAGES):
        fields = form_fields(page.body)
        if fields["step"] == ["check"]:
            return fields
        page = visitor.post(PATH, fields | _answers(page, readers) | {"go": "next"})
    raise WrongAnswer("the form has no last page that can be reached")


def _answers(page: Response, readers: list[str]) -> dict[str, list[str]]:
    if b'id="readers-readers"' in page.body:
        return {"readers-readers": readers}
    return {"words-text": [TEXT]} if b"<textarea" in page.body and b'id="words-text"' in page.body else {}
