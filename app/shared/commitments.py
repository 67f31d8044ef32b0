"""The commitment to confidentiality: its versions, and the signature that is the gate to an account.

The signature is made with the signing key of the account that is being made, over the exact text shown. Whoever admits the officer verifies
it before sealing the vault's key to the same public keys: without a valid signature there is nothing to seal to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from app.shared.models import Commitment, CommitmentText
from keys.errors import BadSignature
from keys.identity import KeyPairs, PublicKeys
from keys.randomness import new_id
from keys.sealing import bind

FIRST_TEXTS = {
    "de": """\
Ich übernehme ein Ehrenamt, in dem mir vertrauliche Angaben bekannt werden. Ich verpflichte mich:

1. Was ich in dieser Stelle erfahre, verwende ich nur für ihre Aufgaben und gebe es an niemanden weiter, der nicht zur selben Stelle gehört – auch nicht an andere Stellen, an den Vorstand oder an Angehörige.
2. Ich versuche nicht, Personen mit Pseudonymen, Schlüsseln oder Konten zusammenzuführen, und helfe niemandem dabei.
3. Meinen Zugang benutze nur ich. Passwort und zweiten Faktor teile ich mit niemandem. Geht etwas davon verloren, melde ich das sofort.
4. Ich fertige keine Kopien außerhalb des Programms an, außer wenn die Aufgabe es verlangt, und vernichte sie danach.
5. Diese Pflicht gilt nach dem Ende meines Ehrenamts weiter, ohne zeitliche Grenze.

Mir ist bekannt, dass Verstöße nach der Datenschutz-Grundverordnung und dem Strafrecht verfolgt werden können und zum Verlust des Amtes führen.
""",
    "en": """\
I am taking on a voluntary office in which I learn confidential matters. I commit myself:

1. I use what I learn in this office only for its tasks and pass it on to nobody outside the same office – not to other offices, not to the board, not to relatives.
2. I do not try to tie persons to pseudonyms, keys or accounts, and help nobody to do so.
3. I alone use my access. I share passphrase and second factor with nobody. If any of it is lost, I report it at once.
4. I make no copies outside the program unless the task demands it, and destroy them afterwards.
5. This duty continues after the end of my office, without limit of time.

I know that breaches can be prosecuted under the General Data Protection Regulation and criminal law, and lead to the loss of the office.
""",
}


class CommitmentNotSigned(Exception):
    """There is no valid signature under a commitment for these public keys."""


@dataclass(frozen=True)
class Shown:
    """The text that a person is shown before signing."""

    version: int
    language: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return sha256(self.text.encode()).hexdigest()


def in_force(language: str, day: date) -> Shown:
    """Return the newest version in force on ``day``, in ``language`` or else in German."""
    row = (
        CommitmentText.select()
        .where(CommitmentText.in_force_from <= day)
        .order_by(CommitmentText.version.desc())
        .get()
    )
    language = language if language in row.texts else "de"
    return Shown(row.version, language, row.texts[language])


def sign(shown: Shown, *, assignment: str, name: str, keys: KeyPairs, day: date) -> Commitment:
    """Sign ``shown`` for an assignment and store it; call it inside the enrolment's transaction."""
    signature = keys.signing.sign(
        _statement(assignment, shown.version, shown.digest, name, day), context=bind("commitment")
    )
    return Commitment.create(
        id=new_id(),
        assignment=assignment,
        version=shown.version,
        language=shown.language,
        text_sha256=shown.digest,
        signed_name=name,
        signed_on=day,
        signature=signature,
    )


def verify(commitment: Commitment, public_keys: PublicKeys) -> None:
    """Check signature and text; raises :class:`CommitmentNotSigned`."""
    text = CommitmentText.get_by_id(commitment.version_id).texts.get(commitment.language, "")
    if sha256(text.encode()).hexdigest() != commitment.text_sha256:
        raise CommitmentNotSigned("the signed text is not the published one")
    statement = _statement(
        commitment.assignment_id,
        commitment.version_id,
        commitment.text_sha256,
        commitment.signed_name,
        commitment.signed_on,
    )
    try:
        public_keys.signing.verify(bytes(commitment.signature), statement, context=bind("commitment"))
    except BadSignature as error:
        raise CommitmentNotSigned("the signature doesn't verify") from error


def _statement(assignment: str, version: int, digest: str, name: str, day: date) -> bytes:
    return json.dumps([assignment, version, digest, name, day.isoformat()], ensure_ascii=False).encode()
