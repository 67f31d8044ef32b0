"""What stages, events, rules and acts are called in the reader's language. Words only."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.shared.acts import Kind
from compartments.board import models
from compartments.board.applications import letters

STAGES: Mapping[str, object] = {
    models.RECEIVED: _l("Received"),
    models.SCREENING: _l("Screening"),
    models.INTERVIEW: _l("Interview"),
    models.DECISION: _l("Decision"),
    models.OFFERED: _l("Offered"),
    models.APPOINTED: _l("Appointed"),
    models.REJECTED: _l("Rejected"),
    models.WITHDRAWN: _l("Withdrawn"),
}
STAGE_TAGS: Mapping[str, str] = {
    models.RECEIVED: "info",
    models.SCREENING: "face",
    models.INTERVIEW: "face",
    models.DECISION: "face",
    models.OFFERED: "warning",
    models.APPOINTED: "success",
    models.REJECTED: "neutral",
    models.WITHDRAWN: "neutral",
}
EVENTS: Mapping[str, object] = {
    "received": _l("Application received"),
    "message": _l("The applicant wrote"),
    "written": _l("Message sent"),
    "moved": _l("Stage changed"),
    "offered": _l("Offer decided"),
    "accepted": _l("Offer accepted"),
    "declined": _l("Offer declined"),
    "offer-withdrawn": _l("Offer withdrawn"),
    "expired": _l("The offer ran out without an answer"),
    "late-reply": _l("An answer came too late and changed nothing"),
    "refused": _l("The appointment was refused by a rule; nothing was sent"),
    "rejected": _l("Rejected"),
}
RULES: Mapping[str, object] = {
    "strict-offices": _l(
        "Whoever holds one of the strict offices (membership, administration, clearing, counsel) may hold no other of them, and not move to one for some months."
    ),
    "counsel-and-board": _l("Nobody may be a counsellor and a member of the board at the same time."),
}
OFFERS: Mapping[str, object] = {
    "ordered": _l("on its way"),
    "offered": _l("waiting for an answer"),
    "accepted": _l("accepted"),
    "declined": _l("declined"),
    "withdrawn": _l("withdrawn"),
    "refused": _l("refused by a rule"),
    "ended": _l("ended"),
}
STANDING: Mapping[str, tuple[object, str]] = {
    "ordered": (_l("Offer on its way"), "warning"),
    "offered": (_l("Offer open"), "warning"),
    "accepted": (_l("Not enrolled yet"), "info"),
    "enrolled": (_l("Waiting for admission"), "info"),
    "active": (_l("In office"), "success"),
    "declined": (_l("Declined"), "neutral"),
    "withdrawn": (_l("Withdrawn"), "neutral"),
    "refused": (_l("Refused"), "neutral"),
    "ended": (_l("Ended"), "neutral"),
}
POSTING_STATES: Mapping[str, tuple[object, str]] = {
    "draft": (_l("Draft"), "neutral"),
    "published": (_l("Published"), "success"),
    "closed": (_l("Closed"), "neutral"),
}
DEADLINES: Mapping[str, object] = {
    "posting": _l("Deadline of the posting"),
    "offer": _l("Last day to answer the offer"),
    "term": _l("End of a term"),
    "erasure": _l("Applications are erased"),
}
LETTERS: Mapping[str, object] = {
    letters.REJECTION: _l("Rejection"),
    letters.OFFER: _l("Offer"),
    letters.OFFER_WITHDRAWN: _l("Withdrawal of an offer"),
}
ROLES: Mapping[str, object] = {"officer": _l("Officer"), "junior": _l("Junior")}
ACTS: Mapping[str, object] = {
    Kind.VAULT_CREATED: _l("Vault created"),
    Kind.APPOINTED: _l("Appointed"),
    Kind.ENROLLED: _l("Enrolled"),
    Kind.ADMITTED: _l("Admitted"),
    Kind.ENDED: _l("Office ended"),
    Kind.TERM_CHANGED: _l("Term changed"),
    Kind.PASSPHRASE_CHANGED: _l("Passphrase changed"),
    Kind.SECOND_FACTOR_SET: _l("Second factor set up"),
    Kind.SECOND_FACTOR_REMOVED: _l("Second factor removed"),
    Kind.SECOND_FACTOR_RESET: _l("Second factor reset"),
    Kind.LOGGED_OUT_EVERYWHERE: _l("Logged out everywhere"),
    Kind.KEYS_ROTATED: _l("Keys renewed"),
    Kind.RECOVERED: _l("Opened with the recovery shares"),
    Kind.POSTING_PUBLISHED: _l("Posting published"),
    Kind.POSTING_EXTENDED: _l("Deadline of a posting extended"),
    Kind.POSTING_CLOSED: _l("Posting closed"),
    Kind.PERSONS_MERGED: _l("Two persons made one"),
    Kind.NOTICE_PUBLISHED: _l("Maintenance of the platform announced"),
    Kind.NOTICE_WITHDRAWN: _l("Announcement of maintenance withdrawn"),
    Kind.EXPORTED: _l("Exported"),
    Kind.RELEASED: _l("Released"),
}
