"""The public pages with four calls on them, and somebody who reads them as a browser without JavaScript does."""

from io import BytesIO

import pytest

from tests.app.public import calls
from tests.app.public.applicant import Applicant
from tests.app.public.files import PDF
from tests.app.public.phone import site, visit, weather  # noqa: F401  (fixtures of the counsellors' pages in a browser)
from tests.compartments.counsel.conftest import office, seeker  # noqa: F401  (fixtures of the counsellors, for their public pages)


@pytest.fixture
def published(cast):
    """The cast, with every call published."""
    with cast.shared():
        calls.publish_all()
    return cast


@pytest.fixture
def applicant(published):
    return Applicant(published.outsider())


@pytest.fixture
def another(published):
    return Applicant(published.outsider())


@pytest.fixture
def pdf():
    """A new upload each time it is called."""
    return lambda name="Zeugnis.pdf", content=PDF: (BytesIO(content), name)


@pytest.fixture
def person(office):  # noqa: F811  (the fixture, by its name)
    """Somebody who turns to the counsellors; nothing else is published."""
    return Applicant(office.cast.outsider())
