"""Which column holds which field: guessed from the names that lists are known to have, and kept for the next list of the same kind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from compartments.membership.folding import fold
from compartments.membership.imports.cells import READ
from compartments.membership.settings import every, forget, keep
from compartments.membership.tables import OFFICE

KIND = "import-mapping"
DIVISIONS = ("division_state", "division_district", "division_county", "division")
"""Columns that name divisions from the top of the tree down; together they lead to one."""
TARGETS = (*READ, *DIVISIONS)

# As the accounting export of parties calls them, and as people do. Compared without case, umlauts and signs.
KNOWN: dict[str, tuple[str, ...]] = {
    "member_number": (
        "USER_Mitgliedsnummer",
        "Mitgliedsnummer",
        "Mitglied-Nr",
        "MitgliedsNr",
        "Nummer",
        "number",
        "member number",
    ),
    "last_name": ("Name1", "Nachname", "Familienname", "Name", "last name", "surname"),
    "first_name": ("Name2", "Vorname", "Vornamen", "first name", "first names", "given name"),
    "birth_date": (
        "USER_Geburtsdatum",
        "Geburtsdatum",
        "Geburtstag",
        "geboren",
        "date of birth",
        "birth date",
    ),
    "street": (
        "LieferStrasse",
        "Strasse",
        "Straße und Hausnummer",
        "Anschrift",
        "street",
        "street and number",
    ),
    "postcode": ("LieferPLZ", "PLZ", "Postleitzahl", "postcode", "zip"),
    "city": ("LieferOrt", "Ort", "Wohnort", "Stadt", "city", "town"),
    "country": ("LieferLand", "Land", "Staat", "country"),
    "email": ("EMail", "E-Mail", "Mail", "E-Mail-Adresse", "email address"),
    "phone": ("Telefon", "Tel", "Telefonnummer", "Mobil", "Handy", "phone"),
    "language": ("Sprache", "Korrespondenzsprache", "Mailsprache", "language", "language of mails"),
    "citizenship": ("USER_Staatsangehoerigkeit", "Staatsangehörigkeit", "Staatsbürgerschaft", "citizenship"),
    "division_state": ("USER_LV", "LV", "Landesverband", "state"),
    "division_district": ("USER_Bezirk", "Bezirk", "Bezirksverband", "district"),
    "division_county": ("USER_Kreis", "Kreis", "Kreisverband", "KV", "county"),
    "division": ("Gliederung", "Verband", "Ortsverband", "division"),
    "dues_cents": ("USER_Beitrag", "Beitrag", "Jahresbeitrag", "dues", "dues per year"),
    "dues_every": ("Zahlweise", "Zahlungsweise", "pays"),
    "reduced_cents": ("ermäßigter Beitrag", "reduced dues"),
    "reduced_until": ("ermäßigt bis", "reduced until"),
    "reduction_reason": ("Ermäßigungsgrund",),
    "entered_on": (
        "USER_Eintrittsdatum",
        "Eintrittsdatum",
        "Eintritt",
        "Mitglied seit",
        "date of entry",
        "entered",
    ),
    "left_on": ("USER_Austrittsdatum", "Austrittsdatum", "Austritt", "date of exit", "left"),
    "exit_reason": ("USER_Austrittsgrund", "Austrittsgrund", "reason for the exit"),
    "may_vote": ("USER_zStimmberechtigung", "Stimmberechtigung", "stimmberechtigt", "entitled to vote"),
    "voting_by": ("festgestellt durch", "determined by"),
    "voting_on": ("festgestellt am", "determined on"),
    "consent_news_on": ("Newsletter seit",),
    "consent_phone_on": ("Telefon erlaubt seit",),
    "notes": ("Bemerkung", "Bemerkungen", "Notiz", "Notizen", "notes"),
}


def _bare(name: str) -> str:
    return "".join(sign for sign in fold(name) if sign.isalnum())


_BY_NAME = {_bare(name): target for target, names in KNOWN.items() for name in names}


def guess(columns: Sequence[str]) -> dict[str, int]:
    """Return field -> place of its column: that of the kept mapping that fits these columns best, and otherwise by known names."""
    fitting = [
        (len(fit), name, fit)
        for name, kept in saved().items()
        if (fit := _fit(kept, columns)) and len(fit) == len(kept)
    ]
    if fitting:
        return max(fitting)[2]
    found: dict[str, int] = {}
    for place, name in enumerate(columns):
        target = _BY_NAME.get(_bare(name))
        if target:
            found.setdefault(target, place)
    return found


def _fit(kept: Mapping[str, str], columns: Sequence[str]) -> dict[str, int]:
    places = {name: place for place, name in reversed(list(enumerate(columns)))}
    return {target: places[name] for target, name in kept.items() if name in places and target in TARGETS}


def saved() -> dict[str, dict[str, str]]:
    """Return the kept mappings by their names: field -> name of the column."""
    return every(OFFICE, KIND)


def save(name: str, mapping: Mapping[str, int], columns: Sequence[str]) -> None:
    """Keep a mapping under a name for the next list."""
    keep(OFFICE, KIND, name, {target: columns[place] for target, place in mapping.items()})


def remove(name: str) -> None:
    """Forget a kept mapping."""
    forget(OFFICE, KIND, name)


def read(text: str) -> dict[str, int]:
    """Read a mapping as an import keeps it."""
    found: dict[str, int] = json.loads(text)
    return found
