"""The workflow of the German catalogue: `python -m app.translations.catalogue extract|merge|compile|check`.

English strings in the source are the msgids. `merge` reads what the source says now and the German for it from JSON files
({"English": "Deutsch"}; with plurals {"%(num)s seat": ["%(num)s seats", "%(num)s Platz", "%(num)s Plätze"]}) and writes
the .po: sorted, without places and dates, so that two branches that add strings rarely touch the same lines. `check`
fails on what is untranslated, fuzzy or missing, and on a placeholder that the German lost or invented.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.translations.compiled import FOLDER, ensure_compiled

ROOT = FOLDER.parent.parent
PO = FOLDER / "de" / "LC_MESSAGES" / "messages.po"
HEADER = "# German catalogue of Schotten. Written by app/translations/catalogue.py (merge): don't sort or wrap by hand.\n#"
KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
CONTEXT = "\x04"  # gettext's own sign between a context and its msgid
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|\{\w*\}")

Given = Mapping[str, str | list[str]]


def extract(root: Path = ROOT) -> Catalog:
    """Every string of the source as a catalogue without translations."""
    with (root / "babel.cfg").open(encoding="utf-8") as stream:
        method_map, options_map = parse_mapping_cfg(stream)
    found = Catalog(locale="de")
    folders = [name for name in ("app", "compartments", "templates") if (root / name).is_dir()]
    for folder in folders:
        methods = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in method_map
            if pattern.startswith(f"{folder}/")
        ]
        options = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options_map.items()}
        extracted = extract_from_dir(root / folder, methods, options, keywords=KEYWORDS)
        for _file, _line, msgid, _comments, context in extracted:
            found.add(msgid, context=context)
    return found


def read(po: Path = PO) -> Catalog:
    """The catalogue as it is kept; empty where there is none yet."""
    if not po.exists():
        return Catalog(locale="de")
    with po.open("rb") as stream:
        return read_po(stream, locale="de")


def merge(given: Iterable[Given], *, kept: Catalog, source: Catalog) -> tuple[Catalog, list[str]]:
    """What the source needs, with German from `given` before `kept`; also the msgids in `given` that the source doesn't have."""
    german: dict[str, str | list[str]] = {key: value for part in given for key, value in part.items()}
    merged = Catalog(locale="de")
    for message in _messages(source):
        before = kept.get(_singular(message), message.context)
        merged.add(
            message.id, _german_for(message, german.pop(_key(message), None), before), context=message.context
        )
    return merged, sorted(german)


def write(catalogue: Catalog, po: Path = PO) -> None:
    """Sorted by msgid, one line per string, a header without dates."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    fields = (
        "Language: de",
        f"Plural-Forms: {plural}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    )
    header = "\n".join(('msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields)))
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(f"{HEADER}\n{header}\n\n{buffer.getvalue().decode().strip()}\n", encoding="utf-8")


def check(*, kept: Catalog, source: Catalog) -> list[str]:
    """Sentences about everything that is wrong with the catalogue; none means it is complete."""
    problems = []
    for message in _messages(source):
        german = kept.get(_singular(message), message.context)
        if german is None:
            problems.append(f"missing: {_singular(message)!r}")
        elif german.fuzzy:
            problems.append(f"fuzzy: {_singular(message)!r}")
        elif not all(_strings(german.string)) or len(_strings(german.string)) != len(_strings(message.id)):
            problems.append(f"untranslated: {_singular(message)!r}")
        elif lost := _placeholder_difference(german):
            problems.append(f"placeholders differ ({', '.join(sorted(lost))}): {_singular(message)!r}")
    needed = {_key(message) for message in _messages(source)}
    return problems + [
        f"no longer used: {_singular(old)!r}" for old in _messages(kept) if _key(old) not in needed
    ]


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(part) for part in value) if isinstance(value, list | tuple) else (str(value),)


def _singular(message: Message) -> str:
    return _strings(message.id)[0]


def _key(message: Message) -> str:
    return f"{message.context}{CONTEXT}{_singular(message)}" if message.context else _singular(message)


def _german_for(
    message: Message, given: str | list[str] | None, before: Message | None
) -> str | tuple[str, ...]:
    plural = len(_strings(message.id)) > 1
    if isinstance(given, list) and plural:
        return tuple(given[-2:])
    if isinstance(given, str) and not plural:
        return given
    if before is not None and _strings(before.id) == _strings(message.id):
        return _strings(before.string) if plural else _strings(before.string)[0]
    return ("", "") if plural else ""


def _placeholder_difference(message: Message) -> set[str]:
    def found(texts: tuple[str, ...]) -> set[str]:
        return {sign for text in texts for sign in PLACEHOLDER.findall(text)}

    known, used = found(_strings(message.id)), found(_strings(message.string))
    # "one seat" may leave the number out in the singular, so a plural is compared over all its forms.
    return known ^ used


def main(arguments: list[str] | None = None) -> int:
    """Run one step; the exit status says whether the catalogue is in order."""
    parser = argparse.ArgumentParser(prog="python -m app.translations.catalogue", description=__doc__)
    parser.add_argument("step", choices=("extract", "merge", "compile", "check"))
    parser.add_argument("json", nargs="*", type=Path, help="merge: files with German")
    chosen = parser.parse_args(arguments)
    if chosen.step == "compile":
        ensure_compiled()
        return 0
    source = extract()
    if chosen.step == "extract":
        json.dump(
            {_key(message): "" for message in _messages(source)}, sys.stdout, ensure_ascii=False, indent=1
        )
        return 0
    if chosen.step == "merge":
        given = [json.loads(path.read_text(encoding="utf-8")) for path in chosen.json]
        merged, unused = merge(given, kept=read(), source=source)
        write(merged)
        print(
            "\n".join(f"not in the source: {key!r}" for key in unused),
            end="\n" if unused else "",
            file=sys.stderr,
        )
    problems = check(kept=read(), source=source)
    print("\n".join(problems) or "The German catalogue is complete.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
