"""Gunicorn as Schotten runs it: loaded once and then forked, no log of requests or addresses, nothing on the disk.

What gunicorn would log of a request (its address, its path, an exception with what was typed) is left out here; the app writes one line
per request by route (app.web.logs).
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import stat
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import ALL_FACES, Settings, SettingsError
from app.factory import create_app

SECONDS_TO_FINISH = 30
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  (memory, not a disk; gunicorn keeps an empty heartbeat file there)
M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1  # mallopt(3)
LARGE = 1024 * 1024
PRIVATE = 0o077
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class Discreet(Logger):
    """Gunicorn's log without what the public sends: no address, no path, no text of an exception."""

    # Without the process: app.web.logs may have switched off what records know of it.
    error_fmt = "%(asctime)s gunicorn %(message)s"
    datefmt = None

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Invalid request"):
            msg, args = "a request that is no HTTP was refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        del msg, args, kwargs
        kind = sys.exc_info()[0]
        self.error_log.error("an exception outside of the app: %s", kind.__name__ if kind else "unknown")


class Worker(ThreadWorker):
    """Gunicorn's worker with threads, which hears that it shall end from its first instruction on.

    A forked worker has the arbiter's handler for signals until it sets its own, and that one only notes them for the arbiter. A worker that
    was told to end in that moment went on, and stopping took until the arbiter killed it. So the signals wait until it can hear them.
    """

    def init_signals(self) -> None:
        """Set the worker's own handlers, and let in what has waited for them."""
        super().init_signals()
        _let_endings_in()


class Server(BaseApplication):
    """Serves the faces of ``settings`` on ``host:port``, or on a Unix socket behind a proxy on the same machine."""

    def __init__(self, settings: Settings, socket: Path | None, announcement: str) -> None:
        self.settings = settings
        self.socket = socket
        self.announcement = announcement
        super().__init__()

    @property
    def options(self) -> dict[str, Any]:
        """The settings of gunicorn that differ from its defaults."""
        settings = self.settings
        return {
            "bind": f"unix:{self.socket}" if self.socket else f"{settings.host}:{settings.port}",
            "worker_class": Worker,
            "pre_fork": _keep_endings_waiting,
            "workers": settings.workers,
            "threads": settings.threads,
            "preload_app": True,
            "graceful_timeout": SECONDS_TO_FINISH,
            "timeout": 120,
            # Whoever may enter the socket's folder may use it; see refuse_open_folder.
            "umask": 0 if self.socket else PRIVATE,
            "worker_tmp_dir": str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() else None,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": Discreet,
            "control_socket_disable": True,
            "proc_name": "schotten",
            "when_ready": lambda _: sys.stdout.write(self.announcement) and sys.stdout.flush(),
        }

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the app, before the workers are forked; it has opened no database yet."""
        app = create_app(self.settings)
        if self.socket:
            # Only a proxy on this machine reaches the socket, and it says who asks (for app.web.limits) and how.
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
        _share_templates(app, self.settings)
        return app

    def run(self) -> None:
        """Serve until told to stop."""
        harden()
        spare_memory()
        self.wsgi()
        # What has been loaded stays where it is: the collector would write into each object, and so copy it for each worker.
        gc.collect()
        gc.freeze()
        os.register_at_fork(after_in_parent=_let_endings_in)
        super().run()


def refuse_open_folder(socket: Path) -> None:
    """Raise :class:`~app.config.SettingsError` where others than an owner and a group reach the socket: they could pose as the proxy."""
    if not socket.parent.is_dir() or socket.parent.stat().st_mode & stat.S_IXOTH:
        raise SettingsError(
            f"{socket.parent} must be a folder that only this user and the proxy's group may enter"
        )


def harden() -> None:
    """Let no crash write memory to the disk, no file be made that others may read, and no slip in logging print what is logged of."""
    logging.raiseExceptions = False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(PRIVATE)


def spare_memory() -> None:
    """Let threads share two arenas: glibc would give each its own, and keep what was once used (no-op elsewhere).

    What is large (a file that somebody hands in) goes back to the system at once; by itself glibc stops doing that after the first.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, LARGE)


def _keep_endings_waiting(arbiter: Arbiter, worker: Worker) -> None:
    """Gunicorn's hook right before the fork; the arbiter lets them in right after it."""
    del arbiter, worker
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)


def _let_endings_in() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def _share_templates(app: Flask, settings: Settings) -> None:
    """Compile the templates once, before the fork, rather than in each worker at its first use."""
    others = tuple(f"{face}/" for face in ALL_FACES if face not in settings.faces)
    for name in app.jinja_env.list_templates(extensions=["html", "xml", "txt"]):
        if not name.startswith(others):
            app.jinja_env.get_template(name)
