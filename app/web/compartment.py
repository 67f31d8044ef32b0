"""What the factory needs to know of a compartment: its tables, what it does with envelopes and orders, and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Flask, current_app

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from app.vault.schema import Schema

EXTENSION = "schotten-compartments"


@dataclass(frozen=True)
class Compartment:
    """One compartment as ``compartments/<name>/views.py`` declares it.

    ``incoming`` takes letters by type, ``actions`` carries out the orders that only this compartment writes,
    ``jobs`` is the work of each kind of job that its officers can start.
    """

    blueprint: Blueprint
    schema: Schema
    incoming: Mapping[str, Handler] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    jobs: Mapping[str, Work] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The kind of vault, which is also the first part of every path."""
        return self.schema.kind


def register(app: Flask, compartment: Compartment) -> None:
    """Add a compartment to the app, with its pages."""
    app.extensions.setdefault(EXTENSION, {})[compartment.name] = compartment
    app.register_blueprint(compartment.blueprint, url_prefix=f"/{compartment.name}")


def served() -> dict[str, Compartment]:
    """Return the compartments of the running app by name."""
    compartments: dict[str, Compartment] = current_app.extensions.get(EXTENSION, {})
    return compartments
