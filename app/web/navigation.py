"""Links in the header of a face, registered by the blueprints that serve them.

A blueprint says at module level which of its pages belong into the navigation:

    add_nav(blueprint, "membership", NavItem(lazy_gettext("Register"), ".register", order=10))
    add_nav(blueprint, EVERY_OFFICE, NavItem(lazy_gettext("Inbox"), ".inbox", order=50))

Only endpoints that the running app serves are shown, so a face that is not loaded leaves no dead link. An endpoint whose
path has a `compartment` is given the face's name.

The header has one row. What is needed rarely says `more=True` and stands under "More"; where there are still more than `MOST` links,
the last ones that carry no count follow it there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask import Blueprint, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from flask_babel import LazyString
from flask_login import current_user

EXTENSION = "schotten-navigation"
EVERY_OFFICE = "*"
PUBLIC = "public"
MOST = 8
"""Links in the row, "More" not counted. A browser test sees to it that German ones fit at 1280 px."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link. `endpoint` may start with a dot (the blueprint's own); `section` lists prefixes of endpoints that count as "here".

    `more` puts it under "More". `before_admission` shows it to an officer who has no key yet, whom all others would only lead back.
    """

    label: LazyString
    endpoint: str
    order: int = 100
    section: tuple[str, ...] = ()
    visible: Callable[[], bool] | None = None
    count: Callable[[], int] | None = None
    more: bool = False
    before_admission: bool = False


@dataclass(frozen=True, slots=True)
class NavLink:
    """What the header template draws."""

    label: LazyString
    url: str
    here: bool
    count: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Navigation:
    items: dict[str, list[NavItem]] = field(default_factory=dict)
    paths: dict[tuple[str, str], str] = field(default_factory=dict)


def add_nav(blueprint: Blueprint, face: str, *items: NavItem) -> None:
    """Put `items` into the header of `face` (PUBLIC, a compartment, EVERY_OFFICE) in every app that registers `blueprint`."""

    def register(state: BlueprintSetupState) -> None:
        name = f"{state.name_prefix}.{state.name}".lstrip(".")
        _navigation(state.app).items.setdefault(face, []).extend(_absolute(item, name) for item in items)

    blueprint.record(register)


def nav_links(face: str) -> list[NavLink]:
    """The links of `face` for the current request, in order."""
    items = _navigation(current_app).items
    candidates = items.get(face, []) + (items.get(EVERY_OFFICE, []) if face != PUBLIC else [])
    shown = sorted(filter(_is_shown, candidates), key=lambda item: item.order)
    row = [item for item in shown if not item.more]
    without_count = [item for item in row if item.count is None]
    folded = without_count[max(0, len(without_count) - max(0, len(row) - MOST)) :]
    return [
        NavLink(
            item.label,
            url_of(item.endpoint, face),
            _is_here(item),
            item.count() if item.count else 0,
            item.more or item in folded,
        )
        for item in shown
    ]


def url_of(endpoint: str, face: str) -> str:
    """The address of `endpoint` inside `face`. Every page draws the same links, so their paths are worked out once."""
    paths = _navigation(current_app).paths
    if (endpoint, face) not in paths:
        inside = current_app.url_map.is_endpoint_expecting(endpoint, "compartment")
        adapter = current_app.url_map.bind("localhost")
        paths[endpoint, face] = adapter.build(endpoint, {"compartment": face} if inside else {})
    return request.script_root + paths[endpoint, face]


def _navigation(app: App) -> _Navigation:
    navigation: _Navigation = app.extensions.setdefault(EXTENSION, _Navigation())
    return navigation


def _absolute(item: NavItem, blueprint: str) -> NavItem:
    def full(endpoint: str) -> str:
        return blueprint + endpoint if endpoint.startswith(".") else endpoint

    return replace(item, endpoint=full(item.endpoint), section=tuple(full(prefix) for prefix in item.section))


def _is_shown(item: NavItem) -> bool:
    if item.endpoint not in current_app.view_functions or (item.visible and not item.visible()):
        return False
    return item.before_admission or getattr(current_user, "is_admitted", True)


def _is_here(item: NavItem) -> bool:
    endpoint = request.endpoint or ""
    return endpoint == item.endpoint or any(endpoint.startswith(prefix) for prefix in item.section)
