"""Rights of persons in the reader's language. Words only."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from compartments.membership.rights import retention

RULES = {
    "vouchers": lazy_gettext("Vouchers of payments, with the payer's name and member number"),
    "proof": lazy_gettext("That and when a request was answered"),
}
TABLES = {
    "person": lazy_gettext("Record in the register"),
    "search_word": lazy_gettext("Words that find the person"),
    "field_change": lazy_gettext("Changes"),
    "read_event": lazy_gettext("When the record was read"),
    "pair": lazy_gettext("Possible duplicates"),
    "blocked_person": lazy_gettext("Keys of the search for duplicates"),
    "merged_person": lazy_gettext("Records that were merged into this one"),
    "merged_change": lazy_gettext("Changes of merged records"),
    "address_hold": lazy_gettext("Address on hold"),
    "message": lazy_gettext("Messages from administration, with the answers"),
    "admission": lazy_gettext("Applications for membership"),
    "admission_letter": lazy_gettext("Letters about applications"),
    "admission_file": lazy_gettext("Files of applications"),
    "kept_field": lazy_gettext("Left over of undone imports"),
    "staged_row": lazy_gettext("Rows of imported lists"),
    "spared_exit": lazy_gettext("Exits that were taken out of full lists"),
    "payment": lazy_gettext("Bookings of dues"),
    "reference_key": lazy_gettext("Reference keys"),
    "invitation": lazy_gettext("Invitations"),
    "taken_back": lazy_gettext("Taken from the lists of leavers again"),
    "rights_request": lazy_gettext("Data requests"),
    "note": lazy_gettext("Notes"),
    "notice": lazy_gettext("Notices"),
    "proposal": lazy_gettext("Proposals"),
    "job": lazy_gettext("Jobs"),
    "batch": lazy_gettext("Lists sent"),
    "reply": lazy_gettext("Answers to messages"),
    "export": lazy_gettext("Exports"),
}
IN_A_REPORT = {
    "person": lazy_gettext("Register"),
    "read_event": lazy_gettext("When your record was read"),
    "payment": lazy_gettext("Payments"),
    "admission": lazy_gettext("Application for membership"),
    "rights_request": lazy_gettext("Your requests"),
    "reference_key": lazy_gettext("Reference keys (without the key itself)"),
}
WHY_NOT = {
    "member": lazy_gettext(
        "This person is a member. What membership needs can't be erased while it lasts: end the membership first."
    ),
    "mail": lazy_gettext(
        "A mail to this person is being sent just now. Please try again when it is through."
    ),
    "import": lazy_gettext(
        "A list is being taken in just now, and the person may be in it. Read it to the end, or drop it, first."
    ),
    "changed": lazy_gettext("The record has changed since. Please look through it again."),
}


def statements() -> dict[str, Any]:
    """What an access report says besides the data (Art. 15(1) GDPR)."""
    return {
        "purposes": [
            _("Keeping the membership, its dues and the right to vote (Art. 6(1)(b), Art. 9(2)(d) GDPR)"),
            _("Accounting (%(law)s)", law=retention.vouchers().law),
        ],
        "recipients": [_("The support desk: name, e-mail address, division, once, for the welcome")],
        "kept": [
            {"what": str(RULES[rule.what]), "years": rule.years, "law": rule.law}
            for rule in retention.rules()
        ],
        "rights": _(
            "You can ask for correction (Art. 16), erasure (Art. 17), restriction (Art. 18) and a copy to take along (Art. 20), "
            "and complain to a data protection authority (Art. 77)."
        ),
    }


def kind_names() -> dict[str, str]:
    """What is asked for, in words."""
    return {"access": _("Access"), "correction": _("Correction"), "erasure": _("Erasure")}


def report_words() -> dict[str, Any]:
    """The report's headings, and its tables and fields, in the reader's language."""
    return {
        "title": _("What we keep of you"),
        "purposes": _("What for"),
        "recipients": _("Who gets any of it"),
        "kept": _("What the law makes us keep"),
        "years": _("years"),
        "tables": {name: str(label) for name, label in {**TABLES, **IN_A_REPORT}.items()},
    }
