"""What becomes of mails, in the reader's language. Words only."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

MAIL_STATES = {
    "sent": lazy_gettext("taken by the mail server"),
    "waiting": lazy_gettext("still to be sent"),
    "sending": lazy_gettext("being sent"),
    "data": lazy_gettext("being handed over"),
    "unclear": lazy_gettext("unclear, needs a decision"),
    "refused": lazy_gettext("refused, address on hold"),
    "unreached": lazy_gettext("not taken after several attempts"),
    "bounced": lazy_gettext("came back, address on hold"),
    "skipped": lazy_gettext("skipped: left meanwhile, or key deactivated"),
    "replaced": lazy_gettext("replaced by a new key"),
}
"""In the order in which they are shown."""


MAIL_LANGUAGES = {
    "de": lazy_gettext("German"),
    "en": lazy_gettext("English"),
    "both": lazy_gettext("German, with English below"),
}
"""What a mail can be written in."""

PLACES = {
    "name": lazy_gettext("the member's name"),
    "key": lazy_gettext("the reference key; not in the subject, which shows on locked screens"),
    "claim_address": lazy_gettext("the address of the claim page"),
    "contact": lazy_gettext("whom members can ask"),
}
"""What is filled into a mail."""


def reason_in_words(code: str) -> str:
    """Why an address is on hold; ``code`` is what the other server said (RFC 5321, RFC 3463)."""
    if code == "address":
        said = _("This is no address that can be mailed to.")
    elif code == "bounce":
        said = _("A mail came back.")
    elif "5.1." in code:
        said = _("The address doesn't exist (%(code)s).", code=code)
    elif "5.2.2" in code:
        said = _("The mailbox is full (%(code)s).", code=code)
    else:
        said = _("The mail server refuses it (%(code)s).", code=code)
    return str(said)
