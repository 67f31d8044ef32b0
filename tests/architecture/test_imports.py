"""Imports on the syntax tree: what import-linter can't see (a detour over importlib) is found here."""

import ast

import pytest

from tests.architecture.source import PENDING, Module, made_up, modules

# Who alone may import what. A name stands for all that is below it.
ONLY = {
    "argon2": ("keys",),
    "cryptography": ("keys",),
    "hmac": ("keys",),
    "pyotp": ("keys",),
    "secrets": ("keys",),
    "shamir_mnemonic": ("keys",),
    "webauthn": ("keys",),
    "zxcvbn": ("keys",),
    "sqlcipher3": ("app.shared", "app.vault"),
    "playhouse": ("app.shared", "app.vault"),
    "psycopg": ("compartments.administration.platform",),  # the participation platform's database
    "random": ("app.cli",),  # made-up people only; everything else that is drawn comes from keys.randomness
    "faker": ("app.cli",),
}
DETOURS = {
    "__import__",
    "import_module",
    "import_string",
    "resolve_name",
    "run_module",
    "run_path",
    "exec",
    "eval",
    "load_module",
}
# Modules that may load code by name, and why.
DETOURS_ALLOWED = {
    "app.cli": "loads the command that was asked for, and no others: help shall be instant",
    "app.factory": "loads the compartments whose faces it serves, and no others",
}


def imported_names(module: Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def detours(module: Module) -> list[ast.Call]:
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    return [call for call in calls if _called(call) in DETOURS]


def forbidden_imports(module: Module) -> list[str]:
    """What this module takes in, directly or by a detour, although only others may."""
    names = imported_names(module) | {text for call in detours(module) for text in _constants(call)}
    return sorted(
        f"{module.place}: {name}"
        for name in names
        if (allowed := ONLY.get(name.partition(".")[0])) and not module.inside(*allowed)
    )


def forbidden_detours(module: Module) -> list[str]:
    return [
        f"{module.place}:{call.lineno}: {_called(call)}"
        for call in detours(module)
        if module.name not in DETOURS_ALLOWED
    ]


def relative_imports(module: Module) -> list[str]:
    nodes = (node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) and node.level)
    return [f"{module.place}:{node.lineno}" for node in nodes]


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(call: ast.Call) -> set[str]:
    return {
        node.value
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_what_only_some_may_import_is_imported_by_no_other():
    assert [found for module in modules() for found in forbidden_imports(module)] == []


def test_code_is_loaded_by_name_only_where_that_is_explained():
    assert [found for module in modules() for found in forbidden_detours(module)] == []


def test_imports_name_their_package_in_full():
    assert [found for module in modules() for found in relative_imports(module)] == []


def test_every_allowed_detour_is_still_taken():
    taking = {module.name for module in modules() if detours(module)}
    assert set(DETOURS_ALLOWED) - taking - PENDING == set()


@pytest.mark.parametrize(
    "text",
    [
        "import secrets",
        "import cryptography.hazmat.primitives",
        "from cryptography.hazmat import primitives",
        "from argon2.low_level import hash_secret_raw",
        "def late():\n    import hmac",
        "import importlib\nimportlib.import_module('cryptography')",
        "from importlib import import_module as import_module\nimport_module('argon2.low_level')",
        "__import__('secrets')",
        "exec('import secrets') or __import__(name='secrets')",
    ],
)
def test_the_rule_finds_cryptography_outside_keys(text):
    assert forbidden_imports(made_up(text)) != []
    assert forbidden_imports(made_up(text, "keys.made_up")) == []


@pytest.mark.parametrize(
    "call", ["importlib.import_module(name)", "__import__(name)", "eval(name)", "import_string(name)"]
)
def test_the_rule_finds_a_detour_whose_target_is_not_told(call):
    assert forbidden_detours(made_up(f"def load(name):\n    return {call}")) != []
