"""What applicants read in their mailbox, in their own language. An officer sees a letter before it goes, and may change it."""

from __future__ import annotations

from collections.abc import Mapping

REFUSED, ACCEPTED, WELCOME = "refused", "accepted", "welcome"

TEXTS: Mapping[tuple[str, str], str] = {
    (REFUSED, "de"): """\
Guten Tag {name},

{division} hat Ihren Antrag auf Mitgliedschaft abgelehnt. Die Gründe:

{reason}

Ihre Angaben löschen wir am {date}. Sie können sie bis dahin jederzeit selbst im Postfach löschen.
""",
    (REFUSED, "en"): """\
Hello {name},

{division} has refused your application for membership. The reasons:

{reason}

We erase what you sent us on {date}. Until then you can erase it yourself in the mailbox at any time.
""",
    (ACCEPTED, "de"): """\
Guten Tag {name},

{division} hat Ihren Antrag angenommen. Mit Ihrer ersten Zahlung werden Sie Mitglied; bitte überweisen Sie sie von einem Konto, das auf Ihren Namen läuft.
""",
    (ACCEPTED, "en"): """\
Hello {name},

{division} has accepted your application. With your first payment you become a member; please pay it from an account in your own name.
""",
    (WELCOME, "de"): """\
Guten Tag {name},

Ihre erste Zahlung ist da: Sie sind Mitglied. Ihre Mitgliedsnummer ist {number}. Herzlich willkommen!
""",
    (WELCOME, "en"): """\
Hello {name},

Your first payment has arrived: you are a member. Your member number is {number}. Welcome!
""",
}


def written(kind: str, language: str, **places: str) -> str:
    """Return a letter with its places filled in."""
    text = TEXTS[kind, language]
    for place, value in places.items():
        text = text.replace(f"{{{place}}}", value)
    return text
