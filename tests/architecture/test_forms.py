"""Forms: a validator says no with WTForms' own errors. Any other gets through to a page that says only that something went wrong."""

import ast

from tests.architecture.source import Module, made_up, modules

_SAYS_NO = {"ValidationError", "StopValidation"}


def test_a_validator_raises_only_what_the_form_catches():
    found = [line for module in modules() for line in _others(module)]
    assert found == []


def test_the_rule_sees_an_error_that_gets_through():
    text = "class F:\n    def validate_name(self, field):\n        raise ValueError('no')\n"
    assert _others(made_up(text)) == ["app/made_up.py:3: ValueError"]


def _others(module: Module) -> list[str]:
    validators = [
        one for one in ast.walk(module.tree) if isinstance(one, ast.FunctionDef) and _validates(one)
    ]
    raised = [
        one for method in validators for one in ast.walk(method) if isinstance(one, ast.Raise) and one.exc
    ]
    names = [(one.lineno, ast.unparse(one.exc).partition("(")[0]) for one in raised]
    return [f"{module.place}:{line}: {name}" for line, name in names if name not in _SAYS_NO]


def _validates(method: ast.FunctionDef) -> bool:
    parameters = [one.arg for one in method.args.args]
    return method.name.startswith("validate_") or parameters == ["self", "form", "field"]
