"""What the directory's columns are called: in forms, and as heads of a file that is taken in."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

COLUMNS: Mapping[str, LazyString] = {
    "name": _("Name"),
    "region": _("Region"),
    "topics": _("Topics"),
    "languages": _("Languages"),
    "accessibility": _("Accessibility"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "web": _("Web page"),
    "note": _("Note"),
    "checked_on": _("Last checked on"),
}
LANGUAGES = ("de", "en")


def heads() -> dict[str, str]:
    """Return the column for each head that a file may have, in lower case: the export's own, and those of each language."""
    found = {column: column for column in COLUMNS}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {str(word).casefold(): column for column, word in COLUMNS.items()}
    return found
