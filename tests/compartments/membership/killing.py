"""Starts an officer of membership in a process of its own, to be killed at a fault point or to go on to the end."""

import json
import os
import signal
import subprocess
import sys


def officer(cast, what, *subject, fault=None):
    """Let the officer do it; with a fault point, be sure that they died there."""
    member = cast["membership"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex()}
    if fault:
        environment["SCHOTTEN_FAULT_POINT"] = fault
    folder, module = str(cast.organisation.settings.instance), "tests.compartments.membership.officer"
    what_to = json.dumps(subject[0] if what == "search" else subject)
    ended = subprocess.run(
        [sys.executable, "-m", module, folder, member.account_id, what, what_to],
        env=environment,
        check=False,
        timeout=120,
    )
    assert ended.returncode == (-signal.SIGKILL if fault else 0)
