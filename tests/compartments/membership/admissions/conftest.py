"""Somebody who has applied for membership."""

import pytest

from tests.app.public.applicant import Applicant
from tests.app.public.test_membership_application import walk


@pytest.fixture
def applicant(cast):
    """Their browser, with the receipt of what they sent."""
    applicant = Applicant(cast.outsider())
    applicant.receipt = walk(applicant).press("send").code
    return applicant
