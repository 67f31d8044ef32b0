"""What batches are said to be, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from compartments.administration.platform import settings as platform_settings
from compartments.administration.reconciliation.models import Batch


def size(number: int) -> str:
    """How long a list is."""
    return str(ngettext("%(num)s code on the list", "%(num)s codes on the list", number))


def changes(batch: Batch) -> str:
    """What a batch would change, or has."""
    words: str = _(
        "%(created)s to create, %(locked)s to lock, %(unlocked)s to unlock",
        created=batch.created,
        locked=batch.locked,
        unlocked=batch.unlocked,
    )
    return words


def stop(batch: Batch) -> str:
    """Why a list stops at the threshold."""
    words: str = _(
        "This list would lock %(locked)s of %(open)s open accounts: more than %(percent)s per cent. Ask the clearing office first.",
        locked=batch.locked,
        open=batch.open_before,
        percent=platform_settings.read().threshold_percent,
    )
    return words


def empty() -> str:
    """Why an empty list is refused."""
    return str(_("This list is empty. It would lock everybody, so it is refused."))
