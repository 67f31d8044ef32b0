"""Tables: none points out of its vault, each is bound to its own, and every shared column is classed."""

import importlib
from collections.abc import Iterable

import pytest
from peewee import CharField, ForeignKeyField, Model, SqliteDatabase

from tests.architecture.source import COMPARTMENTS, module_names

DISCLOSURES = {"public", "officers", "sealed"}
GROUNDS = ("app.shared", "app.vault", *(f"compartments.{compartment}" for compartment in COMPARTMENTS))


def models_of(package: str) -> list[type[Model]]:
    """Every table that a package declares, wherever in it."""
    for name in module_names(package):
        importlib.import_module(name)
    declared = [model for model in _descendants(Model) if f"{model.__module__}.".startswith(f"{package}.")]
    return sorted(declared, key=lambda model: model.__name__)


def _descendants(model: type[Model]) -> Iterable[type[Model]]:
    for child in model.__subclasses__():
        yield child
        yield from _descendants(child)


def leaving_keys(ground: str, models: Iterable[type[Model]]) -> list[str]:
    """Foreign keys to a table of another file. peewee accepts them, and SQLite notices at the first write, or never."""
    return [
        f"{model.__name__}.{field.name} -> {field.rel_model.__module__}.{field.rel_model.__name__}"
        for model in models
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField)
        and not f"{field.rel_model.__module__}.".startswith(f"{ground}.")
    ]


def unclassed_columns(models: Iterable[type[Model]]) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.sorted_fields
        if getattr(field, "disclosure", None) not in DISCLOSURES
    ]


@pytest.mark.parametrize("ground", GROUNDS)
def test_no_foreign_key_leaves_its_vault(ground):
    assert leaving_keys(ground, models_of(ground)) == []


@pytest.mark.parametrize("compartment", COMPARTMENTS)
def test_a_compartments_tables_are_bound_to_its_own_vault(compartment):
    bound = {model._meta.database._name for model in models_of(f"compartments.{compartment}")}
    assert bound <= {f"{compartment} vault"}


def test_every_column_of_the_shared_layer_is_classed():
    tables = [
        model
        for model in models_of("app.shared")
        if model._meta.sorted_fields and model.__name__ != "SharedModel"
    ]
    assert len(tables) > 10
    assert unclassed_columns(tables) == []


def test_no_two_compartments_give_a_table_the_same_model():
    owners: dict[type[Model], str] = {}
    for ground in GROUNDS:
        for model in models_of(ground):
            assert owners.setdefault(model, ground) == ground


class Elsewhere(Model):
    class Meta:
        database = SqliteDatabase(None)


class Pointing(Model):
    elsewhere = ForeignKeyField(Elsewhere)
    name = CharField()

    class Meta:
        database = SqliteDatabase(None)


def test_the_rule_finds_a_foreign_key_that_leaves():
    assert leaving_keys("compartments.desk", [Pointing]) == [f"Pointing.elsewhere -> {__name__}.Elsewhere"]
    assert leaving_keys(__name__.rpartition(".")[0], [Pointing]) == []


def test_the_rule_finds_a_column_without_a_class():
    assert unclassed_columns([Pointing]) == ["Pointing.id", "Pointing.elsewhere", "Pointing.name"]
