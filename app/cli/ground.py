"""What every command begins with: the settings, the instance, and errors told in a sentence instead of a trace."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.clock import keep_to
from app.config import Settings, SettingsError
from app.instance import Instance, InstanceError
from app.shared.database import SharedLayer
from app.shared.dialect import OtherSchema
from app.vault.errors import VaultError
from keys.errors import KeysError
from keys.service import ServiceKey

P = ParamSpec("P")
R = TypeVar("R")

EXPECTED = (SettingsError, InstanceError, KeysError, VaultError, OtherSchema, OSError)


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Print what went wrong as a sentence and end with exit status 1, where the operator can do something about it."""

    @wraps(command)
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except EXPECTED as error:
            raise click.ClickException(str(error)) from error

    return telling


def founded(settings: Settings) -> Instance:
    """Return the instance; raises :class:`~app.instance.InstanceError` where there is none, or a real one in a checkout."""
    keep_to(settings.timezone)
    instance = Instance(settings.instance)
    if not instance.is_demo:
        refuse_checkout(instance)
    return instance


def refuse_checkout(instance: Instance) -> None:
    """Raise :class:`~app.instance.InstanceError` for a folder inside a git checkout: keys would end up in git."""
    if checkout := instance.inside_checkout():
        raise InstanceError(
            f"{instance.path} lies in the git checkout {checkout}; keys must not come near git. "
            "Let SCHOTTEN_INSTANCE name a folder outside, for example /var/lib/schotten"
        )


def shared_layer(settings: Settings, instance: Instance) -> SharedLayer:
    """Describe the shared layer of the instance; raises :class:`~keys.errors.MissingServiceKey`."""
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    return SharedLayer.at(instance.shared_file, key, settings.shared_url)
