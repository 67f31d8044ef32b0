"""What the audit's numbers and rules are called, in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

NAMES = {
    ("membership", "keys"): _l("Reference keys received"),
    ("membership", "assigned"): _l("of these, with a member"),
    ("membership", "free"): _l("of these, not yet given out"),
    ("membership", "deactivated"): _l("of these, deactivated"),
    ("membership", "urgent"): _l("Locked at once, apart from the regular lists"),
    ("clearing", "issued"): _l("Pairs issued"),
    ("clearing", "claimed"): _l("of these, claimed"),
    ("clearing", "open"): _l("of these, still open"),
    ("clearing", "deactivated"): _l("of these, deactivated"),
    ("clearing", "deactivated_claimed"): _l("claimed before they were deactivated"),
    ("administration", "codes"): _l("Invite codes received"),
    ("administration", "accounts"): _l("Accounts on the platform"),
    ("administration", "locked"): _l("Codes and accounts locked"),
    ("administration", "deactivated"): _l("Invite codes deactivated"),
}

RULES = {
    "issued-parts": _l("Clearing: every pair is claimed, open or deactivated"),
    "keys-issued": _l("Membership has received as many keys as clearing has issued"),
    "keys-parts": _l("Membership: every key is with a member, free or deactivated"),
    "codes-issued": _l("The administration knows as many codes as clearing has issued"),
    "accounts-claimed": _l("There are no more accounts than keys were ever claimed"),
    "keys-deactivated": _l("Membership and clearing have deactivated the same number"),
    "codes-deactivated": _l("The administration has deactivated no more codes than clearing"),
}

PARTS = {"claimed": _l("Claimed"), "open": _l("Open"), "deactivated": _l("Deactivated")}
