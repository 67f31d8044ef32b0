"""What the running app was made with, for views: settings, instance, pinned keys. Nothing here is global: it hangs on the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import Flask, current_app

from app.clock import today
from app.config import Settings
from app.envelopes.directory import PinnedKeys
from app.instance import Instance
from app.shared.database import SharedLayer
from app.shared.sessions import Limits
from keys.identity import PublicKeys

EXTENSION = "schotten"


@dataclass(frozen=True)
class State:
    """The app's settings and the parts made from them."""

    settings: Settings
    instance: Instance
    shared: SharedLayer

    @property
    def limits(self) -> Limits:
        """How long sessions last."""
        return Limits(self.settings.session_idle, self.settings.session_absolute, self.settings.step_up_for)

    @property
    def today(self) -> date:
        """The day in the organisation's time zone."""
        return today(self.settings.timezone)

    def pinned(self, vault: str) -> PinnedKeys:
        """The public keys that ``vault`` began with, from which its present ones are followed."""
        return _pinned(vault, self.instance.facts["roots"][vault])


@cache
def _pinned(vault: str, public_keys: str) -> PinnedKeys:
    """Public keys that never change; reading them takes as long as a query."""
    return PinnedKeys(vault, 1, PublicKeys.from_bytes(bytes.fromhex(public_keys)))


def attach(app: Flask, state: State) -> None:
    """Hang the state on the app."""
    app.extensions[EXTENSION] = state


def state() -> State:
    """The state of the app that serves this request."""
    found: State = current_app.extensions[EXTENSION]
    return found
