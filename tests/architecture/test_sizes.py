"""Sizes and docstrings: what is too long to read has a second idea in it, or stands here with a reason."""

import ast

from tests.architecture.source import Module, made_up, modules

FILE_LINES = 300
FUNCTION_LINES = 60
# Files that may be longer, and why.
LONGER_FILES: dict[str, str] = {}


def long_functions(module: Module) -> list[str]:
    functions = (
        node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    lengths = ((node, (node.end_lineno or 0) - node.lineno + 1) for node in functions)
    return [
        f"{module.place}: {node.name} ({lines} lines)" for node, lines in lengths if lines > FUNCTION_LINES
    ]


def lines_of(module: Module) -> int:
    return len(module.text.splitlines())


def lacks_docstring(module: Module) -> bool:
    return bool(module.text.strip()) and not ast.get_docstring(module.tree)


def test_every_module_says_what_it_holds():
    assert [module.place for module in modules() if lacks_docstring(module)] == []


def test_no_file_is_longer_than_can_be_explained():
    long = {module.place: lines_of(module) for module in modules() if lines_of(module) > FILE_LINES}
    assert {place: lines for place, lines in long.items() if place not in LONGER_FILES} == {}
    assert set(LONGER_FILES) - set(long) == set(), "no longer too long: take it off the list"


def test_no_function_is_too_long_to_read():
    assert [found for module in modules() for found in long_functions(module)] == []


def test_the_rules_find_a_long_function_and_a_silent_module():
    module = made_up("def long():\n" + "    pass\n" * FUNCTION_LINES)
    assert long_functions(module) == ["app/made_up.py: long (61 lines)"]
    assert lacks_docstring(module)
