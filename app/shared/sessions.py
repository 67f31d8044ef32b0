"""Log-ins. The row holds a hash of the cookie's token and a blob that only the token opens; no vault key is in it.

The blob holds the officer's private keys (128 bytes). The vault's key is opened from the officer's grant at each request,
so that ending somebody's access, or a rotation, takes effect with the next request and needs no word to any session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.clock import utc_now
from app.shared.models import Account, Grant, Session, VaultEpoch
from keys.errors import CannotOpen
from keys.grants import open_grant
from keys.identity import KeyPairs
from keys.randomness import token_bytes
from keys.sessions import new_token, open_session, seal_session, token_id

SECOND_FACTOR = "second-factor"
FULL = "full"
STAGE_BYTES = 16
SECOND_FACTOR_WITHIN = timedelta(minutes=10)
SEEN_IS_WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without use, and at all."""

    idle: timedelta
    absolute: timedelta
    step_up: timedelta


@dataclass(frozen=True)
class OfficerSession:
    """An officer's session while a request runs. Made from the cookie, forgotten with the request."""

    id: str
    account: Account
    stage: str
    stepped_up: bool
    keys: KeyPairs = field(repr=False)

    @property
    def compartment(self) -> str:
        """The one compartment this account is of."""
        return str(self.account.compartment)

    def vault_keys(self, vault: str) -> list[bytes]:
        """Open this officer's grants of ``vault``: the active epoch's key first, then a pending one. Empty: not admitted."""
        grants = (
            Grant.select(Grant, VaultEpoch.state)
            .join(
                VaultEpoch,
                on=(VaultEpoch.vault == Grant.vault) & (VaultEpoch.epoch == Grant.epoch),
                attr="of",
            )
            .where(
                Grant.account == self.account,
                Grant.vault == vault,
                VaultEpoch.state.in_(("active", "pending")),
            )
            .order_by(VaultEpoch.state)
        )
        return [
            open_grant(
                bytes(grant.sealed_key),
                vault=vault,
                epoch=grant.epoch,
                account=self.account.id,
                keys=self.keys.sealing,
            )
            for grant in grants
        ]


def begin(account: Account, keys: KeyPairs, *, stage: str = FULL) -> str:
    """Start a session and return the token for the cookie. Call it inside a transaction of the shared layer."""
    token = new_token()
    now = utc_now()
    Session.create(
        id=token_id(token),
        account=account,
        stage=stage,
        blob=seal_session(token, _payload(stage, keys)),
        created_at=now,
        seen_at=now,
        stepped_up_at=now if stage == FULL else None,
    )
    return token


def resume(token: str, limits: Limits) -> OfficerSession | None:
    """Return the session that ``token`` opens, or None where it is unknown, over, or its account has ended."""
    row = Session.select(Session, Account).join(Account).where(Session.id == token_id(token)).first()
    if row is None:
        return None
    now = utc_now()
    if _is_over(row, limits, now) or row.account.state == "ended":
        row.delete_instance()
        return None
    try:
        stage, keys = _opened(open_session(token, bytes(row.blob)))
    except (CannotOpen, ValueError):
        return None
    if stage != row.stage or keys.public.to_bytes() != bytes(row.account.public_keys):
        # Somebody has moved the row to another stage or account; what the token opens says otherwise.
        return None
    if now - row.seen_at >= SEEN_IS_WRITTEN_EVERY:
        Session.update(seen_at=now).where(Session.id == row.id).execute()
    stepped_up = row.stepped_up_at is not None and now - row.stepped_up_at < limits.step_up
    return OfficerSession(row.id, row.account, row.stage, stepped_up, keys)


def complete(session: OfficerSession) -> str:
    """Turn a session that waited for the second factor into a full one, under a new token."""
    Session.delete().where(Session.id == session.id).execute()
    return begin(session.account, session.keys)


def step_up(session: OfficerSession) -> None:
    """Note that the officer has just given the passphrase again."""
    Session.update(stepped_up_at=utc_now()).where(Session.id == session.id).execute()


def new_nonce(session: OfficerSession) -> bytes:
    """Note a random value that this session may use once; one that was noted before is worth nothing any more."""
    nonce = token_bytes()
    Session.update(nonce=nonce).where(Session.id == session.id).execute()
    return nonce


def use_nonce(session: OfficerSession) -> bytes | None:
    """Return the value and forget it; None where there is none, or another request has just used it."""
    row = Session.get_or_none(Session.id == session.id)
    if row is None or row.nonce is None:
        return None
    nonce = bytes(row.nonce)
    used = Session.update(nonce=None).where(Session.id == session.id, Session.nonce == nonce).execute()
    return nonce if used else None


def end(session_id: str) -> None:
    """Log one session out."""
    Session.delete().where(Session.id == session_id).execute()


def end_others(account: Account, kept: str | None) -> int:
    """Log every session of the account out but ``kept``; return how many."""
    return int(Session.delete().where(Session.account == account, Session.id != (kept or "")).execute())


def expire(limits: Limits) -> int:
    """Delete the sessions that are over; return how many. Keyless upkeep."""
    now = utc_now()
    waiting_too_long = (Session.stage == SECOND_FACTOR) & (Session.created_at < now - SECOND_FACTOR_WITHIN)
    over = (
        (Session.seen_at < now - limits.idle)
        | (Session.created_at < now - limits.absolute)
        | waiting_too_long
    )
    return int(Session.delete().where(over).execute())


def _is_over(row: Session, limits: Limits, now: datetime) -> bool:
    """A clock that was set back must not make a session live longer, so a start in the future is over too."""
    absolute = SECOND_FACTOR_WITHIN if row.stage == SECOND_FACTOR else limits.absolute
    age, idle = now - row.created_at, now - row.seen_at
    ahead = timedelta(minutes=-5)
    return bool(age > absolute or idle > limits.idle or age < ahead or idle < ahead)


def _payload(stage: str, keys: KeyPairs) -> bytes:
    """What only the token opens: the officer's keys, and how far the log-in has come, so that the table can't say more."""
    return stage.encode().ljust(STAGE_BYTES, b"\x00") + keys.to_bytes()


def _opened(payload: bytes) -> tuple[str, KeyPairs]:
    stage, seed = payload[:STAGE_BYTES], payload[STAGE_BYTES:]
    return stage.rstrip(b"\x00").decode(), KeyPairs.from_seed(seed)
