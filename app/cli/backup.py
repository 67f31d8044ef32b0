"""``schotten backup``: copies an instance while it serves, without any officer's key. Nothing in a backup is readable without one.

All vaults are held closed for the instant in which the shared layer is copied, then each is copied and let go. So the backup
shows all of them at one instant: no envelope that is imported here and still waiting there is lost between the two, no order either.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from app import faultpoints
from app.cli.ground import founded, shared_layer, told
from app.cli.manifest import NAME, Manifest, copy_file, make_durable
from app.clock import utc_now
from app.config import Settings
from app.instance import PRIVATE_FILE, PRIVATE_FOLDER, Instance, InstanceError, sync_folder
from app.shared.dialect import copy_whole
from app.vault import locks

PREFIX = "schotten-"
UNFINISHED = ".unfinished-"


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--with-service-key",
    is_flag=True,
    help="Put the service key and the claim key in: then the backup opens the shared layer.",
)
@click.option(
    "--keep", type=click.IntRange(1), help="Afterwards delete the oldest backups there but this many."
)
@told
def command(target: Path | None, keep: int | None, *, with_service_key: bool) -> None:
    """Copy the instance into a new folder below TARGET (default: backups/ in the instance).

    The vaults stay encrypted under keys that the server doesn't have, the shared layer under the service key. Keep that key apart.
    """
    settings = Settings.from_environment()
    made = back_up(settings, target, with_service_key=with_service_key)
    click.echo(f"{made}: {len(Manifest.read(made).files)} files, checked")
    if settings.shared_url:
        click.echo(
            "The shared layer lies in another database: back it up by its own means, just before this command."
        )
    for old in _oldest(made.parent, keep):
        shutil.rmtree(old)
        click.echo(f"{old} deleted")


def back_up(settings: Settings, target: Path | None = None, *, with_service_key: bool = False) -> Path:
    """Make a backup below ``target`` and return its folder, which gets its name only when it is whole and on the disk."""
    instance = founded(settings)
    target = (target or instance.backups).absolute()
    target.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    _remove_unfinished(target)
    name = f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    unfinished = target / f"{UNFINISHED}{name}"
    unfinished.mkdir(mode=PRIVATE_FOLDER)
    _copy_everything(settings, instance, unfinished)
    copy_file(instance.description, unfinished / "instance.json")
    if with_service_key:
        for key in (instance.service_key, instance.claim_key):
            copy_file(key, unfinished / key.relative_to(instance.path))
    about = {
        "made": utc_now().isoformat(timespec="seconds"),
        "demo": instance.is_demo,
        "shared_url": bool(settings.shared_url),
    }
    Manifest.of(unfinished, about).write(unfinished)
    make_durable(unfinished)
    faultpoints.reached("backup.before-name")
    unfinished.rename(target / name)
    sync_folder(target)
    return target / name


def vault_files(instance: Instance) -> Iterator[Path]:
    """Yield the vault files that lie on this machine."""
    for name in sorted(instance.roots):
        if (file := instance.vault_file(name)).is_file():
            yield file


def _copy_everything(settings: Settings, instance: Instance, to: Path) -> None:
    shared = shared_layer(settings, instance)
    with shared.bound() as database, ExitStack() as closed:
        held = [(file, closed.enter_context(_held(file))) for file in vault_files(instance)]
        if not held:
            raise InstanceError(f"{instance.path} has no vault on this machine")
        copy = to / instance.shared_file.relative_to(instance.path)
        copy.parent.mkdir(mode=PRIVATE_FOLDER)
        if copy_whole(database, copy):
            copy.chmod(PRIVATE_FILE)
        else:
            copy.parent.rmdir()
        for file, lock in held:
            # A vault that a crash has left open still has its log beside it, or a journal if its keys were being
            # renewed; together they are whole.
            for part in (file, *(file.with_name(f"{file.name}{log}") for log in ("-wal", "-journal"))):
                if part.exists():
                    copy_file(part, to / part.relative_to(instance.path))
            lock.close()
            faultpoints.reached("backup.after-vault")
    shared.close()


def _held(file: Path) -> ExitStack:
    lock = ExitStack()
    lock.enter_context(locks.alone(file))
    return lock


def _remove_unfinished(target: Path) -> None:
    for folder in target.glob(f"{UNFINISHED}{PREFIX}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _oldest(target: Path, keep: int | None) -> list[Path]:
    made = sorted(folder for folder in target.glob(f"{PREFIX}*") if (folder / NAME).is_file())
    return made[:-keep] if keep else []
