"""The files of one open form. The form itself carries which they are; their bytes wait sealed under a key that only the form gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.shared import drafts
from app.shared.database import shared_database
from app.shared.dialect import spare_memory
from app.shared.drafts import Draft
from keys.randomness import token_hex
from keys.sealing import bind
from keys.symmetric import derive

_SEED = re.compile(r"[0-9a-f]{64}")
_CARRIED = re.compile(
    r"(?P<id>[0-9a-f]{32}):(?P<size>\d{1,10}):(?P<type>[\w./+-]{1,100}):(?P<purpose>[\w.-]{0,200}):(?P<name>[^\n]{1,200})"
)
SEED_BYTES = 32


@dataclass(frozen=True)
class PutAside:
    """A file of an open form, as :class:`app.envelopes.package.Enclosure` has it: its bytes are read piece by piece when they are needed."""

    draft: Draft
    key: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.draft.name

    @property
    def media_type(self) -> str:
        """What it is."""
        return self.draft.media_type

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.draft.size

    def parts(self) -> Iterator[bytes]:
        """The bytes. Raises :class:`app.shared.drafts.DraftIsGone`."""
        return drafts.read(self.draft, self.key)


class Basket:
    """``seed`` is drawn when the form is first opened and travels in it; another form's seed opens none of these files."""

    def __init__(self, seed: str | None, carried: Sequence[str] = ()) -> None:
        self.seed = seed if seed and _SEED.fullmatch(seed) else token_hex(SEED_BYTES)
        self.drafts: list[Draft] = []
        for one in (_CARRIED.fullmatch(text) for text in carried):
            if one and one["id"] not in {draft.id for draft in self.drafts}:
                self.drafts.append(
                    Draft(one["id"], one["name"], one["type"], int(one["size"]), one["purpose"])
                )

    @property
    def secret(self) -> bytes:
        """What is derived from: 32 random bytes."""
        return bytes.fromhex(self.seed)

    @property
    def key(self) -> bytes:
        """The key that the files are sealed under."""
        return derive(self.secret, info=bind("form-drafts"))

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(draft.size for draft in self.drafts)

    def __iter__(self) -> Iterator[Draft]:
        return iter(self.drafts)

    def __len__(self) -> int:
        return len(self.drafts)

    def of(self, purpose: str) -> list[Draft]:
        """The files added for one requirement, or in general."""
        return [draft for draft in self.drafts if draft.purpose == purpose]

    def take_out(self, draft_id: str) -> Draft | None:
        """Forget a file; return it where it was here."""
        found = next((draft for draft in self.drafts if draft.id == draft_id), None)
        self.drafts = [draft for draft in self.drafts if draft.id != draft_id]
        return found

    def carried(self) -> list[str]:
        """What the form's hidden fields say of the files."""
        return [f"{one.id}:{one.size}:{one.media_type}:{one.purpose}:{one.name}" for one in self.drafts]

    def files(self, now: datetime) -> list[PutAside]:
        """The files themselves, to be read when they are sent. Raises :class:`app.shared.drafts.DraftIsGone`."""
        key = self.key
        for one in self.drafts:
            drafts.check(one, key, now)
        return [PutAside(one, key) for one in self.drafts]

    def empty(self) -> None:
        """Delete the files that were kept; call it in the transaction that sends them."""
        for one in self.drafts:
            drafts.remove(one)
        if self.drafts:
            spare_memory(shared_database)
