"""Entry point for gunicorn: ``gunicorn wsgi:app``. Settings come from the environment; a wrong one stops the start."""

from app.config import Settings
from app.factory import create_app
from app.web.logs import configure

configure()
app = create_app(Settings.from_environment().for_production())
