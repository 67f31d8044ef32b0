"""What every answer carries, and how requests are taken in: headers, cookies' names, uploads that never touch the disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from io import BytesIO
from typing import IO, Any

from babel.support import Translations
from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from wtforms.i18n import messages_path

from app.config import Settings
from app.web.i18n import chosen_language
from keys.service import ServiceKey

FORM_FIELDS_LIMIT = 4 * 1024 * 1024
FORM_PARTS_LIMIT = 500
STATIC = frozenset({"static", "bootstrap.static"})

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002  (one directive per line)
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class MemoryRequest(Request):
    """A request whose uploads stay in memory.

    Werkzeug spools a file of over 500 kB into a temporary file: clear text on disk (P4). The body's size is
    bounded, so memory is too.
    """

    max_form_memory_size = FORM_FIELDS_LIMIT
    max_form_parts = FORM_PARTS_LIMIT

    @cached_property
    def wtforms_translations(self) -> Any:
        """WTForms' own words. Flask-WTF would read and parse their catalogue at each request with a form."""
        return _words_of_wtforms(chosen_language())

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  (Werkzeug's signature)
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


class FormSession(SecureCookieSessionInterface):
    """Flask's signed cookie. What signs it is made once: Flask makes it anew twice per request, cookie or not."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs with the app's key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def is_static() -> bool:
    """Whether a file of the look is asked for: no state, no content, nothing to protect."""
    return request.endpoint in STATIC


@cache
def _words_of_wtforms(language: str) -> Any:
    return Translations.load(messages_path(), [language], domain="wtforms")


def init_security(app: Flask, settings: Settings, service_key: ServiceKey) -> None:
    """Set the cookie and upload policy, and add the headers to every answer."""
    prefix = "__Host-" if settings.https else ""
    app.request_class = MemoryRequest
    app.session_interface = FormSession()
    app.config.update(
        SECRET_KEY=service_key.derive("flask"),
        MAX_CONTENT_LENGTH=settings.upload_limit + FORM_FIELDS_LIMIT,
        SESSION_COOKIE_NAME=f"{prefix}schotten-form",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=int(settings.form_valid_for.total_seconds()),
        # The forms check their own token, so that an expired one loses nothing of what was typed.
        WTF_CSRF_CHECK_DEFAULT=False,
        # The session cookie is SameSite=Strict; a browser that hides its referrer is welcome.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.after_request(_headers(settings))


def _headers(settings: Settings) -> Callable[[Response], Response]:
    wanted = dict(HEADERS)
    if settings.https:
        wanted["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    named = [(name.lower(), name, value) for name, value in wanted.items()]

    def add(response: Response) -> Response:
        headers = response.headers
        if is_static():
            headers["Cache-Control"] = "public, max-age=86400"
        # Looked through once: `setdefault` would go through all headers for each of these, on every page.
        given = {name.lower() for name in headers.keys()}  # noqa: SIM118 (a multi-dict: iterating gives pairs)
        for key, name, value in named:
            if key not in given:
                headers.add(name, value)
        if "cache-control" not in given:
            headers.add("Cache-Control", "no-store")
        return response

    return add
