"""The wording of invitation mails: the program's own and the office's, with places that are filled in. Knows no Flask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from compartments.membership.invitations.models import Invitation, MailText
from compartments.membership.settings import change, kept
from compartments.membership.tables import OFFICE, Person

NAME, KEY, CLAIM_ADDRESS, CONTACT, LANGUAGE = "name", "key", "claim_address", "contact", "language"
PLACES = (NAME, KEY, CLAIM_ADDRESS, CONTACT)
SETTINGS = "invitations"
GERMAN, ENGLISH, BOTH = "de", "en", "both"
LANGUAGES = (GERMAN, ENGLISH, BOTH)
"""What somebody gets whose own language nobody knows. ``both``: German, with English below."""
NEEDED = (KEY, CLAIM_ADDRESS)
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")
RULER = "\n\n" + "-" * 40 + "\n\n"


@dataclass(frozen=True)
class Wording:
    """A mail's subject and text, with places in braces."""

    subject: str
    text: str


PROGRAM = {
    "de": Wording(
        "Ihr Zugang zur Beteiligungsplattform",
        """Guten Tag {name},

als Mitglied können Sie auf unserer Plattform mitentscheiden. Ihr persönlicher Referenzschlüssel lautet:

    {key}

So geht es weiter:
1. Öffnen Sie {claim_address}
2. Geben Sie dort den Schlüssel ein. Sie sehen dann einmal Ihren Einladungscode.
3. Melden Sie sich mit dem Code auf der Plattform an. Den Namen, unter dem Sie dort auftreten, wählen Sie selbst.

Geben Sie den Schlüssel nicht weiter. Er gilt nur einmal, und niemand bei uns kann sehen, welches Konto zu Ihnen gehört.
Ist der Schlüssel verloren gegangen oder klappt etwas nicht? Schreiben Sie an {contact}.

Viele Grüße
Ihre Mitgliederverwaltung
""",
    ),
    "en": Wording(
        "Your access to the participation platform",
        """Hello {name},

as a member you can take part in decisions on our platform. This is your personal reference key:

    {key}

What comes next:
1. Open {claim_address}
2. Enter the key there. You will see your invite code, once.
3. Register on the platform with the code. You choose the name under which you appear there.

Please don't pass the key on. It works once, and nobody here can see which account is yours.
Has the key got lost, or does something not work? Write to {contact}.

Kind regards,
your membership office
""",
    ),
}


class BadWording(ValueError):
    """The wording can't be used. ``unknown`` are places that don't exist, ``missing`` ones that have to be there."""

    def __init__(self, unknown: list[str], missing: list[str]) -> None:
        super().__init__(f"unknown: {unknown}, missing: {missing}")
        self.unknown = unknown
        self.missing = missing


def check(wording: Wording) -> None:
    """Raise :class:`BadWording` for a place that doesn't exist, and where the key or the address is missing from the text.

    The key may not stand in the subject, which mail programs show on locked screens.
    """
    used = _PLACE.findall(wording.text)
    unknown = [place for place in used if place not in PLACES]
    unknown += [place for place in _PLACE.findall(wording.subject) if place != NAME]
    missing = [place for place in NEEDED if place not in used]
    if unknown or missing:
        raise BadWording(list(dict.fromkeys(unknown)), missing)


def wording(language: str) -> Wording:
    """Return the wording in force: the office's own, or the program's."""
    own = MailText.get_or_none(MailText.language == language)
    return Wording(own.subject, own.text) if own else PROGRAM[language]


def save(language: str, new: Wording) -> None:
    """Keep the office's own wording; both fields empty brings the program's back. Raises :class:`BadWording`, ``KeyError``."""
    if new == Wording("", "") or new == PROGRAM[language]:
        MailText.delete().where(MailText.language == language).execute()
        return
    check(new)
    MailText.insert(language=language, subject=new.subject, text=new.text).on_conflict_replace().execute()


def settings() -> dict[str, str]:
    """Return what is set for all mails, by name: address of the claim page and whom to ask (empty where nobody has filled it in), and language."""
    known = kept(OFFICE, SETTINGS) or {}
    return {name: known.get(name, "") for name in (CLAIM_ADDRESS, CONTACT)} | {
        LANGUAGE: known.get(LANGUAGE, GERMAN)
    }


def save_settings(values: Mapping[str, str]) -> None:
    """Keep what is set for all mails; what isn't named stays. Raises ``ValueError`` for a language that there is not."""
    if values.get(LANGUAGE, GERMAN) not in LANGUAGES:
        raise ValueError(values[LANGUAGE])
    change(OFFICE, SETTINGS, values)


def language_for(own: str) -> str:
    """Return in which language somebody is mailed to: their own, or what is set for all whose own nobody knows."""
    return own or settings()[LANGUAGE]


def are_complete() -> bool:
    """Whether a mail could be written now."""
    return all(settings().values())


def languages_of(run_id: str) -> list[str]:
    """Return in which languages a run's mails are written, what most get first."""
    rows: Any = Invitation.select(Person.language).join(Person).where(Invitation.run == run_id)
    ordered = rows.group_by(Person.language).order_by(fn.COUNT(Invitation.id).desc(), Person.language)
    return list(dict.fromkeys(language_for(own) for (own,) in ordered.tuples()))


def together(german: Wording, english: Wording) -> Wording:
    """One mail in both languages."""
    return Wording(f"{german.subject} / {english.subject}", german.text.rstrip() + RULER + english.text)


def filled(language: str, *, name: str, key: str) -> Wording:
    """Fill the places in; "both" is German with English below."""
    if language == BOTH:
        german, english = (filled(one, name=name, key=key) for one in (GERMAN, ENGLISH))
        return together(german, english)
    values = {NAME: name, KEY: key, **settings()}
    chosen = wording(language)
    # One pass, so that braces in somebody's name stay what they are.
    subject = _PLACE.sub(lambda place: values[place.group(1)], chosen.subject)
    return Wording(" ".join(subject.split()), _PLACE.sub(lambda place: values[place.group(1)], chosen.text))
