"""What somebody in counsel says, sealed so that only the counsellors they chose read it. Knows no Flask.

The content is sealed under the case's key, the key to each chosen counsellor's own public key (a slot), and all of it once more to the
compartment, so that in the shared layer not even the number of slots shows. Everybody who could have been chosen gets a slot; in the slot
of somebody who wasn't chosen nothing is that they could open, and it looks like the others.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.crossings import COVERED_BYTES
from app.envelopes.package import Beside, Enclosed, Enclosure, File, Pieces, beside, in_memory, pack, unpack
from app.shared.counsellors import Counsellor
from keys import cases
from keys.padding import pad, unpad
from keys.randomness import shuffle
from keys.sealing import SealingKey, SealingKeyPair, bind, open_sealed, seal
from keys.signing import VerifyKey
from keys.symmetric import open_with, seal_with
from keys.visits import VisitKeys

FIRST_EPOCH = 1
CONTENT = "content"
ERASED_AFTER = timedelta(days=14)
"""What the person asks to be erased goes by itself so long after a counsellor has read it, unless a law asks to keep it."""
UNREAD_FOR = timedelta(days=14)
"""So long a due case waits for a reader, who can tell the person. After that anybody's visit erases it, unread."""
_SIGNATURE_BYTES = 64
_AROUND = 8 * 1024
"""What keys, descriptions of files, seals and padding take at most in an envelope as long as its cover."""
_ROOMY = 24 * 1024
"""A longer package is compressed: signs of some scripts take four bytes, and by its length nobody shall see that somebody wrote much. What is
sealed here has one length, so that compressing gives nothing away."""
_COMPRESSED = b"\x78"
"""With what zlib begins (RFC 1950), and no package, since it would be 1.9 GB long."""
_MOST = 1024 * 1024


def slots(
    case_key: bytes, visit: VisitKeys, readers: Sequence[Counsellor], all_of_them: Sequence[Counsellor]
) -> list[str]:
    """Return one slot per counsellor, in no order, as hexadecimal signs."""
    chosen = {one.account for one in readers}
    made = [
        cases.seal_slot(case_key, case=visit.case, epoch=FIRST_EPOCH, to=one.sealing_key)
        if one.account in chosen
        else cases.blind_slot(case=visit.case, epoch=FIRST_EPOCH)
        for one in all_of_them
    ]
    return [slot.hex() for slot in shuffle(made)]


def room(files: Sequence[Enclosure], *said: Mapping[str, Any]) -> int:
    """How many bytes of files go into an envelope as long as its cover, besides what is said. What is larger lies beside it and shows."""
    if not files:
        return 0
    return max(0, COVERED_BYTES - _AROUND - sum(len(written(one)) for one in said))


def intake(
    case_key: bytes, visit: VisitKeys, said: Mapping[str, Any], files: Sequence[Enclosure], *, room: int
) -> tuple[File, Beside | None]:
    """Seal what opens a case, with what the counsellors need for answering. Returns the envelope's one file, and what lies beside it."""
    header = {
        **said,
        "sealing_key": visit.sealing.public.to_bytes().hex(),
        "signing_key": visit.signing.public.to_bytes().hex(),
        "answers": visit.answers.hex(),
    }
    content, large = _packed(header, files, room, signed=False)
    sealed = seal_with(case_key, pad(content), info=_intake_context(visit.case))
    return File(CONTENT, "application/octet-stream", sealed), large


def letter(
    visit: VisitKeys, inbox: SealingKey, envelope_id: str, said: Mapping[str, Any], files: Sequence[Enclosure]
) -> tuple[File, Beside | None]:
    """Sign and seal what somebody writes who has come back, to the case's inbox. Returns the envelope's one file, and what lies beside it."""
    content, large = _packed(said, files, room(files, said), signed=True)
    context = _letter_context(visit.case, envelope_id)
    signature = visit.signing.sign(content, context=context)
    sealed = seal(pad(signature + content), inbox, info=context)
    return File(CONTENT, "application/octet-stream", sealed), large


def open_intake(
    sealed: bytes, case_key: bytes, case: str, pieces: Pieces = tuple
) -> tuple[dict[str, Any], list[Enclosed]]:
    """Open what opened a case, with the ``pieces`` that lay beside it. Raises :class:`keys.errors.CannotOpen`, and ``ValueError`` where it is no package."""
    return _unpacked(unpad(open_with(case_key, sealed, info=_intake_context(case))), pieces)


def open_letter(
    sealed: bytes,
    inbox: SealingKeyPair,
    signer: VerifyKey,
    case: str,
    envelope_id: str,
    pieces: Pieces = tuple,
) -> tuple[dict[str, Any], list[Enclosed]]:
    """Open a later letter. Raises CannotOpen, BadSignature (:mod:`keys.errors`), and ``ValueError`` where it is no package."""
    context = _letter_context(case, envelope_id)
    plain = unpad(open_sealed(sealed, inbox, info=context))
    signature, content = plain[:_SIGNATURE_BYTES], plain[_SIGNATURE_BYTES:]
    signer.verify(signature, content, context=context)
    return _unpacked(content, pieces)


def written(content: Mapping[str, Any]) -> bytes:
    """Write down what is left in a drop: for the person to read, or by them for themselves."""
    return json.dumps(dict(content), ensure_ascii=False).encode()


def _packed(
    header: Mapping[str, Any], files: Sequence[Enclosure], room: int, *, signed: bool
) -> tuple[bytes, Beside | None]:
    large = beside(files, room)
    content = pack(header, () if large else in_memory(files), large=large, signed=signed)
    return content if len(content) <= _ROOMY else min(content, zlib.compress(content, 1), key=len), large


def _unpacked(content: bytes, pieces: Pieces) -> tuple[dict[str, Any], list[Enclosed]]:
    """Read a package. Raises ``ValueError`` for one that becomes far larger than anybody can write."""
    if not content.startswith(_COMPRESSED):
        return unpack(content, pieces)
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(content, _MOST)
    except zlib.error as error:
        raise ValueError("this isn't compressed as it says") from error
    if not inflating.eof:
        raise ValueError("too much, or not all of it")
    return unpack(plain, pieces)


def _intake_context(case: str) -> bytes:
    return bind("counsel-intake", case)


def _letter_context(case: str, envelope_id: str) -> bytes:
    return bind("counsel-letter", case, envelope_id)
