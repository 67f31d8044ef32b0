"""A text of the report whose marks lie within marks without end: it stops neither the print, nor the page, nor the release."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from app.disclosure import Dimension, Table, protect
from compartments.counsel.annual import markup, printing

KIND = Dimension("kind", ("verbal",))
LABELS = {
    "texts": {"work": "Arbeit"},
    "before": "",
    "categories": {"kind": {"verbal": "verbal"}},
    "dimensions": {"kind": "Art"},
    "titles": {"t": "Tabelle"},
}
DEEP = {
    "quotes": "> " * 500 + "Hafen",
    "lists": "* " * 300 + "Hafen",
    "both": "> * " * 100 + "Hafen",
    "steps": "\n".join(" " * (2 * depth) + "- Hafen" for depth in range(100)),
    "bold and italic": "*Hafen **b " * 400 + "c** d*" * 400,
    "struck through": "~~Hafen *b " * 400 + "c* d~~" * 400,
}


def printed(text):
    table = protect(Table("t", (KIND,), {("verbal",): 30}), 10)
    said = {"method": "", "total": "alle", "number": "Zahl", "untold": "", "before": {}, "year_before": ""}
    made = printing.pdf("Bericht", "Verein", {"work": text}, [table], LABELS, language="de", **said)
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_however_deep_it_is_printed_and_its_words_are_found(text):
    assert "Hafen" in printed(text)
    assert "Hafen" in " ".join(markup.plain(text))


def test_as_deep_as_somebody_means_it_keeps_its_marks():
    (outer,) = markup.blocks("> " * 5 + "**Hafen *und* Meer**")
    depth = 0
    while outer["kind"] == "quote":
        (outer,), depth = outer["blocks"], depth + 1
    assert depth == 5
    assert "strong" in [word["kind"] for word in outer["words"]]
