"""The baseline: the smallest Flask app there is, served with the same gunicorn settings as Schotten."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "<p>Hello, World!</p>"
