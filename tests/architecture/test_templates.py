"""Templates: each compartment's own, nobody else's, and nothing inline that a strict content security policy stops."""

import ast
import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, meta

from tests.architecture.source import COMPARTMENTS, ROOT, Module, made_up, modules

TEMPLATES = ROOT / "templates"
FOR_ALL = ("base.html", "macros/", "bootstrap/", "bootstrap5/")
EXTENSIONS = ["jinja2.ext.i18n", "jinja2.ext.do"]
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
RENDERING = {"render_template", "stream_template", "get_template"}


def template_names() -> list[str]:
    return sorted(
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.*")
        if path.is_file() and path.name != "README.md"
    )


def allowed_for(name: str) -> tuple[str, ...]:
    """Where a template may take others from; folders end with a slash."""
    folder = f"{name.partition('/')[0]}/" if "/" in name else ""
    if folder.rstrip("/") in COMPARTMENTS:
        return (folder, "office/", *FOR_ALL)
    return tuple(filter(None, (folder, *FOR_ALL)))


def foreign_references(name: str, text: str) -> list[str]:
    """Templates that this one includes, extends or imports although it may not. A computed name is foreign too."""
    tree = Environment(autoescape=True, extensions=EXTENSIONS).parse(text)
    found = (reference or "(computed)" for reference in meta.find_referenced_templates(tree))
    return [f"{name}: {reference}" for reference in found if not reference.startswith(allowed_for(name))]


def inline_code(name: str, text: str) -> list[str]:
    finder = _InlineFinder()
    finder.feed(VALUE.sub("value", CODE.sub(" ", text)))
    finder.close()
    return [f"{name}: {found}" for found in finder.found]


class _InlineFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/ld+json"
        ):
            self.found.append(f"<{tag}>")
        for attribute, value in attrs:
            if attribute == "style" or re.fullmatch(r"on[a-z]+", attribute):
                self.found.append(f"{attribute}= on <{tag}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"javascript: in {attribute}")


def foreign_renderings(module: Module) -> list[str]:
    """Templates that a compartment's code renders although they are not its own."""
    compartment = module.name.split(".")[1]
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    names = [
        call.args[0].value if isinstance(call.args[0], ast.Constant) else "(computed)"
        for call in calls
        if call.args and (getattr(call.func, "id", None) or getattr(call.func, "attr", None)) in RENDERING
    ]
    return [
        f"{module.place}: {name}" for name in names if not name.startswith((f"{compartment}/", "office/"))
    ]


@pytest.mark.parametrize("name", template_names())
def test_a_template_takes_only_from_its_own_folder_and_the_common_ones(name):
    assert foreign_references(name, (TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [name for name in template_names() if name.endswith(".html")])
def test_a_template_holds_no_inline_script_style_or_handler(name):
    assert inline_code(name, (TEMPLATES / name).read_text(encoding="utf-8")) == []


def test_a_compartment_renders_only_its_own_templates():
    compartments = (module for module in modules() if module.name.startswith("compartments."))
    assert [found for module in compartments for found in foreign_renderings(module)] == []


def test_no_form_gives_a_widget_a_handler_or_a_style():
    keys = (
        (module.place, key.value)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "render_kw" and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    )
    assert [found for found in keys if found[1] == "style" or found[1].startswith("on")] == []


@pytest.mark.parametrize(
    "text",
    [
        '{% include "membership/row.html" %}',
        '{% extends "board/page.html" %}',
        '{% from "clearing/macros.html" import pair %}',
        '{% import "public/form.html" as form %}',
        "{% include chosen %}",
    ],
)
def test_the_rule_finds_a_template_that_takes_from_another_compartment(text):
    assert foreign_references("desk/inbox.html", text) != []


def test_the_rule_lets_a_compartment_take_what_is_common():
    text = '{% extends "base.html" %}{% from "macros/page.html" import heading %}{% include "office/inbox.html" %}'
    assert foreign_references("desk/inbox.html", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<button onclick="{{ run }}">',
        '<a href=" JavaScript:run()">',
        '{% if a > b %}<p {% if c %}onfocus="x"{% endif %}>{% endif %}',
    ],
)
def test_the_rule_finds_what_is_inline(text):
    assert inline_code("desk/inbox.html", text) != []


def test_the_rule_lets_files_and_linked_data_pass():
    text = '<script src="{{ url }}" defer></script><script type="application/ld+json">{{ posting }}</script>'
    assert inline_code("public/posting.html", text) == []


def test_the_rule_finds_a_view_that_renders_another_compartments_template():
    text = 'render_template("membership/list.html")'
    assert foreign_renderings(made_up(text, "compartments.desk.views")) != []
