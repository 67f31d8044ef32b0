"""Builds the app that serves some faces, or all of them. A face that isn't named is neither served nor loaded."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from flask import Flask, g
from flask_wtf import CSRFProtect

from app.accounts.views import blueprint as accounts
from app.clock import keep_to
from app.config import PUBLIC, UNNAMED, Settings
from app.instance import Instance
from app.office.views import blueprint as office
from app.public.views import blueprint as public
from app.shared.database import SharedLayer
from app.web.compartment import register
from app.web.errors import init_errors
from app.web.guard import init_guard
from app.web.i18n import init_i18n
from app.web.kept import init_kept
from app.web.limits import init_limits
from app.web.logs import init_logs
from app.web.look import init_look
from app.web.security import init_security, is_static
from app.web.state import State, attach, state
from keys.service import ServiceKey

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings, faces: Iterable[str] | None = None) -> Flask:
    """Build an app for ``faces`` (default: the settings' own). Raises where the instance or its key is missing."""
    settings = settings.but(faces=tuple(faces)) if faces is not None else settings
    instance = Instance(settings.instance)
    service_key = ServiceKey.load(instance.service_key)
    if settings.organisation == UNNAMED and instance.organisation:
        settings = settings.but(organisation=instance.organisation)
    shared = SharedLayer.at(instance.shared_file, service_key.derive("shared-database"), settings.shared_url)

    app = Flask("app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"))
    attach(app, State(settings, instance, shared))
    init_security(app, settings, service_key)
    init_logs(app)
    app.before_request(_bind_shared_layer)
    app.teardown_request(_release)
    CSRFProtect(app)
    init_i18n(app, timezone=str(settings.timezone))
    init_look(app)
    init_kept(app)
    init_guard(app)
    init_limits(app, settings)
    init_errors(app)
    app.context_processor(lambda: {"organisation": settings.organisation, "is_demo": instance.is_demo})
    _register_faces(app, settings.faces)
    return app


def _register_faces(app: Flask, faces: Iterable[str]) -> None:
    compartments = [face for face in faces if face != PUBLIC]
    if PUBLIC in faces:
        app.register_blueprint(public)
    app.register_blueprint(accounts)
    app.register_blueprint(office)
    for name in compartments:
        # By name on purpose: a face must not load another compartment's code (tests/architecture).
        register(app, import_module(f"compartments.{name}.views").compartment)


def _bind_shared_layer() -> None:
    g.opened = ExitStack()
    keep_to(state().settings.timezone)
    if not is_static():
        g.opened.enter_context(state().shared.bound())


def _release(_error: BaseException | None) -> None:
    opened: ExitStack | None = g.pop("opened", None)
    if opened is not None:
        opened.close()
