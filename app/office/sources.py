"""Lets a compartment put what it has waiting into its inbox, without the inbox knowing the compartment."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState

from app.office.inbox import Source

EXTENSION = "schotten-inbox"


def add_source(blueprint: Blueprint, face: str, source: Source) -> None:
    """Put ``source`` into the inbox of ``face`` in every app that registers ``blueprint``."""

    def register(state: BlueprintSetupState) -> None:
        _registry(state.app).setdefault(face, []).append(source)

    blueprint.record(register)


def sources(face: str) -> list[Source]:
    """Return what else belongs into the inbox of ``face``."""
    return _registry(current_app).get(face, [])


def _registry(app: App) -> dict[str, list[Source]]:
    registry: dict[str, list[Source]] = app.extensions.setdefault(EXTENSION, {})
    return registry
