"""The printed report: a tagged PDF (PDF/UA's marks: language, title, headings, tables with heads, charts with a text in their stead)."""

from io import BytesIO

import pytest
from flask_babel import force_locale
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from app.disclosure import TOTAL
from compartments.counsel.annual import figures, releasing, service, words
from tests.compartments.counsel.test_annual import LAST_YEAR, counted

TEXTS = {"work": "## Im Einzelnen\n\nZugehört.\n\n- Ein Punkt", "conclusions": "Mehr Zeit."}


@pytest.fixture(scope="module")
def languages():
    return {"de": "Vertrauenspersonen", "en": "Confidential counsel"}


@pytest.fixture
def tables(office):
    with office.vault("conny"):
        counted(300)
        return figures.protected(LAST_YEAR)


@pytest.fixture
def printed(office, tables):
    """The report in one language, as a reader for the blind meets it."""

    def printed(language, **more):
        with office.cast.app.test_request_context(), office.vault("conny"):
            texts = {**service.content(LAST_YEAR, {})["texts"], **TEXTS, **more}
            content = {"texts": texts, "labels": words.labels()}
            made = releasing.pdf(LAST_YEAR, content, tables, language, organisation="Verein Hafen")
        return PdfReader(BytesIO(made))

    return printed


def elements(node):
    """Every element of the structure tree, in reading order."""
    node = node.get_object()
    if not hasattr(node, "get"):
        return
    if node.get("/S"):
        yield node
    kids = node.get("/K", ArrayObject())
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        if hasattr(kid.get_object(), "get"):
            yield from elements(kid)


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_says_its_language_and_its_title_and_is_tagged(printed, languages, language):
    root = (reader := printed(language)).trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (pypdf's own kind of truth)
    assert root["/Lang"] == language
    assert str(LAST_YEAR) in reader.metadata.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    with force_locale(language):
        assert reader.metadata.title.startswith(languages[language].split()[0])


def test_headings_tables_and_charts_are_told_as_what_they_are(printed, tables):
    tree = list(elements(printed("de").trailer["/Root"]["/StructTreeRoot"]))
    kinds = [one["/S"] for one in tree]
    assert kinds.count("/H1") + kinds.count("/Title") == 1
    told = [one for one in tables if one.suppressed < len(one.cells)]
    assert len(told) == len(tables) - 1
    assert kinds.count("/Table") == len(told)
    assert kinds.count("/H2") == len(told) + len(TEXTS)
    assert "/H3" in kinds
    assert "/LI" in kinds
    heads = [one for one in tree if one["/S"] == "/TH"]
    assert len(heads) >= 2 * len(told)
    charts = [one for one in tree if one["/S"] == "/Figure"]
    drawn = [one for one in tables if any(cells[-1] for code, cells in one.rows() if code != TOTAL)]
    assert len(charts) == len(drawn) > 1


def test_a_charts_text_says_its_numbers_and_no_other(printed, tables):
    tree = elements(printed("de").trailer["/Root"]["/StructTreeRoot"])
    texts = [str(one["/Alt"]) for one in tree if one["/S"] == "/Figure"]
    assert all(": " in text for text in texts)
    shown = {str(number) for one in tables for number in one.cells.values() if number is not None}
    for text in texts:
        assert {word.strip(",") for word in text.split() if word.strip(",").isdigit()} <= shown


def test_the_words_stand_in_it_and_a_dash_for_what_is_not_told(printed):
    text = " ".join(page.extract_text() for page in printed("de").pages)
    assert "Zugehört." in text
    assert "Verein Hafen" in text
    assert "–" in text


def test_a_sign_that_no_font_has_stops_no_report(printed):
    reader = printed("de", work="Danke \N{GRINNING FACE} \u0634\u0643\u0631\u0627")
    assert "Danke" in reader.pages[0].extract_text()
    assert reader.trailer["/Root"]["/StructTreeRoot"]


MARKED = """Wir brauchen **mehr Räume** und *mehr Zeit*, ~~nicht~~ `so`; siehe [hier](https://example.org/a).

1. Zuerst
2. Danach
   - Darunter

> Jemand sagte das.

| Was | Wann |
|-----|------|
| Abend | im Mai |
"""


def test_what_counsellors_mark_up_is_marked_up_in_print_as_on_the_page(printed):
    reader = printed("de", work=MARKED)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for sign in ("**", "~~", "](", "|", "`"):
        assert sign not in text
    assert "1. Zuerst" in text
    assert "2. Danach" in text
    for word in ("mehr Räume", "Jemand sagte das.", "Abend", "im Mai"):
        assert word in text
    kinds = [one["/S"] for one in elements(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert {"/Strong", "/Em", "/Link", "/BlockQuote", "/Code"} <= set(kinds)
    assert [
        one["/A"]["/URI"]
        for page in reader.pages
        for one in (each.get_object() for each in page.get("/Annots", []))
    ] == ["https://example.org/a"]


def test_markup_of_the_typesetter_is_text_and_nothing_else(printed):
    typed = '#read("/etc/hostname") #eval("1+1") $x^2$ @label <label> =Kopf \\u{41} #r.title'
    reader = printed("de", work=typed, conclusions=f"- {typed}", recommendations=f"**{typed}**")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.replace(" ", "").count(typed.replace("\\u", "\\u").replace(" ", "")) == 3


def test_headings_that_skip_a_level_stop_neither_the_print_nor_its_tags(printed):
    reader = printed("de", work="# Eins\n\n#### Vier\n\nText")
    kinds = [one["/S"] for one in elements(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert "/H3" in kinds
    assert "/H4" in kinds
    assert "/H6" not in kinds


def test_tables_of_which_nothing_is_told_are_a_sentence_and_the_dash_is_explained_before_the_first(printed):
    reader = printed("en")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Of these tables nothing can be told" in text
    assert text.index("A dash, in the charts") < text.index("What we did")


def test_no_table_is_torn_apart(printed, tables):
    pages = [" ".join(page.extract_text().split()) for page in printed("en").pages]
    titles = words.labels()["en"]["titles"]
    assert len(pages) > 1
    for one in tables:
        sums = " ".join("–" if number is None else str(number) for number in one.rows()[-1][1])
        if one.suppressed < len(one.cells):
            assert any(f"all {sums}" in page.partition(titles[one.name])[2] for page in pages), one.name
