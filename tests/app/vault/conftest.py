"""A vault by itself: an instance folder with one vault, and its key. No founding, no shared layer."""

import pytest
from peewee import Model

from app.instance import Instance
from app.vault.opening import create_vault
from keys.grants import new_vault_key
from tests.app.vault.place import SCHEMA, Cargo, Place


@pytest.fixture
def place(tmp_path) -> Place:
    instance = Instance(tmp_path / "instance")
    instance.create_folders()
    key = new_vault_key()
    create_vault(instance, "desk", key, SCHEMA)
    place = Place(instance, key)
    with place.open():
        Cargo.create(name="Anker")
    return place


@pytest.fixture
def cargo() -> type[Model]:
    return Cargo
