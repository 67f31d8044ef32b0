"""Files added to an open form: checked, sealed under the form's own key, put aside until it is sent."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _

from app.clock import utc_now
from app.public.basket import Basket
from app.shared import drafts
from app.shared.database import NOT_STORED
from app.shared.drafts import TooManyDrafts
from app.web.attachments import Attachment, Room, explain, take
from app.web.logs import write_down
from app.web.state import state

MEGABYTE = 1_000_000


def limit() -> int:
    """All files of one form together, in bytes: what the settings say, in whole megabytes where it is that much."""
    most = state().settings.upload_limit
    return most - most % MEGABYTE if most > MEGABYTE else most


def take_uploads(
    basket: Basket,
    input_name: str,
    purpose: str,
    prepare: Callable[[Attachment], tuple[Attachment, str]] | None = None,
) -> list[str]:
    """Take the files of one input in; return what is wrong with those that can't be taken. The sound ones are kept all the same.

    ``prepare`` may change a file before it is kept, and says what it is for.
    """
    taken, refused = take(request.files.getlist(input_name), Room(limit(), basket.size, len(basket)))
    problems = [explain(one, limit()) for one in refused]
    try:
        while taken:
            # Of a file that was made anew nobody holds the old one while the new one is sealed.
            _put_aside(basket, *(prepare(taken.pop(0)) if prepare else (taken.pop(0), purpose)))
    except TooManyDrafts:
        problems.append(
            _(
                "So many files are coming in at the moment that we can't take more. Please try again in an hour."
            )
        )
    except NOT_STORED as error:
        write_down(error)
        problems.append(_("The file could not be stored just now. Please add it again in a few minutes."))
    return problems


def _put_aside(basket: Basket, attachment: Attachment, purpose: str) -> None:
    settings = state().settings
    basket.drafts.append(
        drafts.add(
            attachment.parts,
            name=attachment.name,
            media_type=attachment.media_type,
            purpose=purpose,
            key=basket.key,
            now=utc_now(),
            valid_for=settings.draft_valid_for,
        )
    )
