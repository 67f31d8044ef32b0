"""Letters to applicants that the board doesn't write from nothing: what comes with the program, and the board's own wording.

They are in the applicant's language, not the reader's, so they stand here and not in the catalogue of translations. A letter is filled in when
it is put before an officer, who may change every word of it before it goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from compartments.board.models import LetterTemplate

REJECTION, OFFER, OFFER_WITHDRAWN = "rejection", "offer", "offer-withdrawn"
KINDS = (REJECTION, OFFER, OFFER_WITHDRAWN)
LANGUAGES = ("de", "en")
PLACES = ("name", "posting", "organisation", "date")
"""What a template may leave open, each in braces. ``date`` is the day of erasure, or the last day to answer an offer."""

DEFAULTS: Mapping[tuple[str, str], str] = {
    (REJECTION, "de"): """\
Guten Tag {name},

vielen Dank für Ihre Bewerbung für „{posting}“ und für die Zeit, die Sie sich dafür genommen haben.

Wir haben uns dieses Mal für andere entschieden. Das ist kein Urteil über Sie: Für die Plätze haben sich mehr Menschen beworben, als wir aufnehmen können.

Über eine neue Bewerbung für eine andere Ausschreibung würden wir uns freuen. Ihre Angaben löschen wir am {date}; Sie können sie im Postfach jederzeit vorher selbst zurückziehen.

Mit freundlichen Grüßen
{organisation}
""",
    (REJECTION, "en"): """\
Hello {name},

Thank you for applying for “{posting}”, and for the time you put into it.

This time we have chosen others. That is no judgement on you: more people applied than we have seats for.

We would be glad to see you apply for another posting. We erase what you sent us on {date}; until then you can withdraw it yourself in your mailbox at any time.

Kind regards
{organisation}
""",
    (OFFER, "de"): """\
Guten Tag {name},

wir freuen uns, Ihnen „{posting}“ anzubieten.

Bitte sagen Sie uns bis zum {date}, ob Sie annehmen; die beiden Knöpfe dazu stehen unter dieser Nachricht. Wie es nach Ihrer Zusage weitergeht, sehen Sie gleich danach.

Mit freundlichen Grüßen
{organisation}
""",
    (OFFER, "en"): """\
Hello {name},

We are glad to offer you “{posting}”.

Please tell us by {date} whether you accept; the two buttons are below this message. What comes next is shown as soon as you have accepted.

Kind regards
{organisation}
""",
    (OFFER_WITHDRAWN, "de"): """\
Guten Tag {name},

leider müssen wir unser Angebot für „{posting}“ zurückziehen. Wir bedauern das sehr und melden uns, sobald wir mehr sagen können.

Mit freundlichen Grüßen
{organisation}
""",
    (OFFER_WITHDRAWN, "en"): """\
Hello {name},

We are sorry that we have to withdraw our offer of “{posting}”. We will write again as soon as we can say more.

Kind regards
{organisation}
""",
}


def template(kind: str, language: str) -> str:
    """Return the board's own wording, or else the one that comes with the program."""
    own = LetterTemplate.get_or_none(LetterTemplate.kind == kind, LetterTemplate.language == language)
    return str(own.text) if own else DEFAULTS[kind, language]


def is_own(kind: str, language: str) -> bool:
    """Whether the board has its own wording of this letter."""
    return (
        LetterTemplate.select()
        .where(LetterTemplate.kind == kind, LetterTemplate.language == language)
        .exists()
    )


def filled_in(kind: str, language: str, places: Mapping[str, str]) -> str:
    """Return the letter with its places filled; one that isn't given stays visible in its braces."""
    text = template(kind, language)
    for place, value in places.items():
        text = text.replace(f"{{{place}}}", value)
    return text


def change(kind: str, language: str, text: str) -> None:
    """Keep the board's own wording; an empty text brings back the program's."""
    if kind not in KINDS or language not in LANGUAGES:
        raise ValueError("there is no such letter")
    if text.strip() and text.strip() != DEFAULTS[kind, language].strip():
        LetterTemplate.insert(kind=kind, language=language, text=text).on_conflict_replace().execute()
    else:
        LetterTemplate.delete().where(
            LetterTemplate.kind == kind, LetterTemplate.language == language
        ).execute()
