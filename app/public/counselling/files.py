"""Files that somebody adds: what they say about their making is taken out before they are sealed, and where it can't be, that is noted."""

from __future__ import annotations

from contextlib import suppress

from flask import request
from flask_babel import gettext as _

from app.public.basket import Basket
from app.public.uploads import take_uploads
from app.shared import drafts
from app.shared.database import NOT_STORED
from app.shared.drafts import DraftIsGone
from app.web.attachments import Attachment
from app.web.scrubbing import scrub

CLEAN, AS_IT_CAME = "clean", "as-it-came"
REMOVE = "remove:"


def take_files(basket: Basket, input_name: str, *, wanted: bool = False) -> list[str]:
    """Take the files of one input in, without their metadata; return what is wrong with those that can't be taken. ``wanted``: there should be some."""
    if wanted and not any(one.filename for one in request.files.getlist(input_name)):
        return [str(_("Please choose a file first"))]
    return take_uploads(basket, input_name, AS_IT_CAME, prepare=_prepared)


def take_out(basket: Basket, go: str) -> None:
    """Forget the file that a button names."""
    if draft := basket.take_out(go.removeprefix(REMOVE)):
        with suppress(*NOT_STORED):
            drafts.remove(draft)


def let_go(basket: Basket) -> None:
    """Delete the files that have been sent. Where that fails (the disk is full) they go by themselves after some hours, and sent is sent."""
    with suppress(*NOT_STORED):
        basket.empty()


def gone(basket: Basket, error: DraftIsGone) -> str:
    """Say which file isn't there any more, and forget it."""
    lost = basket.take_out(str(error))
    name = lost.name if lost else ""
    return str(_("“%(name)s” isn't there any more. Please add the file again.", name=name))


def _prepared(attachment: Attachment) -> tuple[Attachment, str]:
    scrubbed = scrub(attachment)
    return scrubbed.attachment, CLEAN if scrubbed.clean else AS_IT_CAME
