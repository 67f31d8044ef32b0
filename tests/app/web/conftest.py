"""A small app that wears the look and speaks both languages, and serves nothing but what a test puts into it."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template_string
from flask_login import LoginManager, UserMixin

from app.web.i18n import init_i18n
from app.web.look import init_look

ROOT = Path(__file__).resolve().parents[3]


class Ada(UserMixin):
    id = "1"
    username = "ada"
    display_name = "Ada Lovelace"


@pytest.fixture
def dressed():
    """The app; `dressed.page(template, path, **context)` adds a page to it."""
    app = Flask(
        "dressed", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "app" / "static")
    )
    app.config.update(TESTING=True, SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    init_i18n(app)
    init_look(app)
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.request_loader(lambda request: Ada() if request.headers.get("X-Signed-In") else None)
    app.context_processor(lambda: {"organisation": "Bürgerbund", "is_demo": False})

    def page(template, path="/page", endpoint=None, methods=("GET", "POST"), **context):
        def view():
            values = {name: value() if callable(value) else value for name, value in context.items()}
            return render_template_string(template, **values)

        app.add_url_rule(path, endpoint or path, view, methods=list(methods))

    app.page = page
    return app


@pytest.fixture
def blueprint():
    return Blueprint("board", "board", url_prefix="/board")
