"""The key with which a form's last page vouches that everything on it has been checked (:mod:`app.public.walk`)."""

from __future__ import annotations

from flask import current_app
from flask.blueprints import BlueprintSetupState

from app.public.blueprint import blueprint
from app.web.state import EXTENSION as STATE
from keys.service import ServiceKey
from keys.vouching import VouchingKey

EXTENSION = "schotten-vouching"


def _load_key(setup: BlueprintSetupState) -> None:
    service_key = ServiceKey.load(setup.app.extensions[STATE].instance.service_key)
    setup.app.extensions[EXTENSION] = VouchingKey(service_key.derive("checked-forms"))


blueprint.record(_load_key)


def vouching() -> VouchingKey:
    """The key of the app that serves this request; every server of an installation has the same."""
    found: VouchingKey = current_app.extensions[EXTENSION]
    return found
