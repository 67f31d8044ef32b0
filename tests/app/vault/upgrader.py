"""Run by test_upgrade in a process of its own: opens a vault with a newer schema, and is killed on the way."""

import os
import sys
from pathlib import Path

from app import faultpoints
from app.instance import Instance
from app.vault.opening import open_vault
from app.vault.schema import Schema
from tests.app.vault.place import Cargo
from tests.app.vault.test_upgrade import add_weight, name_the_ship


def name_the_ship_slowly(database):
    name_the_ship(database)
    faultpoints.reached("upgrade.inside-step")


if __name__ == "__main__":
    schema = Schema("desk", models=(Cargo,), steps=(add_weight, name_the_ship_slowly))
    with open_vault(Instance(Path(sys.argv[1])), "desk", [bytes.fromhex(os.environ["VAULT_KEY"])], schema):
        pass
