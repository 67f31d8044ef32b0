"""Claimants: each exchanges one reference key after the other for its invite code. A key is good for one claim, so each client has its own."""

from __future__ import annotations

import re
from pathlib import Path

from bench.load import Client, WrongAnswer
from bench.pages import Visitor
from bench.web import form_fields, post

CODE = re.compile(rb"<output[^>]*>[a-z0-9]{5}(-[a-z0-9]{5}){3}</output>")
PATH = "/claim"


def claimant(_number: int, port: int, folder: str) -> Client:
    """POST the form with the next key. Only an answer with a code counts."""
    visitor = Visitor(port)
    fields = form_fields(visitor.get(PATH).body)
    for block in sorted(Path(folder).glob("*.txt")):
        try:
            references = block.read_text(encoding="ascii").split()
            block.unlink()
        except FileNotFoundError:
            continue  # another client's
        for reference in references:
            response = yield post(PATH, fields | {"key": reference}, visitor.cookies), True
            if response.status != 200 or CODE.search(response.body) is None:
                raise WrongAnswer(f"a claim was answered {response.status}, without a code")
    raise WrongAnswer("there are no keys left to claim")
