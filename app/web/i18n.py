"""Languages: German first, English complete; dates and numbers in the reader's language and the organisation's time zone.

The language is what the reader chose (cookie `lang`, set by nothing but that choice), else what the browser asks for, else German.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, format_decimal, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as WerkzeugResponse

from app.translations.compiled import FOLDER, ensure_compiled
from app.web.redirects import local_path

LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"
COOKIE = "lang"
YEAR = 365 * 24 * 3600
VARIES_BY = ("Accept-Language", "Cookie")

blueprint = Blueprint("language", __name__)


def init_i18n(app: Flask, *, timezone: str = "Europe/Berlin") -> None:
    """Set up Flask-Babel, the language switch and the context names that base.html needs."""
    ensure_compiled()
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=timezone,
        default_translation_directories=str(FOLDER),
        locale_selector=_locale,
    )
    app.jinja_env.globals["_"] = _translated
    app.register_blueprint(blueprint)
    app.add_template_filter(file_size, "filesize")
    app.context_processor(_context)
    app.after_request(_declare_language)


def chosen_language() -> str:
    """`lang` cookie, then Accept-Language, then German. Looked up once per request."""
    if "language" not in g:
        g.language = _language_of(request.cookies.get(COOKIE, ""), request.headers.get("Accept-Language", ""))
    language: str = g.language
    return language


def _locale() -> str:
    """Dates and numbers in English as Europe writes them; the words are the same."""
    return "en_GB" if chosen_language() == "en" else "de"


@lru_cache(maxsize=256)
def _language_of(chosen: str, accepted: str) -> str:
    """Browsers send the same few headers again and again; reading one takes longer than all else about languages."""
    if chosen in LANGUAGES:
        return chosen
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES, DEFAULT) or DEFAULT


@blueprint.get("/language/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Remember a language and go back to where the reader was."""
    if code not in LANGUAGES:
        abort(404)
    response = redirect(local_path(request.args.get("next")), 303)
    remember(response, code)
    return response


def remember(response: WerkzeugResponse, code: str) -> None:
    """Let this browser have pages in the language `code` from now on."""
    response.set_cookie(COOKIE, code, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax")


def file_size(size: int) -> str:
    """Bytes in the reader's language, in decimal units: 1,5 MB."""
    power = min(len(str(max(size, 0))) - 1, 9) // 3
    return f"{format_decimal(round(size / 1000**power, 1))} {('B', 'kB', 'MB', 'GB')[power]}"


@pass_eval_context
def _translated(context: EvalContext, text: str, /, **variables: Any) -> str:
    """`_()` of the templates, as Jinja's own "newstyle" gettext, but looking for the catalogue once per request.

    Flask-Babel looks for it at every string, and a page has dozens: that was a third of the time a page takes.
    """
    locale = get_locale()
    kept: tuple[Any, Any] = g.get("catalogue", (None, None))
    if kept[0] is not locale:
        g.catalogue = kept = (locale, get_translations())
    words: str = kept[1].ugettext(text)
    if "%" not in words:
        return Markup(words) if context.autoescape else words  # noqa: S704 - the words are the source's own
    return Markup(words) % variables if context.autoescape else words % variables  # noqa: S704 - variables are escaped


def _context() -> dict[str, Any]:
    return {"current_locale": chosen_language(), "language_links": _language_links()}


def _language_links() -> list[dict[str, Any]]:
    # A page that answers a POST holds what somebody typed: a link away from it would lose that.
    if request.method not in {"GET", "HEAD"}:
        return []
    current = chosen_language()
    root, back = request.script_root, quote(request.script_root + request.path)
    return [
        {"code": code, "name": name, "url": f"{root}/language/{code}?next={back}", "here": code == current}
        for code, name in LANGUAGES.items()
    ]


def _declare_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", chosen_language())
        if "Vary" in response.headers:
            response.vary.update(VARIES_BY)
        else:
            response.headers.add("Vary", ", ".join(VARIES_BY))
    return response
