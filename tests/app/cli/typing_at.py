"""`schotten` at a terminal: a pseudo-terminal of the process's own, so that what is asked without echo is asked as in earnest."""

import os
import pty
import select
import subprocess
import time
from dataclasses import dataclass

from tests.app.cli.conftest import COMMAND, ROOT, SECONDS, environment


@dataclass(frozen=True)
class Done:
    """What the terminal showed, what was typed being part of it only where it was echoed; and the exit status, negative for a signal."""

    shown: str
    status: int


def at_a_terminal(*arguments, instance, answers, **settings):
    """Run a command; `answers` are pairs of a question's text and what is typed once it has appeared."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(instance, **settings),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        return Done(_conversation(ours, list(answers)).replace("\r\n", "\n"), process.wait(SECONDS))
    finally:
        os.close(ours)
        process.kill()
        process.wait()


def _conversation(terminal, waiting):
    shown, answered, until = "", 0, time.monotonic() + SECONDS
    while True:
        # Only in what has appeared since the last answer: the same question may be asked again.
        if waiting and waiting[0][0] in shown[answered:]:
            answered = len(shown)
            os.write(terminal, waiting.pop(0)[1].encode() + b"\n")
        if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
            raise TimeoutError(f"still waiting for {waiting[:1]}, saw {shown!r}")
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux' way to say that the other end is closed
            piece = b""
        if not piece:
            return shown
        shown += piece.decode()
