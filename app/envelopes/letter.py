"""What is inside an envelope, and its encoding: sealed to the recipient, signed by the sending compartment, padded.

Layout before padding and sealing: signature (64 bytes, zero for public senders) | package (:mod:`app.envelopes.package`) of number, body and
files. Where the files are large, they lie beside the envelope, under a key that stands in the package. Type, sender, recipient and the
envelope's id are in the HPKE ``info`` and in the signature's context, so none of them can be exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.crossings import Crossing
from app.envelopes.package import Beside, Enclosed, File, MalformedPackage, Pieces, in_memory, pack, unpack
from app.offices import kind_of
from keys.errors import BadSignature
from keys.padding import pad, unpad
from keys.sealing import SealingKey, SealingKeyPair, bind, open_sealed, seal
from keys.signing import SigningKeyPair, VerifyKey

SIGNATURE_BYTES = 64
HIGHEST_NUMBER = 2**40
NO_SIGNATURE = b"\x00" * SIGNATURE_BYTES

__all__ = ["File", "Letter", "MalformedLetter", "open_letter", "seal_letter"]


class MalformedLetter(ValueError):
    """An envelope opened, but what is inside isn't what its type says."""


@dataclass(frozen=True)
class Letter:
    """The content of one envelope. ``number`` counts what this sender sent to this recipient; 0 from the public.

    ``pieces`` gives what lies beside the envelope that it came in.
    """

    envelope_id: str
    crossing: Crossing
    sender: str
    recipient: str
    number: int
    body: Mapping[str, Any] = field(repr=False)
    files: Sequence[Enclosed] = field(default=(), repr=False)
    pieces: Pieces = field(default=tuple, repr=False, compare=False)


def seal_letter(
    letter: Letter, to: SealingKey, signer: SigningKeyPair | None, large: Beside | None = None
) -> bytes:
    """Seal a letter; ``large`` are the files that will lie beside it, in place of its own.

    Raises :class:`MalformedLetter` where its fields aren't exactly those that its type lists.
    """
    _check(letter)
    if large and not letter.crossing.files:
        raise MalformedLetter(f"{letter.crossing.type} carries no files")
    return seal(_padded(letter, signer, large), to, info=_context(letter.crossing, letter))


def open_letter(
    sealed: bytes,
    keys: SealingKeyPair,
    *,
    crossing: Crossing,
    envelope_id: str,
    sender: str,
    recipient: str,
    signers: Sequence[VerifyKey],
    pieces: Pieces = tuple,
) -> Letter:
    """Open an envelope as one type. ``signers`` are the sender's keys, newest first; empty for the public. ``pieces`` gives what lies beside it.

    Raises :class:`keys.errors.CannotOpen` (not of this type, or not for this recipient), :class:`keys.errors.BadSignature` and
    :class:`MalformedLetter`.
    """
    empty = Letter(envelope_id, crossing, sender, recipient, 0, {}, pieces=pieces)
    info = _context(crossing, empty)
    plain = unpad(open_sealed(sealed, keys, info=info), floor=crossing.floor)
    signature, content = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    if signers:
        _verify(signature, content, info, signers)
    letter = _decode(content, empty)
    _check(letter)
    return letter


def _padded(letter: Letter, signer: SigningKeyPair | None, large: Beside | None) -> bytes:
    header = {"number": letter.number, "body": dict(letter.body)}
    content = pack(header, in_memory(letter.files), large=large, signed=signer is not None)
    signature = signer.sign(content, context=_context(letter.crossing, letter)) if signer else NO_SIGNATURE
    return pad(signature + content, floor=letter.crossing.floor)


def _verify(signature: bytes, content: bytes, info: bytes, signers: Sequence[VerifyKey]) -> None:
    for signer in signers:
        try:
            signer.verify(signature, content, context=info)
        except BadSignature:
            continue
        return
    raise BadSignature("no key of the sender verifies the signature")


def _context(crossing: Crossing, letter: Letter) -> bytes:
    return bind("envelope", crossing.type, letter.sender, letter.recipient, letter.envelope_id)


def _check(letter: Letter) -> None:
    if set(letter.body) != letter.crossing.fields:
        raise MalformedLetter(f"{letter.crossing.type}: the fields are not those of the type")
    if letter.files and not letter.crossing.files:
        raise MalformedLetter(f"{letter.crossing.type} carries no files")
    if letter.recipient and kind_of(letter.recipient) != letter.crossing.recipient:
        raise MalformedLetter(f"{letter.crossing.type} doesn't go to {letter.recipient}")


def _decode(content: bytes, empty: Letter) -> Letter:
    try:
        header, files = unpack(content, empty.pieces)
        body, number = header["body"], header["number"]
    except (KeyError, MalformedPackage) as error:
        raise MalformedLetter("the header can't be read") from error
    if not isinstance(body, dict) or not isinstance(number, int) or not 0 <= number <= HIGHEST_NUMBER:
        raise MalformedLetter("no body or no number")
    return replace(empty, number=number, body=body, files=files)
