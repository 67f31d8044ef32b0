"""Takes waiting envelopes into the open vault: each exactly once, whatever crashes and whoever else is doing the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from peewee import InterfaceError, OperationalError

from app import faultpoints, pieces
from app.binding import NotOpen
from app.clock import utc_now
from app.crossings import COVERED_BYTES, PUBLIC_SENDER, to_recipient
from app.envelopes.directory import BrokenChain, PinnedKeys, follow
from app.envelopes.letter import Letter, MalformedLetter, open_letter
from app.offices import kind_of
from app.shared import cover
from app.shared.models import Envelope, EnvelopePiece
from app.vault.context import any_vault, current_vault
from app.vault.models import Alarm, ImportedEnvelope, OwnKeys, Pin, RefusedEnvelope, RefusedPiece, Sequence
from keys.errors import BadSignature, CannotOpen
from keys.identity import KeyPairs, PublicKeys
from keys.signing import VerifyKey

log = logging.getLogger(__name__)
Handler = Callable[[Letter], None]
AT_ONCE = 200
PIECES_LIKE_ONE = 5
"""So many pieces beside an envelope count like another one: nobody's request takes in more than 64 MiB of large files, and one more envelope's."""
MOST_ALARMS = 20
"""A sender that jumps ahead by a million raises so many alarms, for the numbers next to the one that came."""


class NotYet(Exception):
    """A handler can't use this letter before another one that may still be waiting."""


class _Ahead(NotYet):
    """An office's letter whose number isn't its turn: those before it may still be waiting, for no engine says which came first."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(letter.number)
        self.place = (letter.sender, letter.number)


class _TakenBack(Exception):
    """The envelope went while it was opened: whoever sent it has withdrawn."""


def receive(handlers: Mapping[str, Handler]) -> int:
    """Import what waits for the open vault; return how many envelopes were taken in.

    The row in :class:`~app.vault.models.ImportedEnvelope` and everything the handler writes are one transaction; only then the envelope
    is deleted from the shared layer. After a crash between the two, the next call finds the row and just deletes.
    An office's letters are taken in the order of their numbers, whatever the order in which the shared layer gives them out.
    """
    vault = current_vault()
    waiting = [row.id for row in Envelope.select(Envelope.id).where(Envelope.recipient == vault.name)]
    if vault.kind == cover.COVERED_KIND:
        waiting = [envelope_id for envelope_id in waiting if cover.is_real(envelope_id)]
    if not waiting:
        return 0
    reader = _Reader(vault.name)
    ahead: list[tuple[tuple[str, int], str]] = []
    postponed: list[str] = []
    taken, still = 0, AT_ONCE
    for envelope_id in waiting:
        if still <= 0:
            # The missing ones may be among the rest; but a pile of which none fits must not block it.
            return taken or _take_anyway(postponed, reader, handlers)
        beside = EnvelopePiece.select().where(EnvelopePiece.owner == envelope_id).count()
        try:
            taken += _take(envelope_id, reader, handlers)
        except _Ahead as letter:
            ahead.append((letter.place, envelope_id))
            continue
        except NotYet:
            postponed.append(envelope_id)
        still -= 1 + beside // PIECES_LIKE_ONE
    in_turn = [envelope_id for _place, envelope_id in sorted(ahead)]
    taken += _take_anyway(in_turn[:AT_ONCE], reader, handlers)
    return taken + (_take_anyway(postponed, reader, handlers) if len(in_turn) <= AT_ONCE else 0)


def _take_anyway(waiting: Iterable[str], reader: _Reader, handlers: Mapping[str, Handler]) -> int:
    return sum(_take(envelope_id, reader, handlers, last_chance=True) for envelope_id in waiting)


def _take(
    envelope_id: str, reader: _Reader, handlers: Mapping[str, Handler], *, last_chance: bool = False
) -> int:
    new = 0
    try:
        with any_vault.atomic("IMMEDIATE"):
            # Looked up with the lock held: what is withdrawn until now isn't taken in after its withdrawal.
            envelope = Envelope.get_or_none(Envelope.id == envelope_id)
            if envelope is None:
                return 0
            if not ImportedEnvelope.select().where(ImportedEnvelope.id == envelope_id).exists():
                _import(envelope_id, bytes(envelope.ciphertext), reader, handlers, last_chance=last_chance)
                ImportedEnvelope.create(id=envelope_id)
                new = 1
                faultpoints.reached("import.before-commit")
    except _TakenBack:
        return 0
    faultpoints.reached("import.after-commit")
    _clear_away(envelope, reader.vault)
    faultpoints.reached("import.after-delete")
    return new


def _clear_away(envelope: Envelope, vault: str) -> None:
    """Delete an envelope, or let cover take its place again where it lay among cover, and what lies beside it."""
    pieces.remove(EnvelopePiece, envelope.id)
    if kind_of(vault) == cover.COVERED_KIND and len(bytes(envelope.ciphertext)) >= COVERED_BYTES:
        cover.take_out(cover.envelopes(vault), envelope.id)
    else:
        Envelope.delete().where(Envelope.id == envelope.id).execute()


def _import(
    envelope_id: str,
    ciphertext: bytes,
    reader: _Reader,
    handlers: Mapping[str, Handler],
    *,
    last_chance: bool,
) -> None:
    try:
        letter = reader.open(envelope_id, ciphertext)
    except (CannotOpen, BadSignature, MalformedLetter, BrokenChain) as error:
        _refuse(envelope_id, ciphertext, type(error).__name__)
        return
    if letter.sender != PUBLIC_SENDER:
        if letter.number > _expected(letter.sender) and not last_chance:
            raise _Ahead(letter)
        if not _count(letter):
            _refuse(envelope_id, ciphertext, "Replayed")
            return
    try:
        with any_vault.atomic():
            handlers[letter.crossing.type](letter)
    except NotYet:
        if not last_chance:
            raise
    except (OperationalError, InterfaceError, NotOpen):
        raise
    except Exception as error:  # noqa: BLE001
        # The sender is hostile, or this handler is broken: keep the sealed envelope, tell the officers, and let the others through.
        # Whatever it is, one letter must not close the compartment to its officers: they import at every request.
        log.warning("an envelope of type %s was refused: %s", letter.crossing.type, type(error).__name__)
        _refuse(envelope_id, ciphertext, type(error).__name__)


def _refuse(envelope_id: str, ciphertext: bytes, reason: str) -> None:
    # Files that lie beside an envelope go with it when its sender withdraws, be it while they are read: nothing is wrong then, and nothing to keep.
    if not Envelope.select().where(Envelope.id == envelope_id).exists():
        raise _TakenBack(envelope_id)
    RefusedEnvelope.create(id=envelope_id, reason=reason, ciphertext=ciphertext, refused_at=utc_now())
    pieces.put(RefusedPiece, envelope_id, pieces.read(EnvelopePiece, envelope_id))
    Alarm.create(kind="refused-envelope", detail=reason, raised_at=utc_now())


def _expected(sender: str) -> int:
    known = Sequence.get_or_none(Sequence.vault == sender, Sequence.direction == "in")
    return known.number + 1 if known else 1


def _count(letter: Letter) -> bool:
    """Note the sender's number; raise an alarm on a gap; return False where the number has been seen before."""
    expected = _expected(letter.sender)
    if letter.number > expected:
        for missing in range(max(expected, letter.number - MOST_ALARMS), letter.number):
            Alarm.create(kind="missing-envelope", detail=f"{letter.sender} {missing}", raised_at=utc_now())
    elif letter.number < expected:
        late = f"{letter.sender} {letter.number}"
        return bool(Alarm.delete().where(Alarm.kind == "missing-envelope", Alarm.detail == late).execute())
    Sequence.insert(vault=letter.sender, direction="in", number=letter.number).on_conflict_replace().execute()
    return True


class _Reader:
    """Opens envelopes with the compartment's private keys, trying each type that may reach it."""

    def __init__(self, vault: str) -> None:
        self.vault = vault
        own = OwnKeys.select().order_by(OwnKeys.epoch.desc())
        self.own = [KeyPairs.from_seed(bytes(row.private_keys)).sealing for row in own]
        self.pins = {pin.vault: pin for pin in Pin.select()}

    def open(self, envelope_id: str, ciphertext: bytes) -> Letter:
        """Return the letter; raises what :func:`~app.envelopes.letter.open_letter` raises."""
        for crossing in to_recipient(current_vault().kind):
            for sender in self._senders(crossing.sender):
                for keys in self.own:
                    try:
                        return open_letter(
                            ciphertext,
                            keys,
                            crossing=crossing,
                            envelope_id=envelope_id,
                            sender=sender,
                            recipient=self.vault,
                            signers=self._signers(sender),
                            pieces=partial(pieces.read, EnvelopePiece, envelope_id),
                        )
                    except CannotOpen:
                        continue
        raise CannotOpen("no type that may reach this compartment opens the envelope")

    def _senders(self, kind: str) -> list[str]:
        if kind == PUBLIC_SENDER:
            return [PUBLIC_SENDER]
        return [name for name in self.pins if name.partition("-")[0] == kind]

    def _signers(self, sender: str) -> list[VerifyKey]:
        if sender == PUBLIC_SENDER:
            return []
        pin = self.pins[sender]
        pinned = PinnedKeys(sender, pin.epoch, PublicKeys.from_bytes(bytes(pin.public_keys)))
        return [known.keys.signing for known in follow(pinned)]
