"""Files of people whom nobody here knows: to be saved, never to be shown."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

SANDBOX = "default-src 'none'; sandbox"
"""What a stranger's file may do in a browser that shows it in spite of everything: nothing."""


def strangers_file(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a file that somebody has handed in; nothing of it is kept by a browser or a proxy."""
    response = send_file(
        BytesIO(content), media_type, as_attachment=True, download_name=name, max_age=None, etag=False
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
