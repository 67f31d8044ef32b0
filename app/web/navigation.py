"""Links in the header of a face, registered by the blueprints that serve them.

A blueprint says at module level which of its pages belong into the navigation:

    add_nav(blueprint, "membership", NavItem(lazy_gettext("Register"), ".register", order=10))

Only endpoints that the running app serves are shown, so a face that is not loaded leaves no dead link.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Flask, current_app, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import LazyString

EXTENSION = "schotten-navigation"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link. `endpoint` may start with a dot (the blueprint's own); `section` lists prefixes of endpoints that count as "here"."""

    label: LazyString
    endpoint: str
    order: int = 100
    section: tuple[str, ...] = ()
    visible: Callable[[], bool] | None = None
    count: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class NavLink:
    """What the header template draws."""

    label: LazyString
    url: str
    here: bool
    count: int


def add_nav(blueprint: Blueprint, face: str, *items: NavItem) -> None:
    """Put `items` into the header of `face` ("public" or a compartment) in every app that registers `blueprint`."""

    def register(state: BlueprintSetupState) -> None:
        name = f"{state.name_prefix}.{state.name}".lstrip(".")
        registered = _registry(state.app).setdefault(face, [])
        registered.extend(_absolute(item, name) for item in items)
        registered.sort(key=lambda item: item.order)

    blueprint.record(register)


def nav_links(face: str) -> list[NavLink]:
    """The links of `face` for the current request, in order."""
    served = current_app.view_functions
    items = _registry(current_app).get(face, [])
    shown = [item for item in items if item.endpoint in served and (item.visible is None or item.visible())]
    return [NavLink(item.label, url_for(item.endpoint), _is_here(item), item.count() if item.count else 0) for item in shown]


def _registry(app: Flask) -> dict[str, list[NavItem]]:
    registry: dict[str, list[NavItem]] = app.extensions.setdefault(EXTENSION, {})
    return registry


def _absolute(item: NavItem, blueprint: str) -> NavItem:
    def full(endpoint: str) -> str:
        return blueprint + endpoint if endpoint.startswith(".") else endpoint

    return replace(item, endpoint=full(item.endpoint), section=tuple(full(prefix) for prefix in item.section))


def _is_here(item: NavItem) -> bool:
    endpoint = request.endpoint or ""
    return endpoint == item.endpoint or any(endpoint.startswith(prefix) for prefix in item.section)
