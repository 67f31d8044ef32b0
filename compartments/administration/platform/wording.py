"""What the platform and its plans are called on pages."""

from __future__ import annotations

from flask_babel import gettext as _

from compartments.administration.platform.connector import PlatformError


def error_in_words(reason: str) -> str:
    """Why the platform can't be used now."""
    words: dict[str, str] = {
        "unreachable": _("The platform's database can't be reached with these settings."),
        "not-installed": _(
            "The connector's functions aren't installed there, or this role may not call them."
        ),
        "version": _("This version of LiquidFeedback is unknown to the connector."),
        "busy": _("Somebody else is changing the platform at this moment. Please try again in a minute."),
        "refused": _("The platform's database has refused. Nothing was changed."),
    }
    return words.get(reason, words["refused"])


def failure_in_words(error: PlatformError) -> str:
    """The same for an error."""
    return error_in_words(error.reason)


def remark_in_words(kind: str) -> str:
    """Why codes were left."""
    words: dict[str, str] = {
        "vanished": _("vanished from the platform: the invitation was probably sent again there"),
        "appeared": _("on the platform, but not from the clearing office"),
        "unlisted": _("listed by the clearing office, but never received here"),
        "operator": _("locked by the platform's own operators; left as they are"),
        "deleted": _("deleted on the platform"),
        "left": _("planned, but no longer as they were when it was applied"),
    }
    return words[kind]


def kind_in_words(kind: str) -> str:
    """What a batch is."""
    words: dict[str, str] = {
        "regular": _("Reconciliation"),
        "urgent": _("Urgent lock"),
        "creation": _("New codes"),
        "deactivation": _("Deactivated codes"),
    }
    return words[kind]


def state_in_words(state: str) -> str:
    """How far a batch is."""
    words: dict[str, str] = {
        "waiting": _("waits for its dry run"),
        "planned": _("dry run done"),
        "confirmed": _("confirmed, not applied yet"),
        "applied": _("applied"),
        "dropped": _("put away"),
    }
    return words[state]


def code_state_in_words(state: str) -> str:
    """Where a code is."""
    words: dict[str, str] = {
        "known": _("here only"),
        "platform": _("open, unused"),
        "used": _("in use"),
        "locked": _("locked"),
        "operator": _("locked by the operators"),
        "deleted": _("deleted there"),
        "vanished": _("vanished"),
    }
    return words[state]
