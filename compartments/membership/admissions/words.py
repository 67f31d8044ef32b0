"""The steps of an application in the reader's language. Words only."""

from __future__ import annotations

from flask_babel import gettext as _


def state_names() -> dict[str, str]:
    """What the steps are called."""
    return {
        "received": _("new"),
        "confirmed": _("with the division"),
        "accepted": _("waits for the first payment"),
        "refused": _("refused"),
        "member": _("member"),
    }
