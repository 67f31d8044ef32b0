"""Which vault a query goes to: the one this context has opened, of the model's own kind, or none."""

import threading
from contextvars import copy_context

import pytest
from peewee import InterfaceError

from app.binding import NotOpen
from app.vault.context import any_vault, current_vault
from app.vault.models import Note
from app.vault.opening import create_vault, open_vault
from compartments.clearing.models import SCHEMA as CLEARING
from compartments.membership.models import Person


def test_a_query_without_an_open_vault_raises(cargo):
    with pytest.raises(NotOpen):
        list(cargo.select())
    with pytest.raises(NotOpen):
        cargo.create(name="Treibgut")
    with pytest.raises(NotOpen):
        current_vault()


def test_a_query_made_inside_and_run_outside_raises(place, cargo):
    with place.open():
        query = cargo.select()
    with pytest.raises(NotOpen):
        list(query)


def test_a_model_of_another_kind_raises_although_a_vault_is_open(place):
    with place.open(), pytest.raises(NotOpen):
        list(Person.select())


def test_the_tables_that_every_vault_has_go_to_the_open_one(place):
    with place.open():
        assert list(Note.select()) == []
    with pytest.raises(NotOpen):
        list(Note.select())


def test_only_one_vault_is_open_in_a_context(place, cargo):
    create_vault(place.instance, "clearing", place.key, CLEARING)
    with place.open():
        with pytest.raises(NotOpen), open_vault(place.instance, "clearing", [place.key], CLEARING):
            pass
        assert cargo.select().count() == 1


def test_a_proxy_can_not_be_given_a_database_for_everybody(place):
    with pytest.raises(TypeError):
        any_vault.initialize(None)


def test_another_thread_does_not_see_this_ones_vault(place, cargo):
    seen = in_a_thread(lambda: list(cargo.select()), place)
    assert isinstance(seen, NotOpen)


def test_a_thread_that_inherits_the_context_still_opens_nothing(place, cargo):
    with place.open():
        context = copy_context()
        seen = []
        thread = threading.Thread(
            target=lambda: seen.append(outcome(lambda: context.run(list, cargo.select())))
        )
        thread.start()
        thread.join()
    assert isinstance(seen[0], InterfaceError)


def in_a_thread(action, place):
    with place.open():
        seen = []
        thread = threading.Thread(target=lambda: seen.append(outcome(action)))
        thread.start()
        thread.join()
        return seen[0]


def outcome(action):
    try:
        return action()
    except (NotOpen, InterfaceError) as error:
        return error
