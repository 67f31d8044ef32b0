"""Lets a compartment say what would be lost with an officer, on the pages that end an access, without those pages knowing the compartment."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app
from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState

EXTENSION = "schotten-leaving"
Loss = Callable[[str], str | None]
"""Returns in words what nobody could open any more without this account, or None."""


def add_loss(blueprint: Blueprint, face: str, loss: Loss) -> None:
    """Ask ``loss`` on the pages of ``face`` in every app that registers ``blueprint``. The vault is open when it is asked."""

    def register(state: BlueprintSetupState) -> None:
        _registry(state.app).setdefault(face, []).append(loss)

    blueprint.record(register)


def lost_with(account: str, face: str) -> list[str]:
    """Return what would be lost with an officer, in sentences."""
    return [said for loss in _registry(current_app).get(face, []) if (said := loss(account))]


def _registry(app: App) -> dict[str, list[Loss]]:
    registry: dict[str, list[Loss]] = app.extensions.setdefault(EXTENSION, {})
    return registry
