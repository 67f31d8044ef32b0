"""What speaks for and against two records being one person, in the reader's language. Words only."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from compartments.membership.duplicates.scoring import LIKELY, VERY_LIKELY

REASONS = {
    "last-same": lazy_gettext("same last name"),
    "last-part": lazy_gettext("part of the last name is the same"),
    "last-sounds": lazy_gettext("last name sounds alike"),
    "last-similar": lazy_gettext("last name is similar"),
    "last-differs": lazy_gettext("another last name"),
    "first-same": lazy_gettext("same first name"),
    "first-sounds": lazy_gettext("first name sounds alike"),
    "first-similar": lazy_gettext("first name is similar"),
    "first-short": lazy_gettext("first name begins alike"),
    "first-differs": lazy_gettext("another first name"),
    "names-swapped": lazy_gettext("first and last name swapped"),
    "names-crossed": lazy_gettext("first name of one is the last name of the other"),
    "birth-same": lazy_gettext("same date of birth"),
    "birth-swapped": lazy_gettext("day and month of birth swapped"),
    "birth-typo": lazy_gettext("one digit of the date of birth differs"),
    "birth-near": lazy_gettext("dates of birth are close"),
    "birth-differs": lazy_gettext("another date of birth"),
    "email-same": lazy_gettext("same e-mail address"),
    "email-similar": lazy_gettext("e-mail address is similar"),
    "email-differs": lazy_gettext("another e-mail address"),
    "address-same": lazy_gettext("same postal address"),
    "address-similar": lazy_gettext("postal address is similar"),
    "street-same": lazy_gettext("same street and number in another place"),
    "address-differs": lazy_gettext("another postal address"),
}
AGAINST = frozenset(reason for reason in REASONS if reason.endswith("-differs"))


def for_it(reasons: Iterable[str]) -> list[str]:
    """What speaks for one person."""
    return [str(REASONS[reason]) for reason in reasons if reason in REASONS and reason not in AGAINST]


def against_it(reasons: Iterable[str]) -> list[str]:
    """What speaks for two."""
    return [str(REASONS[reason]) for reason in reasons if reason in AGAINST]


def grade(percent: int) -> tuple[str, str]:
    """How likely a score makes it: in words, and the kind of its tag."""
    if percent >= VERY_LIKELY:
        return _("very likely"), "danger"
    return (_("likely"), "warning") if percent >= LIKELY else (_("possible"), "neutral")
