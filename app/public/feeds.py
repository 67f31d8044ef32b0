"""The open postings for programs: an Atom feed (RFC 4287) for readers and job boards, and what search engines read of one posting.

Both say what the pages say, and nothing more. The kept page of a posting holds no address of this server: that comes with each request's
``Host``, and a page is kept for everybody.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree as ET

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from app.public.blueprint import blueprint, language
from app.shared import acts, postings
from app.shared.postings import PostingView
from app.web.kept import FRESH_FOR
from app.web.markdown import render_markdown
from app.web.seats import seats_wanted
from app.web.state import state

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
LANGUAGES = ("de", "en")
TEXTS = ("tasks", "brings", "gets")
ET.register_namespace("", ATOM)


@blueprint.get("/postings.atom")
def feed() -> ResponseReturnValue:
    """What one can apply for. ``?language=en`` asks for English; feed readers say no language of their own."""
    wanted = request.args.get("language", "")
    spoken = wanted if wanted in LANGUAGES else language()
    with force_locale("en_GB" if spoken == "en" else "de"):
        body = _feed(postings.open_postings(spoken, state().today), spoken)
    response = Response(body, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    response.vary.add("Accept-Language")
    return response


def job_posting(posting: PostingView) -> dict[str, Any]:
    """One open posting as schema.org's JobPosting; an office without pay is one of the type VOLUNTEER there."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": posting.title,
        "description": _description(posting),
        "employmentType": "OTHER" if posting.employed else "VOLUNTEER",
        "hiringOrganization": {"@type": "Organization", "name": state().settings.organisation},
        "identifier": {
            "@type": "PropertyValue",
            "name": state().settings.organisation,
            "value": posting.slug,
        },
        "directApply": True,
    }
    if posting.published_on:
        found["datePosted"] = posting.published_on.isoformat()
    if posting.deadline:
        found["validThrough"] = _moment(posting.deadline, time.max.replace(microsecond=0))
    if posting.seats.open:
        found["totalJobOpenings"] = posting.seats.open
    return found


def _feed(found: list[PostingView], spoken: str) -> bytes:
    here = url_for(".feed", language=spoken, _external=True)
    root = ET.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": spoken})
    _add(root, "id", here)
    _add(root, "title", _("Open postings – %(organisation)s", organisation=state().settings.organisation))
    _add(root, "updated", _moment(max((_changed_on(one) for one in found), default=state().today)))
    _add(_add(root, "author"), "name", state().settings.organisation)
    _add(root, "link", rel="self", type="application/atom+xml", href=here)
    _add(root, "link", rel="alternate", type="text/html", href=url_for(".index", _external=True))
    for one in found:
        _entry(root, one)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, posting: PostingView) -> None:
    place = url_for(".posting", slug=posting.slug, _external=True)
    entry = _add(root, "entry")
    _add(entry, "id", place)
    _add(entry, "title", posting.title)
    _add(entry, "updated", _moment(_changed_on(posting)))
    if posting.published_on:
        _add(entry, "published", _moment(posting.published_on))
    _add(entry, "link", rel="alternate", type="text/html", href=place)
    facts = [_("Seats: %(seats)s", seats=seats_wanted(posting.seats))]
    if posting.deadline:
        facts.append(_("Apply by %(day)s", day=format_date(posting.deadline, "long")))
    _add(entry, "summary", " · ".join([posting.texts["summary"], *facts]))
    _add(entry, "content", _description(posting), type="html")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _description(posting: PostingView) -> str:
    texts = [posting.texts["summary"], *(posting.texts[name] for name in TEXTS if posting.texts[name])]
    return "".join(str(render_markdown(text)) for text in texts)


def _changed_on(posting: PostingView) -> date:
    """The day of what readers should hear of again: the publication, or another deadline. A day, since the act's time is the officers' own."""
    found = [
        acts.of_subject(posting.slug, kind)
        for kind in (acts.Kind.POSTING_PUBLISHED, acts.Kind.POSTING_EXTENDED)
    ]
    days = [act.at.date() for act in found if act]
    return max([*days, *([posting.published_on] if posting.published_on else [])], default=state().today)


def _moment(day: date, at: time = time.min) -> str:
    """The moment on a day of the organisation, as RFC 3339 writes it."""
    return datetime.combine(day, at, state().settings.timezone).isoformat()
