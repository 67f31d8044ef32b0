"""What becomes of a mailed message, in the reader's language. Words only."""

from __future__ import annotations

from flask_babel import lazy_gettext

RELAY_MAIL_STATES = {
    "sent": lazy_gettext("taken by the mail server"),
    "waiting": lazy_gettext("still to be sent"),
    "sending": lazy_gettext("being sent"),
    "data": lazy_gettext("being handed over"),
    "unclear": lazy_gettext("unclear, needs a decision"),
    "refused": lazy_gettext("refused by the mail server"),
    "unreached": lazy_gettext("not taken after several attempts"),
    "bounced": lazy_gettext("came back"),
    "replaced": lazy_gettext("never arrived, another one may be sent"),
}
