"""Every word that a reader sees goes through gettext: in templates, in forms, in messages."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(path for top in ("app", "compartments") for path in (ROOT / top).rglob("*.py"))
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"}
NAMES = {"Schotten"}  # a name is the same in every language
READ_ALOUD = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
WORD = re.compile(r"[^\W\d_]{2,}")
PROSE = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+")
GAP = "\u00b7"  # stands where an expression or a statement was
environment = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


class Words(HTMLParser):
    """Collects what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        # An input shows its value; a <button> sends it, and shows what stands inside.
        shown = tag == "input" and dict(attrs).get("type") in {"submit", "button"}
        spoken = READ_ALOUD | ({"value"} if shown else set())
        self.found += [value for name, value in attrs if name in spoken and value and WORD.search(value)]

    def handle_data(self, data):
        if self.cdata_elem is None and WORD.search(data):
            self.found.append(data.strip())


def html_of(source: str) -> str:
    """The template's own HTML, without expressions, statements and what stands inside {% trans %}."""
    parts, tokens, inside_trans = [], list(environment.lex(source)), False
    for position, (_line, kind, value) in enumerate(tokens):
        if kind == "data" and not inside_trans:
            parts.append(value)
        elif kind == "block_begin":
            name = next(text for _l, of, text in tokens[position + 1 :] if of == "name")
            inside_trans = name == "trans" or (inside_trans and name != "endtrans")
        elif kind == "variable_begin":
            parts.append(GAP)
    return "".join(parts)


def bare_words(source: str) -> list[str]:
    """Words in HTML, and prose in expressions, that no gettext sees."""
    parser = Words()
    parser.feed(html_of(source))
    parser.close()
    tree = environment.parse(source)
    wrapped = {
        id(node)
        for call in tree.find_all(nodes.Call)
        if is_gettext(call)
        for node in call.find_all(nodes.Const)
    }
    literals = [const.value for const in tree.find_all(nodes.Const) if id(const) not in wrapped]
    return parser.found + [
        text for text in literals if isinstance(text, str) and PROSE.match(text) and text not in NAMES
    ]


def is_gettext(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in GETTEXT


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_bare_words(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        "<a aria-label='Close'>{{ x }}</a>",
        "<input type='submit' value='Send'>",
        "{% if x %}Yes{% endif %}",
        "{{ tag('Open') }}",
        "{{ x or 'Nothing here' }}",
        "<p>{{ _('Fine') }} und Wörter</p>",
    ],
)
def test_the_check_sees_bare_words(template):
    assert bare_words(template)


@pytest.mark.parametrize(
    "template",
    [
        "<p class='lead'>{{ _('Hello') }} &nbsp;–</p>",
        "{% trans %}Hello{% endtrans %}",
        "<a class='{{ \"is-here\" if x }}' href='/x'>{{ name }}</a>",
        "{# Hello #}<script src='/x.js'></script>",
        "{{ ngettext('%(num)s Seat', '%(num)s Seats', n) }}",
        "{{ day|dateformat('EEEE') }}",
    ],
)
def test_the_check_accepts_what_is_wrapped(template):
    assert bare_words(template) == []


def unwrapped(tree: ast.AST) -> Iterator[str]:
    """Literal texts for readers in Python: labels, hints, messages, choices; and texts that gettext can't be extracted from."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in GETTEXT and call.args and not is_literal(call.args[0]):
            yield f"line {call.lineno}: {name}() wants a literal text"
        if name in GETTEXT and name.startswith("lazy") and call.keywords:
            # Flask-Babel marks lazy strings as safe HTML, so what is put into them would never be escaped.
            yield f"line {call.lineno}: {name}() with variables is not escaped; use gettext()"
        speaks = name.endswith("Field") or name in {
            "flash",
            "ValidationError",
            "StopValidation",
            "InputRequired",
            "DataRequired",
        }
        texts = [call.args[0]] if speaks and call.args else []
        texts += [
            named[key] for key in ("label", "description", "message") if key in named and name != "NavItem"
        ]
        texts += call.args[1:2] if name == "SelectChoice" else []
        if isinstance(choices := named.get("choices"), ast.List | ast.Tuple):
            texts += [
                pair.elts[1] for pair in choices.elts if isinstance(pair, ast.Tuple) and len(pair.elts) > 1
            ]
        yield from (f"line {text.lineno}: {ast.unparse(text)}" for text in texts if is_prose(text))


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_prose(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (is_literal(node) and WORD.search(node.value) is not None)


def speaks_to_readers(path: Path) -> bool:
    return "flask" in (text := path.read_text(encoding="utf-8")) or "wtforms" in text


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if speaks_to_readers(path)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_forms_and_messages_speak_through_gettext(path):
    assert list(unwrapped(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "StringField('Name')",
        "StringField(label='Name')",
        "w.StringField(_('Name'), description='As in the passport')",
        "flash('Saved.')",
        "flash(f'Saved {n}.')",
        "InputRequired('Enter it.')",
        "Length(max=3, message='Too long')",
        "SelectField(_('X'), choices=[('a', 'Apple')])",
        "_(f'{n} seats')",
        "gettext(name)",
        "lazy_gettext('%(name)s wrote', name=name)",
        "SelectChoice('a', 'Apple')",
    ],
)
def test_the_check_sees_unwrapped_texts(code):
    assert list(unwrapped(ast.parse(code)))
