"""What the rules of erasure are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

RULES: Mapping[str, LazyString] = {
    "after-the-end": _("after the end of the case"),
    "after-a-report": _("after a report under the whistleblower law (HinSchG § 11)"),
    "on-request": _("because the person asked for it"),
    "by-hand": _("by a counsellor's decision"),
}
