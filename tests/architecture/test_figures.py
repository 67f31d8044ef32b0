"""Figures: every number that leaves a compartment is listed, leaves from one place, and comes out of disclosure control where it counts persons."""

import ast

import pytest

from app.crossings import CROSSINGS, PUBLIC_SENDER
from app.disclosure.registry import LEAVING, NO_FIGURES, PERSONS, PROTOCOL
from tests.architecture.source import Module, made_up, modules

RELEASING = "app.office.releases"
OUTBOX = "app.envelopes.outbox"
OPEN_TO_ALL = {"app.disclosure", "app.disclosure.periods", "app.disclosure.registry"}
TO_THE_BOARD = {
    crossing.type
    for crossing in CROSSINGS
    if crossing.recipient == "board" and crossing.sender != PUBLIC_SENDER
}


def sends(module: Module) -> list[ast.Call]:
    """The calls that write a letter to another compartment."""
    bare = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == OUTBOX
        for alias in node.names
        if alias.name == "send"
    }
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in bare)
            or (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "send"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "outbox"
            )
        )
    ]


def constants(module: Module) -> dict[str, object]:
    """Names that stand for a text at the top of a module."""
    return {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def untold_or_to_the_board(module: Module) -> list[str]:
    """Letters from an office whose type reaches the board, or can't be told from the source."""
    known, found = constants(module), []
    for call in sends(module):
        first = call.args[0] if call.args else None
        type_ = (
            first.value
            if isinstance(first, ast.Constant)
            else known.get(first.id)
            if isinstance(first, ast.Name)
            else None
        )
        if type_ is None or type_ in TO_THE_BOARD:
            found.append(f"{module.place}:{call.lineno}: {type_}")
    return found


def inner_parts(module: Module) -> list[str]:
    """What a module takes of disclosure control that isn't meant for it, or makes by hand."""
    imported = {
        node.module
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.disclosure")
    } | {
        alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.startswith("app.disclosure")
    }
    made = [
        f"{module.place}:{node.lineno}: Protected(...)"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))
        == "Protected"
    ]
    return [f"{module.place}: {name}" for name in sorted(imported - OPEN_TO_ALL)] + made


def test_every_type_that_reaches_the_board_is_listed():
    crossing = {(one.type, one.sender) for one in CROSSINGS if one.recipient == "board"}
    listed = {(one.type, one.sender) for one in LEAVING if one.recipient == "board"}
    assert crossing == listed | {(type_, PUBLIC_SENDER) for type_ in NO_FIGURES}


def test_every_figure_on_the_list_may_cross():
    crossing = {(one.type, one.sender, one.recipient): one.fields for one in CROSSINGS}
    for one in LEAVING:
        fields = crossing[one.type, one.sender, one.recipient]
        assert set(one.figures) <= fields or "figures" in fields


def test_what_counts_persons_has_a_threshold_and_what_does_not_names_its_numbers():
    assert {one.counted for one in LEAVING} == {PERSONS, PROTOCOL}
    assert all((one.k or 0) >= 5 and not one.figures for one in LEAVING if one.counted == PERSONS)
    assert all(one.figures and one.why for one in LEAVING if one.counted == PROTOCOL)


def test_figures_leave_from_one_place_only():
    assert TO_THE_BOARD
    assert [
        found for module in modules() if module.name != RELEASING for found in untold_or_to_the_board(module)
    ] == []


def test_nobody_makes_a_protected_table_but_disclosure_control():
    assert [
        found for module in modules() if not module.inside("app.disclosure") for found in inner_parts(module)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        'outbox.send("audit-figures", "board", {}, day=day)',
        'TYPE = "annual-report"\noutbox.send(TYPE, "board", {}, day=day)',
        "outbox.send(type_, recipient, {}, day=day)",
        'from app.envelopes.outbox import send as put\nput("audit-figures", "board", {}, day=day)',
    ],
)
def test_the_rule_finds_figures_that_leave_elsewhere(text):
    assert untold_or_to_the_board(made_up(text)) != []


def test_the_rule_lets_other_letters_pass():
    assert untold_or_to_the_board(made_up('outbox.send("relay", "clearing", {}, day=day)')) == []


@pytest.mark.parametrize(
    "text",
    [
        "from app.disclosure.protection import without",
        "import app.disclosure.secondary",
        "from app.disclosure import Protected\nProtected('x', (), {}, 1)",
        "from app import disclosure\ndisclosure.Protected('x', (), {}, 1)",
    ],
)
def test_the_rule_finds_tables_that_were_made_by_hand(text):
    assert inner_parts(made_up(text)) != []
