"""The codes of an incident. Changing one changes what years can be compared: add, don't rename.

Kinds and manners follow the usual distinctions of sexualised harassment and violence in the counselling of associations (verbal, non-verbal,
digital, physical; harassment, coercion, assault).
"""

from __future__ import annotations

KINDS = ("verbal", "non-verbal", "digital", "physical")
MANNERS = ("harassment", "coercion", "assault", "discrimination", "other")
SETTINGS = ("meeting", "online", "event", "office", "private", "unknown")
LEVELS = ("local", "district", "state", "federal", "unknown")
RELATIONS = ("same-level", "office-holder", "employee", "member-to-guest", "outside", "unknown")
REPORTED = ("no", "yes", "unknown")
OUTCOMES = ("open", "listened", "talk", "referred", "measures", "reported", "no-wish")

FIELDS = {
    "kind": KINDS,
    "manner": MANNERS,
    "setting": SETTINGS,
    "level": LEVELS,
    "relation": RELATIONS,
    "reported_before": REPORTED,
    "outcome": OUTCOMES,
}
