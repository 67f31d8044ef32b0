"""Addresses of the files that every page loads: ours and Bootstrap's, from this machine, each with a short hash of its content.

With the hash browsers may keep a file for long and still see a new release at once. Worked out when the app starts, because
every page asks for half a dozen of them.
"""

from hashlib import sha256
from pathlib import Path

from flask import Flask, request

BOOTSTRAP = "css/bootstrap.min.css"


class Assets:
    """`asset("schotten.css")` in templates; `asset("css/bootstrap.min.css")` is Bootstrap's own."""

    def __init__(self, app: Flask) -> None:
        self._paths: dict[str, str] = {}
        if app.static_folder and app.static_url_path:
            ours = Path(app.static_folder)
            names = [path.name for path in ours.iterdir() if path.is_file()]
            self._add(ours, app.static_url_path, names)
        package = app.blueprints["bootstrap"]
        if package.static_folder and package.static_url_path:
            self._add(Path(package.static_folder), package.static_url_path, [BOOTSTRAP])

    def _add(self, folder: Path, url: str, names: list[str]) -> None:
        for name in names:
            self._paths[name] = f"{url}/{name}?v={sha256((folder / name).read_bytes()).hexdigest()[:12]}"

    def __call__(self, name: str) -> str:
        """The address of `name`; KeyError for a file that isn't there."""
        return request.script_root + self._paths[name]
