"""``schotten restore``: brings a backup back into an empty instance folder, after checking every file of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from app import faultpoints
from app.cli import terminal
from app.cli.ground import refuse_checkout, shared_layer, told
from app.cli.manifest import DamagedBackup, Manifest, copy_file, make_durable
from app.cli.unfinished import filling
from app.config import Settings
from app.instance import Instance, write_private
from app.shared.models import Session
from keys.claims import ClaimKeyPair
from keys.service import ServiceKey

DESCRIPTION = "instance.json"
SERVICE_KEY = "keys/service.key"
CLAIM_KEY = "keys/claim.key"


@click.command("restore")
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--service-key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The service key, where the backup holds none.",
)
@click.option(
    "--claim-key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The claim key, where the backup holds none.",
)
@told
def command(backup: Path, service_key: Path | None, claim_key: Path | None) -> None:
    """Restore BACKUP into the folder that SCHOTTEN_INSTANCE names, which must be empty.

    Everybody is logged out. Officers log in with the passphrases that they had when the backup was made.
    """
    settings = Settings.from_environment()
    restore(settings, backup, service_key, claim_key)
    click.echo(f"{backup} is restored in {settings.instance}")
    if not Instance(settings.instance).service_key.exists():
        terminal.warning(
            f"The backup holds no service key. Put yours at {Instance(settings.instance).service_key} (mode 0600) before serving."
        )
    if not Instance(settings.instance).claim_key.exists():
        terminal.warning(
            f"The backup holds no claim key. Put yours at {Instance(settings.instance).claim_key} (mode 0600): the public face needs it."
        )
    click.echo("Now run: schotten doctor")


def restore(
    settings: Settings, backup: Path, service_key: Path | None = None, claim_key: Path | None = None
) -> None:
    """Restore a backup; raises :class:`~app.cli.manifest.DamagedBackup` or :class:`~app.instance.InstanceError`, having changed
    nothing. A crash on the way leaves a marked folder, which the next attempt clears.
    """
    manifest = Manifest.read(backup)
    _check_names(manifest)
    if service_key is not None:
        ServiceKey.load(service_key)
    if claim_key is not None:
        ClaimKeyPair.load(claim_key)
    instance = Instance(settings.instance)
    if not manifest.about.get("demo"):
        refuse_checkout(instance)
    with filling(instance):
        for name in manifest.files:
            if name != DESCRIPTION:
                copy_file(backup / name, instance.path / name)
                faultpoints.reached("restore.after-file")
        if service_key is not None and SERVICE_KEY not in manifest.files:
            copy_file(service_key, instance.service_key)
        if claim_key is not None and CLAIM_KEY not in manifest.files:
            copy_file(claim_key, instance.claim_key)
        make_durable(instance.path)
        if instance.service_key.exists() and not settings.shared_url:
            _log_everybody_out(settings, instance)
        write_private(instance.description, (backup / DESCRIPTION).read_bytes())


def _check_names(manifest: Manifest) -> None:
    """Refuse a manifest that would write outside of the instance folder, or that describes something else."""
    for name in manifest.files:
        path = PurePosixPath(name)
        if (
            path.is_absolute()
            or ".." in path.parts
            or path.parts[0] not in {"keys", "shared", "vaults", DESCRIPTION}
        ):
            raise DamagedBackup(f"the backup holds a file that belongs to no instance: {name}")
    if DESCRIPTION not in manifest.files:
        raise DamagedBackup(f"the backup has no {DESCRIPTION}")


def _log_everybody_out(settings: Settings, instance: Instance) -> None:
    """A session that was ended after the backup was made must not come back with it."""
    shared = shared_layer(settings, instance)
    with shared.bound():
        Session.delete().execute()
    shared.close()
