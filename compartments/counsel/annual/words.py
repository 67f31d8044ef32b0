"""What the tables of the report and their categories are called, in each language: it goes along with the report, for the board knows no codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from compartments.counsel.cases.words import CHANNELS
from compartments.counsel.consents.words import STEPS
from compartments.counsel.incidents.words import CODES
from compartments.counsel.incidents.words import FIELDS as INCIDENT_FIELDS
from compartments.counsel.prevention.words import AUDIENCES

LANGUAGES = ("de", "en")
TITLES: Mapping[str, LazyString] = {
    "consultations": _("Talks and exchanges"),
    "incidents-by-kind-and-setting": _("Incidents by kind and place"),
    "incidents-by-manner": _("Incidents by what it was"),
    "incidents-by-level": _("Incidents by level of the organisation"),
    "incidents-by-relation": _("Incidents by who it was"),
    "incidents-by-outcome": _("Incidents by what came of it"),
    "incidents-by-reported-before": _("Incidents by whether they had been reported before"),
    "steps-outside": _("Steps outside, each with consent"),
    "attendance": _("People at events of prevention"),
}
DIMENSIONS: Mapping[str, LazyString] = {
    **INCIDENT_FIELDS,
    "turn": _("Which talk"),
    "channel": _("How"),
    "step": _("Step"),
    "audience": _("For whom"),
}
CATEGORIES: Mapping[str, Mapping[str, LazyString]] = {
    **CODES,
    "turn": {"first": _("first"), "later": _("later")},
    "channel": CHANNELS,
    "step": STEPS,
    "audience": AUDIENCES,
}
TEXTS: Mapping[str, LazyString] = {
    "work": _("What we did"),
    "prevention": _("Prevention"),
    "conclusions": _("Conclusions"),
    "recommendations": _("Recommendations"),
}


def labels() -> dict[str, Any]:
    """Return all words by language: titles, dimensions, categories by dimension, texts."""
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = {
                "titles": {name: str(title) for name, title in TITLES.items()},
                "dimensions": {name: str(title) for name, title in DIMENSIONS.items()},
                "categories": {
                    dimension: {code: str(name) for code, name in names.items()}
                    for dimension, names in CATEGORIES.items()
                },
                "texts": {name: str(title) for name, title in TEXTS.items()},
            }
    return found
