"""A word typed into every field, and put into every file, stands afterwards in no file of the instance, no log, no temporary folder."""

import io
import logging
import tempfile
from pathlib import Path

import pytest
from flask import Request

from tests.app.public.files import PDF

CANARY = "Kanarienvogel" + "zwitschert"
EMAIL = f"{CANARY}@example.org"
FIELDS = {
    "contact-name": CANARY,
    "contact-email": EMAIL,
    "contact-phone": f"0{CANARY}",
    "contact-pronouns": CANARY,
    "motivation-motivation": CANARY * 40,
    "motivation-experience": f"ä{CANARY}ö",
    "motivation-availability": CANARY,
    "questions-user-support.presence": CANARY,
    "evidence-membership-office.training": CANARY,
}
SPELLINGS = [CANARY.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


@pytest.fixture
def everything_logged():
    """Whatever any logger of the process says, however unimportant."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    loggers = [
        root,
        *(logging.getLogger(name) for name in ("schotten", "schotten.access", "schotten.errors", "app")),
    ]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def temporary_files(monkeypatch):
    """Which kinds of temporary files were asked for: one without a name would not be found afterwards."""
    asked = []

    def noticed(name, real):
        return lambda *given, **named: asked.append(name) or real(*given, **named)

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, noticed(name, getattr(tempfile, name)))
    return asked


def found_in(folder: Path):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(spelling in path.read_bytes() for spelling in SPELLINGS)]


def test_what_is_typed_into_an_application_is_found_nowhere(
    published, applicant, pdf, everything_logged, temporary_files
):
    instance = published.organisation.instance.path
    large = PDF.replace(
        b"%%EOF", SPELLINGS[0] * 60_000 + b"%%EOF"
    )  # over what Werkzeug would spool to the disk
    applicant.see("/postings/membership-office/apply")
    applicant.fill({"postings-postings": ["membership-office", "user-support"]}).press("next")
    for _page in range(3):
        applicant.fill(
            {name: value for name, value in FIELDS.items() if f'name="{name}"' in applicant.page}
        ).press("next")
    applicant.fill({"evidence-membership-office.training": CANARY})
    applicant.press("next", files={"evidence-general.files": pdf(f"{CANARY}.pdf", large)})
    assert applicant.heading == "Your agreement"
    assert found_in(instance) == []
    applicant.fill({"consent-consent": "y", "consent-separation": "y"}).press("next").press("send")
    code = applicant.code
    applicant.see("/mailbox").fill({"code": code}).press()
    assert CANARY in applicant.page
    applicant.fill({"text": CANARY}).press("send", files={"files": pdf(f"{CANARY}.pdf", large)})
    applicant.see("/contact").fill(
        {"subject": CANARY, "text": CANARY, "name": CANARY, "email": EMAIL}
    ).press()
    assert applicant.code
    assert found_in(instance) == []
    assert temporary_files == []
    assert "POST" in everything_logged.getvalue()
    assert CANARY not in everything_logged.getvalue()
    assert code not in everything_logged.getvalue()


def test_a_spooled_upload_would_be_noticed(app, published, applicant, pdf, temporary_files):
    app.request_class = Request
    at_first_page = applicant.see("/postings/project-lead/apply")
    at_first_page.press("next", files={"f": pdf("a.pdf", PDF + b"\0" * 600_000)})
    assert temporary_files == ["TemporaryFile"]


def test_the_search_would_find_the_word(tmp_path):
    (tmp_path / "utf-8").write_bytes(b"..." + SPELLINGS[0])
    (tmp_path / "utf-16").write_bytes(b"." + SPELLINGS[1])
    (tmp_path / "nothing").write_bytes(b"...")
    assert sorted(found_in(tmp_path)) == ["utf-16", "utf-8"]
