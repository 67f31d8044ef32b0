"""``schotten serve``: what it checks before it serves, and what it says then."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.cli.ground import founded, shared_layer, told
from app.cli.server import Server, refuse_open_folder
from app.config import Settings, SettingsError
from app.instance import Instance
from app.shared.dialect import OtherSchema, check_schema
from app.web.logs import configure

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@click.command("serve")
@click.option(
    "--faces",
    metavar="NAMES",
    help="Serve only these, separated by commas (default: SCHOTTEN_FACES, or all).",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The port on SCHOTTEN_HOST (default: SCHOTTEN_PORT, or 8000).",
)
@click.option(
    "--socket",
    type=click.Path(path_type=Path),
    help="Listen on this Unix socket, behind a proxy on the same machine.",
)
@told
def command(faces: str | None, port: int | None, socket: Path | None) -> None:
    """Serve the pages until told to stop (Ctrl-C, or SIGTERM: requests under way are finished).

    Cookies are for HTTPS only: put a proxy in front that speaks it (deploy/). The demo alone is served over plain HTTP.
    """
    environment = dict(os.environ)
    if faces is not None:
        environment["SCHOTTEN_FACES"] = faces
    settings = Settings.from_environment(environment).for_production()
    if port is not None:
        settings = settings.but(port=port)
    instance = founded(settings)
    settings = _with_safe_transport(settings, instance, socket)
    _refuse_other_schema(settings, instance)
    if socket is not None:
        refuse_open_folder(socket)
    configure()
    Server(settings, socket, _announcement(settings, instance, socket)).run()


def _with_safe_transport(settings: Settings, instance: Instance, socket: Path | None) -> Settings:
    """A newcomer's demo has no proxy that speaks HTTPS, so it goes without. Nobody but this machine may reach what does."""
    if instance.is_demo and not os.environ.get("SCHOTTEN_HTTPS"):
        settings = settings.but(https=False)
    if not settings.https and not socket and settings.host not in LOOPBACK:
        raise SettingsError(
            f"without HTTPS {instance.path} is served on 127.0.0.1 only, not on {settings.host}"
        )
    return settings


def _refuse_other_schema(settings: Settings, instance: Instance) -> None:
    """Raise :class:`~app.shared.dialect.OtherSchema` at the start and not at somebody's first click. A server that isn't there yet may come."""
    if settings.shared_url or not instance.shared_file.is_file():
        return
    layer = shared_layer(settings, instance)
    try:
        with layer.bound() as database:
            check_schema(database)
    except OtherSchema as error:
        anew = f"; make the demo anew: rm -r {instance.path}" if instance.is_demo else ""
        raise OtherSchema(f"{error}{anew}") from error
    finally:
        layer.close()


def _announcement(settings: Settings, instance: Instance, socket: Path | None) -> str:
    place = f"unix:{socket}" if socket else f"http://{settings.host}:{settings.port}/"
    lines = [f"Schotten serves {', '.join(settings.faces)} on {place}"]
    if settings.https and not socket:
        lines.append("(cookies are for HTTPS only: reach it through a proxy that speaks it)")
    if instance.is_demo:
        lines.append(
            f"This is a DEMO of invented people with published passphrases: they stand in {instance.path / 'demo.json'}."
        )
    return "\n".join(lines) + "\n"
