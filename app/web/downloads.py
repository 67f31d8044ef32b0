"""Files of people whom nobody here knows: to be saved, never to be shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from io import BytesIO

from flask import Response, send_file

from app.web.attachments import EXTENSIONS, harmless_name

UNKNOWN = "application/octet-stream"
SANDBOX = "default-src 'none'; sandbox"
"""What a stranger's file may do in a browser that shows it in spite of everything: nothing."""


def strangers_file(parts: Iterable[bytes], media_type: str, name: str) -> Response:
    """Answer with a file that somebody has handed in; nothing of it is kept by a browser or a proxy.

    Its name and type are believed as little as the rest: who seals a letter without our pages writes there what they like.

    It is read now, while its vault is open, and held once; what has been given out is let go.
    """
    held = deque(parts)
    response = send_file(
        BytesIO(),
        media_type if media_type in EXTENSIONS else UNKNOWN,
        as_attachment=True,
        download_name=harmless_name(name),
        max_age=None,
        etag=False,
    )
    response.direct_passthrough = False
    response.response = _given_out(held)
    response.content_length = sum(map(len, held))
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _given_out(held: deque[bytes]) -> Iterator[bytes]:
    while held:
        yield held.popleft()
